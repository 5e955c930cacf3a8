import SupportCrypto

/// Why a trust store was left as it was, each with the sentence a person reads.
package enum TrustError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name could leave its folder or upset the scripts that read it.
    case unusableName(String)
    /// Another certificate was installed under that name by us.
    case nameTaken(name: String, sha256: String)
    /// The file is there, but somebody else made it.
    case notOurs(path: String)
    case notInstalled(name: String, folder: String)
    /// A file could not be read or written.
    case file(CertificateError)

    package var description: String {
        switch self {
        case .unusableName(let name):
            "“\(name)” cannot name a certificate in a trust store: expected letters, digits, “.”, “_” and “-” only"
        case .nameTaken(let name, let sha256):
            "another certificate is installed as “\(name)” (SHA-256 \(sha256.prefix(16))…); remove it first"
        case .notOurs(let path):
            "\(path) was not installed by lab, so lab leaves it alone; remove it the way it came"
        case .notInstalled(let name, let folder):
            "nothing is installed as “\(name)” in \(folder)"
        case .file(let error):
            "\(error)"
        }
    }
}
