import LabModel
import SupportCrypto
import SupportQuestions

/// Certificates as rows of the `certificate` table.
package enum CertificateRows {
    package static func row(_ certificate: Certificate) -> Row {
        var row = RowBuilder(StepTables.certificate)
        row.set("lab.certificate.subject", certificate.subject)
        row.set("lab.certificate.issuer", certificate.issuer)
        row.set("lab.certificate.sha256", .bytes(certificate.sha256))
        row.set("lab.certificate.ca", certificate.isAuthority)
        row.set("lab.certificate.not_after", .time(certificate.notAfter))
        return row.row
    }
}
