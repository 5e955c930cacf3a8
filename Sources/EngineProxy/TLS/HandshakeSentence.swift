import SupportCrypto
import SupportTransport

/// Says in words why a handshake failed, and whose doing it was.
enum HandshakeSentence {
    /// bad_certificate, certificate_unknown, unknown_ca: how clients say that they do not trust an authority.
    private static let distrust: Set<UInt8> = [42, 46, 48]

    /// The handshake between the client and the proxy.
    static func client(_ failure: TLSFailure, host: String) -> String {
        switch failure.reason {
        case .peerAlert(let alert) where distrust.contains(alert.number):
            "The client does not trust the proxy's certificate for \(host) (\(openSSLName(alert)))."
        case .peerAlert(let alert):
            "The client refused the TLS connection for \(host) (\(openSSLName(alert)))."
        case .disconnectedDuringHandshake:
            "The client disconnected during the handshake. If this happens consistently for \(host), the client may not "
                + "trust the proxy's certificate."
        default:
            "The TLS handshake with the client for \(host) failed. \(failure.description)"
        }
    }

    /// The handshake between the proxy and the origin.
    static func origin(_ failure: TLSFailure, host: String) -> ProxyFailure {
        switch failure.reason {
        case .certificateVerify(let code, _, let depth):
            let depth = Int(depth)
            let der = failure.peerChain.indices.contains(depth) ? failure.peerChain[depth] : failure.peerChain.first
            let subject = der.flatMap { try? Certificate(der: $0) }?.subject ?? ""
            let rejection = ChainRejection(code: code, depth: depth, subject: subject)
            return .certificate(host: host, code: Int(code), text: rejection.description)
        case .peerAlert(let alert):
            return .tls(host: host, text: "the server refused with the alert \(openSSLName(alert)).")
        default:
            return .tls(host: host, text: failure.description)
        }
    }

    /// As OpenSSL writes alerts: those that SSL 3 had carry its name.
    static func openSSLName(_ alert: TLSAlert) -> String {
        let words = alert.name.split(separator: "_").joined(separator: " ")
        let isOld = alert.number <= 47
        return "\(isOld ? "sslv3" : "tlsv1") alert \(words)"
    }

    static func reason(_ failure: TLSFailure) -> ProxyHandshakeFailure.Reason {
        switch failure.reason {
        case .peerAlert: .alert
        case .disconnectedDuringHandshake: .disconnected
        case .certificateVerify: .certificate
        default: .other
        }
    }

    static func alert(_ failure: TLSFailure) -> TLSAlert? {
        if case .peerAlert(let alert) = failure.reason { return alert }
        return nil
    }

    static func verifyCode(_ failure: TLSFailure) -> Int? {
        if case .certificateVerify(let code, _, _) = failure.reason { return Int(code) }
        return nil
    }
}

extension ProxyTLSLeg {
    init(_ session: TLSSession, leafSHA256: [UInt8]?, rootSHA256: [UInt8]?) {
        self.init(
            version: "\(session.version)", cipher: session.cipher, sni: session.serverName, alpn: session.alpn,
            clientRandom: hexadecimal(session.clientRandom), leafSHA256: leafSHA256.map(hexadecimal),
            rootSHA256: rootSHA256.map(hexadecimal))
    }
}
