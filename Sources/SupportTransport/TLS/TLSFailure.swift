/// Why a TLS connection could not be made or went on no longer, and whose doing it was.
package struct TLSFailure: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// The peer refused us with a fatal alert.
        case peerAlert(TLSAlert)
        /// We refused the peer's certificate: OpenSSL's X509_V_ERR number, its text, the depth in the chain (0 is the leaf).
        case certificateVerify(code: Int32, text: String, depth: Int32)
        /// The peer closed the connection before the handshake was done, saying nothing.
        case disconnectedDuringHandshake
        /// What came was no TLS: an HTTP request in the clear, another protocol, or garbage.
        case notTLS
        /// The two sides have no version, cipher or application protocol in common.
        case nothingInCommon
        /// The peer broke the protocol.
        case protocolViolation
        /// The one who decides about client hellos refused this one.
        case refused
        /// The handshake did not end in time.
        case timeout
        /// The channel was closed from this side while the handshake was going on.
        case closedLocally
        /// More bytes came than are kept while the decision about a client hello is open.
        case tooMuchBeforeDecision
        /// Certificates, keys or lists that this side was configured with do not work.
        case configuration
    }

    package var reason: Reason
    /// True when the handshake had been completed before.
    package var established: Bool
    package var alertSent: TLSAlert?
    package var alertReceived: TLSAlert?
    /// The chain as the peer presented it, DER, leaf first, as far as it was seen.
    package var peerChain: [[UInt8]]
    /// OpenSSL's own words.
    package var detail: String

    package init(
        _ reason: Reason, established: Bool = false, alertSent: TLSAlert? = nil, alertReceived: TLSAlert? = nil,
        peerChain: [[UInt8]] = [], detail: String = ""
    ) {
        self.reason = reason
        self.established = established
        self.alertSent = alertSent
        self.alertReceived = alertReceived
        self.peerChain = peerChain
        self.detail = detail
    }

    package var description: String {
        switch reason {
        case .peerAlert(let alert):
            "The other side refused the connection with the TLS alert \(alert)."
        case .certificateVerify(_, let text, let depth):
            depth == 0
                ? "The certificate of the other side was refused: \(text)."
                : "The certificate chain of the other side was refused: \(text) (certificate \(depth) above the leaf)."
        case .disconnectedDuringHandshake:
            "The other side closed the connection during the TLS handshake without saying why."
        case .notTLS:
            "The other side did not speak TLS here\(because)."
        case .nothingInCommon:
            "The two sides have no TLS version, cipher or application protocol in common\(because)."
        case .protocolViolation:
            "The other side broke the TLS protocol\(because)."
        case .refused:
            "The connection was refused by configuration after its client hello."
        case .timeout:
            "The TLS handshake did not end in time."
        case .closedLocally:
            "The connection was closed on this side before the TLS handshake had ended."
        case .tooMuchBeforeDecision:
            "The other side sent more than a client hello before it was answered."
        case .configuration:
            "The TLS configuration of this side does not work\(because)."
        }
    }

    private var because: String { detail.isEmpty ? "" : " (\(detail))" }
}

extension TLSFailure {
    /// A fault of this side's configuration, with what OpenSSL has to say about it.
    static func configuration(_ detail: String) -> TLSFailure {
        let errors = OpenSSLErrors.drain().map(\.text)
        return TLSFailure(.configuration, detail: ([detail] + errors).joined(separator: ": "))
    }
}
