import NIOHTTP1

/// The target of an HTTP/1 request, in its four forms (RFC 9112 section 3.2).
package enum RequestTarget: Sendable, Hashable {
    /// Path and query.
    case origin(String)
    /// Only sent to proxies. `scheme` is lower-cased; `path` is path and query and begins with `/`.
    case absolute(scheme: String, authority: HTTPAuthority, path: String)
    /// Only with CONNECT.
    case authority(HTTPAuthority)
    /// Only with OPTIONS.
    case asterisk

    /// Nil for a target that has none of the forms that `method` allows.
    package init?(_ uri: String, method: HTTPMethod) {
        guard uri.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { return nil }
        if method == .CONNECT {
            guard let authority = HTTPAuthority(uri), authority.port != nil else { return nil }
            self = .authority(authority)
        } else if uri.utf8.first == UInt8(ascii: "/") {
            self = .origin(uri)
        } else if uri == "*", method == .OPTIONS {
            self = .asterisk
        } else if let url = HTTPURL(uri) {
            self = .absolute(scheme: url.scheme, authority: url.authority, path: url.path)
        } else {
            return nil
        }
    }
}

/// An absolute `http` or `https` URL without user information; a fragment is dropped.
package struct HTTPURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    package var scheme: String
    package var authority: HTTPAuthority
    /// Path and query; begins with `/`.
    package var path: String

    package init(scheme: String, authority: HTTPAuthority, path: String) {
        self.scheme = scheme
        self.authority = authority
        self.path = path
    }

    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            return nil
        }
        let scheme = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
        guard scheme == "http" || scheme == "https", bytes[(colon + 1)...].starts(with: "//".utf8) else { return nil }
        let rest = bytes[(colon + 3)...].prefix { $0 != UInt8(ascii: "#") }
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") } ?? rest.endIndex
        guard let authority = HTTPAuthority(String(decoding: rest[..<end], as: UTF8.self)) else { return nil }
        let path = String(decoding: rest[end...].flatMap(Self.encoded), as: UTF8.self)
        self.init(scheme: scheme, authority: authority, path: path.hasPrefix("/") ? path : "/" + path)
    }

    /// A byte of a path as it may stand in one: those that are not ASCII are percent-encoded, as browsers do.
    private static func encoded(_ byte: UInt8) -> [UInt8] {
        guard byte >= 0x80 else { return [byte] }
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }

    package var isSecure: Bool { scheme == "https" }
    package var port: UInt16 { authority.port ?? (isSecure ? 443 : 80) }

    /// The authority as it stands in a Host field: without the scheme's own port.
    package var hostField: String {
        authority.port == (isSecure ? 443 : 80)
            ? HTTPAuthority(host: authority.host).description : authority.description
    }

    package var description: String { "\(scheme)://\(authority)\(path)" }
}
