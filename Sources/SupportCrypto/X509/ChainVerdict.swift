import COpenSSL

/// What became of a chain: trusted up to a root, or rejected for a reason.
package enum ChainVerdict: Sendable, Hashable {
    /// Leaf first, root last.
    case trusted(chain: [Certificate])
    case rejected(ChainRejection)
}

/// Why a chain was rejected.
package struct ChainRejection: Error, Sendable, Hashable, CustomStringConvertible {
    /// OpenSSL's X509_V_ERR number.
    package let code: Int32
    /// How far above the leaf the certificate at fault stands; 0 is the leaf.
    package let depth: Int
    /// RFC 4514 text of the certificate at fault.
    package let subject: String

    package init(code: Int32, depth: Int, subject: String) {
        self.code = code
        self.depth = depth
        self.subject = subject
    }

    /// OpenSSL's words, as curl and browsers' logs repeat them.
    package var openSSLText: String { String(cString: X509_verify_cert_error_string(Int(code))) }

    /// The plain sentence: what is wrong with which certificate.
    package var description: String {
        let who = subject.isEmpty ? "the certificate" : "the certificate “\(subject)”"
        return switch code {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
            "nobody that is trusted here issued \(who) (\(openSSLText))"
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
            "the chain ends in \(who), a root that is not trusted here (\(openSSLText))"
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
            "\(who) vouches for itself only (\(openSSLText))"
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
            "the signature of \(who) cannot be verified: its issuer was not sent and is not known here (\(openSSLText))"
        case X509_V_ERR_CERT_HAS_EXPIRED: "\(who) has expired (\(openSSLText))"
        case X509_V_ERR_CERT_NOT_YET_VALID: "\(who) is not valid yet (\(openSSLText))"
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            "\(who) is for another name than the one that was asked for (\(openSSLText))"
        case X509_V_ERR_INVALID_CA, X509_V_ERR_PATH_LENGTH_EXCEEDED:
            "\(who) is not allowed to issue others (\(openSSLText))"
        case X509_V_ERR_INVALID_PURPOSE: "\(who) is not meant for a TLS server (\(openSSLText))"
        case X509_V_ERR_CERT_SIGNATURE_FAILURE: "the signature of \(who) is wrong (\(openSSLText))"
        default: "\(who) was rejected: \(openSSLText)"
        }
    }
}
