/// TLS as it was agreed on one leg of a connection.
package struct ProxyTLSLeg: Sendable, Hashable, Codable {
    /// `TLSv1.3`.
    package var version: String
    /// The IANA name.
    package var cipher: String
    package var sni: String?
    package var alpn: String?
    /// 64 hexadecimal digits: joins the leg to its packets and to its lines in the key log.
    package var clientRandom: String
    /// SHA-256 of the certificate that was shown on this leg.
    package var leafSHA256: String?
    /// SHA-256 of the authority it leads to: ours on the client leg, the verified root on the server leg.
    package var rootSHA256: String?

    enum CodingKeys: String, CodingKey {
        case version, cipher, sni, alpn
        case clientRandom = "client_random"
        case leafSHA256 = "leaf_sha256"
        case rootSHA256 = "root_sha256"
    }
}

/// A TLS handshake that was completed.
package struct ProxyHandshake: Sendable, Hashable, Codable {
    package var at: Int64
    package var connection: UInt64
    package var leg: ProxyLeg
    /// The client's address on the client leg, the server's on the other.
    package var peer: ProxyAddress
    package var host: String
    package var port: Int
    package var tls: ProxyTLSLeg
}

/// A TLS handshake that failed: the most instructive event there is before a client trusts the authority.
package struct ProxyHandshakeFailure: Sendable, Hashable, Codable {
    package enum Reason: String, Sendable, Hashable, Codable {
        /// The peer sent a fatal alert; see `alert`.
        case alert
        /// The peer hung up without a word.
        case disconnected
        /// We refused the origin's certificate.
        case certificate
        /// Versions, ciphers or bytes that do not fit.
        case other
    }

    package var at: Int64
    package var connection: UInt64
    package var leg: ProxyLeg
    package var client: ProxyAddress
    package var host: String
    package var port: Int
    package var sni: String?
    package var reason: Reason
    /// The alert's number, such as 48, and its name, such as `unknown_ca`.
    package var alert: Int?
    package var alertName: String?
    /// OpenSSL's number of what was wrong with the origin's certificate.
    package var verifyCode: Int?
    /// The sentence for a person.
    package var text: String

    enum CodingKeys: String, CodingKey {
        case at, connection, leg, client, host, port, sni, reason, alert, text
        case alertName = "alert_name"
        case verifyCode = "verify_code"
    }
}
