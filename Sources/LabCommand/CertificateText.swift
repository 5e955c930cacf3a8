import LabModel
import SupportCrypto
import SupportDiagnostics

/// A certificate as a person reads it.
enum CertificateText {
    static func render(_ certificate: Certificate) -> String {
        var lines = [
            "subject      \(certificate.subject)", "issuer       \(certificate.issuer)",
            "serial       \(Hex.string(certificate.serialNumber))",
            "valid from   \(UTCTime(nanoseconds: certificate.notBefore).text)",
            "valid until  \(UTCTime(nanoseconds: certificate.notAfter).text)",
            "authority    \(certificate.isAuthority ? "yes, it may sign others" : "no")",
            "sha256       \(Hex.string(certificate.sha256))",
        ]
        let names = certificate.subjectAlternativeNames.map { "\($0)" }
        if !names.isEmpty { lines.append("names        \(names.joined(separator: ", "))") }
        return lines.map { Visible.text($0) }.joined(separator: "\n") + "\n"
    }
}
