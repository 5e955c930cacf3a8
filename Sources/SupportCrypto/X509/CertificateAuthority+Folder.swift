import COpenSSL
import Glibc

/// The files of an authority, under mitmproxy's names, so that course texts and scripts for either find them.
package struct AuthorityFolder: Sendable, Hashable {
    package let path: String

    /// - Parameter path: such as `~/.mitmproxy`, already expanded, without a trailing slash.
    package init(_ path: String) { self.path = path }

    /// Key and certificate, mode 0600.
    package var authority: String { path + "/mitmproxy-ca.pem" }
    /// Key and certificate as PKCS #12 without a password, mode 0600.
    package var authorityPKCS12: String { path + "/mitmproxy-ca.p12" }
    /// The certificate alone, for whoever shall trust it.
    package var certificatePEM: String { path + "/mitmproxy-ca-cert.pem" }
    /// The same PEM, under the ending that Android and Windows look for.
    package var certificateCER: String { path + "/mitmproxy-ca-cert.cer" }
    package var certificatePKCS12: String { path + "/mitmproxy-ca-cert.p12" }
}

extension CertificateAuthority {
    /// Reads `mitmproxy-ca.pem`, whoever made it.
    package static func load(from folder: AuthorityFolder) throws(CertificateError) -> CertificateAuthority {
        let text = try PrivateFile.read(folder.authority)
        return try CertificateAuthority(
            certificate: Certificate(pem: text, source: folder.authority),
            privateKey: PrivateKey(pem: text, source: folder.authority), source: folder.authority)
    }

    /// The authority in `folder`, or a new one that is saved there where the folder holds none.
    package static func loadOrCreate(
        in folder: AuthorityFolder, subject: DistinguishedName = .interceptionAuthority, now: Int64, days: Int = 365
    ) throws(CertificateError) -> CertificateAuthority {
        if PrivateFile.exists(folder.authority) {
            let found = try load(from: folder)
            if !PrivateFile.exists(folder.certificatePEM) { try found.saveCertificates(in: folder) }
            return found
        }
        let made = try create(subject: subject, now: now, days: days)
        try made.save(in: folder)
        return made
    }

    /// Writes all five files; the folder is made with mode 0700. The file with the key comes last: while it is missing,
    /// there is no authority here.
    package func save(in folder: AuthorityFolder) throws(CertificateError) {
        try PrivateFile.makeFolder(folder.path, mode: 0o700)
        try saveCertificates(in: folder)
        try PrivateFile.write(pkcs12(withKey: true), to: folder.authorityPKCS12, mode: 0o600)
        try PrivateFile.write(privateKey.pem() + certificate.pem, to: folder.authority, mode: 0o600)
    }

    private func saveCertificates(in folder: AuthorityFolder) throws(CertificateError) {
        try PrivateFile.write(certificate.pem, to: folder.certificatePEM, mode: 0o644)
        try PrivateFile.write(certificate.pem, to: folder.certificateCER, mode: 0o644)
        try PrivateFile.write(pkcs12(withKey: false), to: folder.certificatePKCS12, mode: 0o644)
    }

    /// PKCS #12 with an empty password: the certificate, and its key where asked for.
    package func pkcs12(withKey: Bool) throws(CertificateError) -> [UInt8] {
        let buffer = try MemoryBuffer()
        let name = certificate.commonName ?? "lab"
        guard
            lab_pkcs12_write(
                buffer.handle, name, "", withKey ? privateKey.handle : nil, certificate.handle, nil) == 1
        else { throw .openSSL("write PKCS #12") }
        return buffer.bytes
    }
}
