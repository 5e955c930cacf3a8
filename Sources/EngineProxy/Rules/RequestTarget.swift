/// Where a request wants to go, read from its target (RFC 9112, section 3.2).
package enum RequestTarget: Sendable, Hashable {
    /// `http://host:port/path`: how a proxy is addressed.
    case absolute(scheme: String, authority: ProxyAuthority, path: String)
    /// `host:port`, with CONNECT only.
    case authority(ProxyAuthority)
    /// `/path`: how an origin server is addressed.
    case origin(path: String)
    /// `*`, with OPTIONS only.
    case asterisk

    /// Nil where the target has none of the four forms, or not the one its method demands.
    package init?(_ target: String, method: String) {
        let bytes = Array(target.utf8)
        // U+FFFD stands for bytes that are no UTF-8: written anew, they would no longer be what was sent.
        guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !target.contains("\u{FFFD}") else {
            return nil
        }
        if method == "CONNECT" {
            guard let authority = ProxyAuthority(target, defaultPort: nil) else { return nil }
            self = .authority(authority)
        } else if target == "*" {
            guard method == "OPTIONS" else { return nil }
            self = .asterisk
        } else if bytes[0] == UInt8(ascii: "/") {
            // A fragment never belongs on the wire, and is the end of a path to some and a part of it to others.
            guard !bytes.contains(UInt8(ascii: "#")) else { return nil }
            self = .origin(path: target)
        } else {
            guard let absolute = Self.absolute(target) else { return nil }
            self = absolute
        }
    }

    private static func absolute(_ target: String) -> RequestTarget? {
        let lower = target.prefix(8).lowercased()
        guard let scheme = ["http", "https"].first(where: { lower.hasPrefix($0 + "://") }) else { return nil }
        let rest = target.utf8.dropFirst(scheme.utf8.count + 3)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        let authorityText = String(decoding: rest[..<(end ?? rest.endIndex)], as: UTF8.self)
        var path = end.map { String(decoding: rest[$0...], as: UTF8.self) } ?? "/"
        // A fragment never belongs on the wire (RFC 9110, section 7.1).
        if let fragment = path.firstIndex(of: "#") { path = String(path[..<fragment]) }
        if !path.hasPrefix("/") { path = "/" + path }
        guard let authority = ProxyAuthority(authorityText, defaultPort: scheme == "https" ? 443 : 80) else {
            return nil
        }
        return .absolute(scheme: scheme, authority: authority, path: path)
    }
}

/// A host and a port. The host is lower case, without the brackets of an IPv6 address.
package struct ProxyAuthority: Sendable, Hashable, CustomStringConvertible {
    package var host: String
    package var port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// Reads `host`, `host:port` or `[address]:port`. Nil for anything else: user information, empty hosts, characters that
    /// belong to no host name, ports that are none, and a missing port where there is no default.
    package init?(_ text: String, defaultPort: Int?) {
        var host = Substring(text)
        var port = defaultPort
        if host.hasPrefix("[") {
            guard let close = host.firstIndex(of: "]") else { return nil }
            let after = host[host.index(after: close)...]
            if !after.isEmpty {
                guard after.hasPrefix(":"), let number = Self.port(after.dropFirst()) else { return nil }
                port = number
            }
            host = host[..<close].dropFirst()
            guard
                host.utf8.allSatisfy({ Self.isHexadecimal($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }),
                host.contains(":")
            else { return nil }
        } else {
            if let colon = host.firstIndex(of: ":") {
                guard let number = Self.port(host[host.index(after: colon)...]) else { return nil }
                port = number
                host = host[..<colon]
            }
            guard host.utf8.allSatisfy(Self.isNameCharacter) else { return nil }
        }
        guard (1...253).contains(host.utf8.count), let port else { return nil }
        self.host = host.lowercased()
        self.port = port
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let number = Int(text),
            (1...65535).contains(number)
        else { return nil }
        return number
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// `host:port`, an IPv6 address in brackets.
    package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
