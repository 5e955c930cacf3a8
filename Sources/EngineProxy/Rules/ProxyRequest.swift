import Wire

/// A request that passed every rule: its destination is known, its end is unambiguous, and it can be written anew.
package struct ProxyRequest: Sendable {
    package enum Destination: Sendable, Hashable {
        /// An origin server.
        case origin(isTLS: Bool, ProxyAuthority, path: String)
        /// A tunnel to be opened.
        case tunnel(ProxyAuthority)
    }

    package let head: RequestHead
    package let destination: Destination
    /// Whether the client wants the connection to end after this exchange.
    package let closesConnection: Bool
    /// The protocols named in Upgrade, where Connection says that they are meant; nil for an ordinary request.
    package let upgrade: String?
    package let expectsContinue: Bool

    /// What is known of the tunnel a request came through.
    package struct Tunnel: Sendable, Hashable {
        package var authority: ProxyAuthority
        package var isTLS: Bool
        /// The name in the TLS client hello.
        package var serverName: String?

        package init(authority: ProxyAuthority, isTLS: Bool, serverName: String? = nil) {
            self.authority = authority
            self.isTLS = isTLS
            self.serverName = serverName
        }

        /// The host as people call it: the name from the client hello where CONNECT named an address only.
        package var host: String {
            let isAddress =
                authority.host.contains(":") || authority.host.utf8.allSatisfy { $0 == 0x2E || $0 - 0x30 < 10 }
            return isAddress ? serverName ?? authority.host : authority.host
        }
    }

    /// A request that never closes its connection, as those of HTTP/2.
    init(head: RequestHead, destination: Destination, expectsContinue: Bool, upgrade: String? = nil) {
        self.head = head
        self.destination = destination
        self.expectsContinue = expectsContinue
        closesConnection = false
        self.upgrade = upgrade
    }

    /// - Parameter tunnel: nil for a request that came to the proxy's own port.
    package init(_ head: HTTP1RequestHead, in tunnel: Tunnel?) throws(RequestRejection) {
        for anomaly in head.anomalies {
            if let reason = RequestRejection.reason(of: anomaly) { throw RequestRejection(reason) }
        }
        let fields = head.fields
        // The parser reads `identity` and lists leniently; only the one word is passed on.
        for value in fields.values("transfer-encoding") where value.lowercased() != "chunked" {
            throw RequestRejection(.transferEncoding)
        }
        guard head.framing != .untilClose else { throw RequestRejection(.transferEncoding) }
        let tokens = Self.connectionTokens(fields)
        let isHTTP10 = head.version == .http10
        self.head = RequestHead(head)
        closesConnection = tokens.contains("close") || (isHTTP10 && !tokens.contains("keep-alive"))
        upgrade = tokens.contains("upgrade") && !isHTTP10 && head.framing == .none ? Self.upgrade(fields) : nil
        let expectations = isHTTP10 ? [] : fields.values("expect")
        if !expectations.isEmpty {
            guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
                throw RequestRejection(.expectation)
            }
            expectsContinue = true
        } else {
            expectsContinue = false
        }
        destination = try Self.destination(head, tunnel)
    }

    private static func destination(_ head: HTTP1RequestHead, _ tunnel: Tunnel?) throws(RequestRejection) -> Destination
    {
        guard let target = RequestTarget(head.target, method: head.method) else { throw RequestRejection(.target) }
        let host = try host(head)
        switch target {
        case .authority(let authority):
            guard tunnel == nil else { throw RequestRejection(.nestedConnect) }
            guard head.framing == .none else { throw RequestRejection(.target) }
            return .tunnel(authority)
        case .absolute(let scheme, let authority, let path):
            let isTLS = scheme == "https"
            if let host, ProxyAuthority(host, defaultPort: isTLS ? 443 : 80) != authority {
                throw RequestRejection(.hostMismatch)
            }
            guard let tunnel else { return .origin(isTLS: isTLS, authority, path: path) }
            guard tunnel.isTLS == isTLS, authority == tunnel.authority || authority.host == tunnel.serverName else {
                throw RequestRejection(.hostMismatch)
            }
            return .origin(isTLS: isTLS, tunnel.authority, path: path)
        case .origin(let path):
            guard let tunnel else { throw RequestRejection(.unknownDestination) }
            return .origin(isTLS: tunnel.isTLS, tunnel.authority, path: path)
        case .asterisk:
            guard let tunnel else { throw RequestRejection(.unknownDestination) }
            return .origin(isTLS: tunnel.isTLS, tunnel.authority, path: "*")
        }
    }

    private static func host(_ head: HTTP1RequestHead) throws(RequestRejection) -> String? {
        let hosts = head.fields.values("host")
        guard hosts.count <= 1 else { throw RequestRejection(.severalHosts) }
        guard let host = hosts.first else { return nil }
        guard ProxyAuthority(host, defaultPort: 80) != nil else { throw RequestRejection(.invalidHost) }
        return host
    }

    /// The protocols of the first Upgrade field but for h2c, which RFC 9113 (section 3.1) has given up: whoever asks for it is
    /// answered in HTTP/1.1, and no requests are hidden in a relay. Nil where none is left.
    private static func upgrade(_ fields: HTTPFields) -> String? {
        guard let all = fields.first("upgrade") else { return nil }
        let names = all.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
        guard names.contains(where: { $0.lowercased().hasPrefix("h2c") }) else { return all }
        let others = names.filter { !$0.lowercased().hasPrefix("h2c") }
        return others.isEmpty ? nil : others.joined(separator: ", ")
    }

    /// The elements of all Connection fields, in lower case.
    static func connectionTokens(_ fields: HTTPFields) -> Set<String> {
        var tokens: Set<String> = []
        for value in fields.values("connection") + fields.values("proxy-connection") {
            for part in value.split(separator: ",") {
                tokens.insert(part.filter { $0 != " " && $0 != "\t" }.lowercased())
            }
        }
        return tokens
    }
}
