import NIOCore
import SupportTransport

/// What a web server serves, where, and within which bounds.
package struct WebServerConfiguration: Sendable {
    package var listeners: [WebListener]
    package var sites: [WebSite]
    /// Versions, ciphers and key log of its TLS side.
    package var tls: TLSContext.Parameters
    /// Offered over TLS, in the server's order of preference.
    package var alpn: [String]
    /// Connections beyond this are closed at once.
    package var connectionLimit: Int
    /// A connection on which nothing moves for so long is closed.
    package var idleTimeout: TimeAmount
    /// Bytes of a request body that are read; a longer one is answered with 413.
    package var requestBodyLimit: Int
    package var tlsTimeouts: TLSTimeouts

    package init(listeners: [WebListener], sites: [WebSite]) {
        self.listeners = listeners
        self.sites = sites
        tls = TLSContext.Parameters()
        alpn = ["h2", "http/1.1"]
        connectionLimit = 512
        idleTimeout = .seconds(30)
        requestBodyLimit = 1 << 20
        tlsTimeouts = TLSTimeouts()
    }
}

/// An address and a port to listen on. Port 0 takes a free one.
package struct WebListener: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case plain
        case tls
    }

    /// A literal IPv4 or IPv6 address.
    package var address: String
    package var port: UInt16
    package var kind: Kind

    package init(address: String, port: UInt16, kind: Kind) {
        self.address = address
        self.port = port
        self.kind = kind
    }
}

/// Why a server could not be started.
package enum WebServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotListen(address: String, port: UInt16, errno: Int32, text: String)
    case tls(TLSFailure)
    /// A site cannot be served as it is described.
    case unusableSite(String)

    package var description: String {
        switch self {
        case .cannotListen(let address, let port, _, let text):
            "The web server cannot listen on \(SocketEndpoint(address: address, port: port)): \(text)."
        case .tls(let failure): "The web server cannot use TLS. \(failure)"
        case .unusableSite(let problem): "A web site cannot be served: \(problem)."
        }
    }
}
