import SupportTransport

/// What came of a request: everything the client saw, whether it got an answer or not.
package struct WebExchange: Sendable, Hashable, Codable {
    package var request: Request
    package var response: Response?
    /// Present once a TLS handshake with the site was completed, or a certificate was seen and refused.
    package var tls: TLS?
    /// The other end of the TCP connection: the site, or the proxy.
    package var remote: SocketEndpoint?
    package var local: SocketEndpoint?
    /// `host:port` of the proxy that was used.
    package var proxy: String?
    /// What the proxy answered to CONNECT.
    package var connectCode: Int?
    package var timings = Timings()
    package var failure: WebFailure?
    /// The redirections that led to `request`, oldest first.
    package var redirections: [Redirection] = []

    package struct Request: Sendable, Hashable, Codable {
        package var method: String
        package var url: String
        package var fields: [WebField]
        package var bodyCount: Int
    }

    package struct Response: Sendable, Hashable, Codable {
        /// `1.0`, `1.1` or `2`.
        package var version: String
        package var code: Int
        /// The usual phrase for the code, whatever the server wrote; empty in HTTP/2, which has none.
        package var reason: String
        package var fields: [WebField]
        /// The body after its content codings, as far as it was kept.
        @Base64 package var body: [UInt8] = []
        /// Bytes of the decoded body, kept or not.
        package var bodyCount = 0
        /// Bytes of the body before decoding.
        package var encodedCount = 0
        /// False when the body ended early.
        package var isComplete = false
        /// Why the content codings could not be taken off; `body` then holds what was decoded before.
        package var codingFailure: String?

        /// The first value of a field, by its name in any case.
        package func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    package struct TLS: Sendable, Hashable, Codable {
        /// `TLSv1.3`; nil when the handshake failed.
        package var version: String?
        /// The IANA name.
        package var cipher: String?
        package var serverName: String?
        package var alpn: String?
        /// 64 hexadecimal digits; nil when the handshake failed.
        package var clientRandom: String?
        /// DER, leaf first, as the server presented it.
        @Base64List package var presentedChain: [[UInt8]] = []
        /// DER, leaf first, the trusted root last; empty when it was not verified.
        @Base64List package var verifiedChain: [[UInt8]] = []
    }

    /// Nanoseconds; nil for what did not happen.
    package struct Timings: Sendable, Hashable, Codable {
        package var resolve: Int64?
        package var connect: Int64?
        /// From CONNECT to the proxy's answer.
        package var proxy: Int64?
        package var tls: Int64?
        /// From sending the request to the head of the response.
        package var firstByte: Int64?
        /// From the start to the end of the body, or to the failure.
        package var total: Int64 = 0
    }

    package struct Redirection: Sendable, Hashable, Codable {
        package var url: String
        package var code: Int
        package var location: String
    }
}

/// Why an exchange failed, and where.
package struct WebFailure: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
        case request
        case resolve
        case connect
        case proxy
        case tls
        case http
    }

    package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
        /// The URL cannot be requested.
        case invalidURL = "invalid-url"
        case nameNotFound = "name-not-found"
        case resolverFailed = "resolver-failed"
        case connectionRefused = "connection-refused"
        case unreachable
        case connectFailed = "connect-failed"
        /// `number` is the status that the proxy answered.
        case proxyRefused = "proxy-refused"
        /// No root that we trust vouches for the certificate.
        case certificateUntrusted = "certificate-untrusted"
        case certificateNameMismatch = "certificate-name-mismatch"
        case certificateExpired = "certificate-expired"
        case certificateNotYetValid = "certificate-not-yet-valid"
        /// `number` is OpenSSL's X509_V_ERR code.
        case certificateInvalid = "certificate-invalid"
        /// `number` is the description of the alert that came.
        case alertReceived = "alert-received"
        case notTLS = "not-tls"
        case tlsFailed = "tls-failed"
        case trustUnreadable = "trust-unreadable"
        /// The server does not speak the HTTP version asked for.
        case versionUnavailable = "version-unavailable"
        /// What came is not HTTP.
        case malformedResponse = "malformed-response"
        /// The connection ended before the response did.
        case closed
        case tooManyRedirects = "too-many-redirects"
        case timeout
        case cancelled
    }

    package var stage: Stage
    package var reason: Reason
    package var number: Int?
    /// A sentence.
    package var text: String
    package var alertSent: TLSAlert?
    package var alertReceived: TLSAlert?

    package init(_ stage: Stage, _ reason: Reason, number: Int? = nil, _ text: String) {
        self.stage = stage
        self.reason = reason
        self.number = number
        self.text = text
    }

    package var description: String { text }
}

extension WebFailure {
    /// What a failed handshake means to a client of `host`.
    init(_ failure: TLSFailure, host: String) {
        self.init(.tls, .tlsFailed, failure.description)
        alertSent = failure.alertSent
        alertReceived = failure.alertReceived
        switch failure.reason {
        case .certificateVerify(let code, let text, _):
            reason = Self.reason(ofVerification: code)
            number = Int(code)
            self.text = "The certificate that \(host) showed was refused: \(text)."
        case .peerAlert(let alert):
            reason = .alertReceived
            number = Int(alert.number)
            text = "\(host) ended the TLS handshake with the alert \(alert)."
        case .disconnectedDuringHandshake: reason = .closed
        case .notTLS: reason = .notTLS
        case .timeout: reason = .timeout
        default: break
        }
        if failure.established { stage = .http }
    }

    /// By OpenSSL's X509_V_ERR numbers.
    private static func reason(ofVerification code: Int32) -> Reason {
        switch code {
        case 2, 18, 19, 20, 21, 27: .certificateUntrusted
        case 62, 64: .certificateNameMismatch
        case 10: .certificateExpired
        case 9: .certificateNotYetValid
        default: .certificateInvalid
        }
    }
}
