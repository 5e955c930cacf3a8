import COpenSSL
import Glibc

/// What can go wrong with keys, certificates and the files they live in, each with the sentence a person reads.
package enum CertificateError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Bytes that are no DER certificate.
    case malformedCertificate(reason: String)
    /// Text in which no certificate stands between BEGIN and END lines.
    case noCertificate(source: String)
    /// Text without a private key, or with one that cannot be read (an encrypted one, for example).
    case noPrivateKey(source: String)
    /// The key does not belong to the certificate beside it.
    case keyDoesNotMatch(source: String)
    /// The certificate may not sign others.
    case notAnAuthority(subject: String)
    /// A name that no certificate can carry.
    case unusableName(String)
    case unreadable(path: String, errno: Int32)
    case unwritable(path: String, errno: Int32)
    /// OpenSSL refused; `operation` is what was asked of it.
    case failed(operation: String, reason: String)

    package var description: String {
        switch self {
        case .malformedCertificate(let reason):
            "this is no X.509 certificate: \(reason)"
        case .noCertificate(let source):
            "\(source) holds no certificate: expected a block that begins with -----BEGIN CERTIFICATE-----"
        case .noPrivateKey(let source):
            "\(source) holds no readable private key: expected an unencrypted PEM block such as "
                + "-----BEGIN PRIVATE KEY-----"
        case .keyDoesNotMatch(let source):
            "the private key in \(source) does not belong to the certificate there; "
                + "move the file away and a new authority is made"
        case .notAnAuthority(let subject):
            "the certificate “\(subject)” is not allowed to sign others (basic constraints say CA:FALSE)"
        case .unusableName(let name):
            "no certificate can be issued for the name “\(name)”"
        case .unreadable(let path, let code):
            "cannot read \(path): \(Self.words(of: code))"
        case .unwritable(let path, let code):
            "cannot write \(path): \(Self.words(of: code))"
        case .failed(let operation, let reason):
            "OpenSSL could not \(operation): \(reason)"
        }
    }

    private static func words(of code: Int32) -> String { String(cString: strerror(code)) }

    /// The failure of `operation` with the newest reason in this thread's OpenSSL queue, which is emptied.
    static func openSSL(_ operation: String) -> CertificateError {
        .failed(operation: operation, reason: takeOpenSSLReason())
    }

    static func takeOpenSSLReason() -> String {
        let code = ERR_peek_last_error()
        ERR_clear_error()
        guard code != 0, let text = ERR_reason_error_string(code) else { return "no reason given" }
        return String(cString: text)
    }
}
