import SupportTransport

/// What a web server saw: its site log.
package enum WebServerEvent: Sendable, Hashable {
    /// A request was answered. Told before the last bytes of the response are sent, so that a client which has them is logged.
    case request(WebRequestRecord)
    /// A TLS handshake came to nothing.
    case handshakeFailed(WebHandshakeRecord)
    /// A connection brought a request that could be read in two ways, and was closed.
    case rejected(client: SocketEndpoint, violation: HTTPRequestViolation)
}

/// One line of a site log.
package struct WebRequestRecord: Sendable, Hashable, Codable {
    /// Nanoseconds since 1970, when the request's head had come.
    package var time: Int64
    package var client: SocketEndpoint
    package var server: SocketEndpoint
    /// As the client named it, lower-cased, without port; empty when it named none.
    package var host: String
    package var method: String
    /// The request target: path and query.
    package var path: String
    /// `1.0`, `1.1` or `2`.
    package var version: String
    package var status: Int
    /// Bytes of the body as sent, after content coding, before framing.
    package var bodyBytes: Int
    package var userAgent: String?
    package var tls: WebTLSRecord?
    /// False when the client was gone before the response had been handed to its connection.
    package var isComplete: Bool
}

/// The TLS connection under a request.
package struct WebTLSRecord: Sendable, Hashable, Codable {
    /// `TLSv1.3`.
    package var version: String
    /// The IANA name.
    package var cipher: String
    package var serverName: String?
    package var alpn: String?
    /// 64 hexadecimal digits.
    package var clientRandom: String

    package init(_ session: TLSSession) {
        version = session.version.description
        cipher = session.cipher
        serverName = session.serverName
        alpn = session.alpn
        clientRandom = hexadecimal(session.clientRandom)
    }
}

package struct WebHandshakeRecord: Sendable, Hashable, Codable {
    package var time: Int64
    package var client: SocketEndpoint
    package var server: SocketEndpoint
    package var serverName: String?
    /// 64 hexadecimal digits; empty when no client hello came.
    package var clientRandom: String
    package var alertSent: TLSAlert?
    package var alertReceived: TLSAlert?
    /// A sentence.
    package var reason: String
}

/// Two lower-case digits a byte.
func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
