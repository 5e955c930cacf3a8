/// A TLS alert: its level and description as numbers on the wire (RFC 8446 section 6).
package struct TLSAlert: Sendable, Hashable, Codable, CustomStringConvertible {
    /// 1 warning, 2 fatal.
    package var level: UInt8
    /// The number of the description: 0 close_notify, 42 bad_certificate, 48 unknown_ca, …
    package var number: UInt8

    package init(level: UInt8, number: UInt8) {
        self.level = level
        self.number = number
    }

    package init(fatal description: Description) {
        self.init(level: 2, number: description.rawValue)
    }

    /// The descriptions that have a name.
    package enum Description: UInt8, Sendable, Hashable, Codable, CaseIterable {
        case closeNotify = 0
        case unexpectedMessage = 10
        case badRecordMAC = 20
        case recordOverflow = 22
        case handshakeFailure = 40
        case noCertificate = 41
        case badCertificate = 42
        case unsupportedCertificate = 43
        case certificateRevoked = 44
        case certificateExpired = 45
        case certificateUnknown = 46
        case illegalParameter = 47
        case unknownCA = 48
        case accessDenied = 49
        case decodeError = 50
        case decryptError = 51
        case protocolVersion = 70
        case insufficientSecurity = 71
        case internalError = 80
        case inappropriateFallback = 86
        case userCanceled = 90
        case noRenegotiation = 100
        case missingExtension = 109
        case unsupportedExtension = 110
        case unrecognizedName = 112
        case badCertificateStatusResponse = 113
        case unknownPSKIdentity = 115
        case certificateRequired = 116
        case noApplicationProtocol = 120

        /// The name in RFC 8446, as Wireshark and OpenSSL write it.
        package var name: String {
            switch self {
            case .closeNotify: "close_notify"
            case .unexpectedMessage: "unexpected_message"
            case .badRecordMAC: "bad_record_mac"
            case .recordOverflow: "record_overflow"
            case .handshakeFailure: "handshake_failure"
            case .noCertificate: "no_certificate"
            case .badCertificate: "bad_certificate"
            case .unsupportedCertificate: "unsupported_certificate"
            case .certificateRevoked: "certificate_revoked"
            case .certificateExpired: "certificate_expired"
            case .certificateUnknown: "certificate_unknown"
            case .illegalParameter: "illegal_parameter"
            case .unknownCA: "unknown_ca"
            case .accessDenied: "access_denied"
            case .decodeError: "decode_error"
            case .decryptError: "decrypt_error"
            case .protocolVersion: "protocol_version"
            case .insufficientSecurity: "insufficient_security"
            case .internalError: "internal_error"
            case .inappropriateFallback: "inappropriate_fallback"
            case .userCanceled: "user_canceled"
            case .noRenegotiation: "no_renegotiation"
            case .missingExtension: "missing_extension"
            case .unsupportedExtension: "unsupported_extension"
            case .unrecognizedName: "unrecognized_name"
            case .badCertificateStatusResponse: "bad_certificate_status_response"
            case .unknownPSKIdentity: "unknown_psk_identity"
            case .certificateRequired: "certificate_required"
            case .noApplicationProtocol: "no_application_protocol"
            }
        }
    }

    package var name: String { Description(rawValue: number)?.name ?? "alert_\(number)" }
    package var isFatal: Bool { level == 2 }
    package var isCloseNotify: Bool { number == Description.closeNotify.rawValue }

    package var description: String { "\(name) (\(number))" }
}
