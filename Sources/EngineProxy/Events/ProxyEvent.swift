/// What the proxy tells the outside, in the order in which it happened; one JSON object a line, told apart by `"event"`.
package enum ProxyEvent: Sendable, Hashable {
    case listening(ProxyListening)
    case connected(ProxyConnected)
    case disconnected(ProxyDisconnected)
    case handshake(ProxyHandshake)
    case handshakeFailure(ProxyHandshakeFailure)
    case flow(ProxyFlow)
    case tunnel(ProxyTunnel)
    /// A message of a WebSocket connection.
    case message(ProxyWebSocketMessage)
    case rejected(ProxyRejected)
    /// So many events were lost because whoever reads them was too slow; nothing else was held up for it.
    case lost(ProxyLost)
    /// No more connections can be taken; new ones wait.
    case exhausted(ProxyExhausted)
    case closed(ProxyClosed)

    package var name: String {
        switch self {
        case .listening: "listening"
        case .connected: "client-connected"
        case .disconnected: "client-disconnected"
        case .handshake: "handshake"
        case .handshakeFailure: "handshake-failure"
        case .flow: "flow"
        case .tunnel: "tunnel"
        case .message: "websocket-message"
        case .rejected: "rejected"
        case .lost: "lost"
        case .exhausted: "exhausted"
        case .closed: "closed"
        }
    }
}

/// An IP address as text and a TCP port.
package struct ProxyAddress: Sendable, Hashable, Codable, CustomStringConvertible {
    package var address: String
    package var port: Int

    package init(address: String, port: Int) {
        self.address = address
        self.port = port
    }

    package var description: String { address.contains(":") ? "[\(address)]:\(port)" : "\(address):\(port)" }
}

/// Which side of the proxy something happened on.
package enum ProxyLeg: String, Sendable, Hashable, Codable {
    /// Between the client and the proxy.
    case client
    /// Between the proxy and the origin server.
    case server
}

/// The proxy accepts connections.
package struct ProxyListening: Sendable, Hashable, Codable {
    package var at: Int64
    package var address: String
    package var port: Int
    /// SHA-256 of the authority's certificate, which issues what clients are shown.
    package var authoritySHA256: String

    enum CodingKeys: String, CodingKey {
        case at, address, port
        case authoritySHA256 = "authority_sha256"
    }
}

package struct ProxyConnected: Sendable, Hashable, Codable {
    package var at: Int64
    package var connection: UInt64
    package var client: ProxyAddress
}

package struct ProxyDisconnected: Sendable, Hashable, Codable {
    package var at: Int64
    package var connection: UInt64
    package var client: ProxyAddress
}

/// A request that was refused before it became a flow: it broke a rule of HTTP that protects against smuggling, or was no
/// HTTP at all.
package struct ProxyRejected: Sendable, Hashable, Codable {
    package var at: Int64
    package var connection: UInt64
    package var client: ProxyAddress
    package var status: Int
    /// A stable word such as `duplicate-content-length`.
    package var kind: String
    package var text: String
}

/// Bytes that were passed on unread: another protocol inside CONNECT, or what follows an upgrade.
package struct ProxyTunnel: Sendable, Hashable, Codable {
    package enum Reason: String, Sendable, Hashable, Codable {
        case notHTTP = "not-http"
        case serverSpokeFirst = "server-spoke-first"
        case upgrade
    }

    package var id: UInt64
    package var connection: UInt64
    package var client: ProxyAddress
    package var server: ProxyAddress?
    package var host: String
    package var port: Int
    package var reason: Reason
    /// The protocol that was upgraded to, as the response named it.
    package var upgrade: String?
    /// Bytes from client to server, and back.
    package var sent: UInt64
    package var received: UInt64
    package var start: Int64
    package var end: Int64
    package var error: ProxyFlowError?
    /// Messages and control frames that were found in it, where it was WebSocket.
    package var messages: UInt64?
}

package struct ProxyLost: Sendable, Hashable, Codable {
    package var at: Int64
    package var events: UInt64
}

package struct ProxyExhausted: Sendable, Hashable, Codable {
    package var at: Int64
    /// Files and sockets that this process may have at once.
    package var limit: UInt64

    package var text: String {
        "No more connections can be taken: the system allows this process \(limit) files and sockets. New ones wait. "
            + "Raise the limit before the proxy is started: ulimit -n"
    }
}

package struct ProxyClosed: Sendable, Hashable, Codable {
    package var at: Int64
}
