import COpenSSL

/// A certificate with its private key that signs other certificates.
///
/// Chains follow the profile that curl, OpenSSL (strict), Python, Node, Go, Java and GnuTLS all accept: critical basic
/// constraints and key usage, key identifiers that match byte for byte, an own key for every leaf.
package final class CertificateAuthority: Sendable {
    package let certificate: Certificate
    package let privateKey: PrivateKey
    /// The authorities above this one, nearest first, without the root; empty for a root.
    package let intermediates: [Certificate]
    /// What certificates issued here are signed by in the end; the certificate itself for a root.
    package let root: Certificate

    private init(certificate: Certificate, privateKey: PrivateKey, intermediates: [Certificate], root: Certificate) {
        self.certificate = certificate
        self.privateKey = privateKey
        self.intermediates = intermediates
        self.root = root
    }

    /// An authority that exists: the key must belong to the certificate, and the certificate must be allowed to sign.
    package convenience init(certificate: Certificate, privateKey: PrivateKey, source: String = "the authority")
        throws(CertificateError)
    {
        guard X509_check_private_key(certificate.handle, privateKey.handle) == 1 else {
            ERR_clear_error()
            throw .keyDoesNotMatch(source: source)
        }
        guard certificate.isAuthority else { throw .notAnAuthority(subject: certificate.subject) }
        self.init(certificate: certificate, privateKey: privateKey, intermediates: [], root: certificate)
    }

    /// Makes a new root.
    ///
    /// - Parameters:
    ///   - now: nanoseconds since 1970; validity begins a day earlier, for clocks that are behind.
    ///   - days: how long it is valid from now on: as long as the course, and no longer.
    package static func create(
        subject: DistinguishedName = .interceptionAuthority, key kind: PrivateKey.Kind = .p256, now: Int64,
        days: Int = 365, pathLength: Int? = nil, serialNumber: SerialNumber = .random()
    ) throws(CertificateError) -> CertificateAuthority {
        let key = try PrivateKey.generate(kind)
        var draft = try CertificateDraft(subject: subject, key: key, serialNumber: serialNumber)
        try draft.setValidity(now: now, days: days)
        try draft.setIssuer(nil)
        try draft.addBasicConstraints(isAuthority: true, pathLength: pathLength)
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try draft.addKeyIdentifiers()
        let certificate = try draft.sign(with: key)
        return CertificateAuthority(certificate: certificate, privateKey: key, intermediates: [], root: certificate)
    }

    /// Issues an authority below this one that may only issue leaves.
    ///
    /// - Parameter permittedNames: DNS suffixes outside of which its certificates are rejected (RFC 5280, 4.2.1.10);
    ///   empty leaves it unconstrained.
    package func issueAuthority(
        subject: DistinguishedName, key kind: PrivateKey.Kind = .p256, now: Int64, days: Int = 365,
        permittedNames: [String] = [], serialNumber: SerialNumber = .random()
    ) throws(CertificateError) -> CertificateAuthority {
        let key = try PrivateKey.generate(kind)
        var draft = try CertificateDraft(subject: subject, key: key, serialNumber: serialNumber)
        try draft.setValidity(now: now, days: days)
        try draft.setIssuer(certificate)
        try draft.addBasicConstraints(isAuthority: true, pathLength: 0)
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try draft.addPermittedNames(permittedNames)
        try draft.addKeyIdentifiers()
        let certificate = try draft.sign(with: privateKey)
        let above = self.certificate == root ? intermediates : [self.certificate] + intermediates
        return CertificateAuthority(certificate: certificate, privateKey: key, intermediates: above, root: root)
    }

    /// Issues a TLS server certificate with a key of its own.
    ///
    /// - Parameters:
    ///   - names: at least one DNS name or address; the first becomes the common name where it fits.
    ///   - now: nanoseconds since 1970; validity begins a day earlier.
    ///   - days: from now on; 30 to 45 satisfies every client's rule.
    ///   - key: the leaf's key where several leaves share one; by default a new one is generated.
    package func issue(
        for names: [SubjectAlternativeName], now: Int64, days: Int = 30, key: PrivateKey? = nil,
        serialNumber: SerialNumber = .random()
    ) throws(CertificateError) -> ServerIdentity {
        guard let first = names.first else { throw .unusableName("") }
        let key = if let key { key } else { try PrivateKey.generate(.p256) }
        let commonName =
            switch first {
            case .dns(let name) where name.utf8.count <= 64: DistinguishedName(commonName: name)
            case .ip(let bytes): DistinguishedName(commonName: SubjectAlternativeName.text(ofAddress: bytes))
            default: DistinguishedName.empty
            }
        var draft = try CertificateDraft(subject: commonName, key: key, serialNumber: serialNumber)
        try draft.setValidity(now: now, days: days)
        try draft.setIssuer(certificate)
        try draft.addAlternativeNames(names, critical: commonName == .empty)
        try draft.addBasicConstraints(isAuthority: false, pathLength: nil)
        let isRSA = EVP_PKEY_get_base_id(key.handle) == EVP_PKEY_RSA
        try draft.add(NID_key_usage, isRSA ? "critical,digitalSignature,keyEncipherment" : "critical,digitalSignature")
        try draft.add(NID_ext_key_usage, "serverAuth")
        try draft.addKeyIdentifiers()
        let leaf = try draft.sign(with: privateKey)
        let above = certificate == root ? [] : [certificate] + intermediates
        return ServerIdentity(certificate: leaf, privateKey: key, intermediates: above)
    }
}

/// What a TLS server shows and proves: its certificate, its key, and the chain below the root.
package struct ServerIdentity: Sendable {
    package let certificate: Certificate
    package let privateKey: PrivateKey
    /// Sent after the certificate, nearest issuer first; the root is not among them.
    package let intermediates: [Certificate]

    package init(certificate: Certificate, privateKey: PrivateKey, intermediates: [Certificate] = []) {
        self.certificate = certificate
        self.privateKey = privateKey
        self.intermediates = intermediates
    }
}
