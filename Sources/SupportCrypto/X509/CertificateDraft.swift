import COpenSSL

/// A certificate in the making; `sign` ends it.
struct CertificateDraft {
    private final class Owner {
        let handle: OpaquePointer
        init(_ handle: OpaquePointer) { self.handle = handle }
        deinit { X509_free(handle) }
    }

    private let owner: Owner
    private var issuer: Certificate?

    init(subject: DistinguishedName, key: PrivateKey, serialNumber: SerialNumber) throws(CertificateError) {
        guard let handle = X509_new() else { throw .openSSL("make a certificate") }
        owner = Owner(handle)
        guard X509_set_version(handle, 2) == 1,
            lab_x509_set_serial(handle, serialNumber.bytes, Int32(serialNumber.bytes.count)) == 1,
            X509_set_pubkey(handle, key.handle) == 1,
            let name = X509_get_subject_name(handle)
        else { throw .openSSL("fill a certificate") }
        try subject.write(into: name)
    }

    /// From a day before `now` (nanoseconds) until `days` after it.
    func setValidity(now: Int64, days: Int) throws(CertificateError) {
        let day: Int64 = 86_400
        let seconds = now / 1_000_000_000
        let (length, tooLong) = Int64(days).multipliedReportingOverflow(by: day)
        let (until, tooLate) = seconds.addingReportingOverflow(length)
        guard !tooLong, !tooLate, lab_x509_set_validity(owner.handle, seconds - day, until) == 1 else {
            throw .openSSL("set the dates of a certificate")
        }
    }

    /// Nil: the certificate is its own issuer.
    mutating func setIssuer(_ issuer: Certificate?) throws(CertificateError) {
        self.issuer = issuer
        let name = X509_get_subject_name(issuer?.handle ?? owner.handle)
        guard X509_set_issuer_name(owner.handle, name) == 1 else { throw .openSSL("name the issuer of a certificate") }
    }

    func add(_ extensionNID: Int32, _ value: String) throws(CertificateError) {
        guard lab_x509_add_extension(owner.handle, issuer?.handle ?? owner.handle, extensionNID, value) == 1 else {
            throw .openSSL("add the extension “\(value)”")
        }
    }

    func addBasicConstraints(isAuthority: Bool, pathLength: Int?) throws(CertificateError) {
        let limit = pathLength.map { ",pathlen:\($0)" } ?? ""
        try add(NID_basic_constraints, isAuthority ? "critical,CA:TRUE\(limit)" : "critical,CA:FALSE")
    }

    /// The subject's from its key; the authority's copied from the issuer, whose bytes may have been made otherwise.
    func addKeyIdentifiers() throws(CertificateError) {
        try add(NID_subject_key_identifier, "hash")
        guard let issuer else { return try add(NID_authority_key_identifier, "keyid:always") }
        guard let bytes = issuer.subjectKeyIdentifier, !bytes.isEmpty else { return }
        guard lab_x509_add_authority_key_identifier(owner.handle, bytes, Int32(bytes.count)) == 1 else {
            throw .openSSL("add the authority key identifier")
        }
    }

    func addAlternativeNames(_ names: [SubjectAlternativeName], critical: Bool) throws(CertificateError) {
        let list = try generalNames(names)
        defer { lab_general_names_free(list) }
        guard lab_x509_add_alternative_names(owner.handle, list, critical ? 1 : 0) == 1 else {
            throw .openSSL("add the subject alternative names")
        }
    }

    func addPermittedNames(_ suffixes: [String]) throws(CertificateError) {
        guard !suffixes.isEmpty else { return }
        let list = try generalNames(suffixes.map { .dns($0.lowercased()) })
        defer { lab_general_names_free(list) }
        guard lab_x509_add_permitted_names(owner.handle, list) == 1 else { throw .openSSL("add the name constraints") }
    }

    private func generalNames(_ names: [SubjectAlternativeName]) throws(CertificateError) -> UnsafeMutableRawPointer {
        guard let list = lab_general_names_new() else { throw .openSSL("list names") }
        for name in names {
            guard let (kind, bytes) = name.encoded, lab_general_names_add(list, kind, bytes, Int32(bytes.count)) == 1
            else {
                lab_general_names_free(list)
                ERR_clear_error()
                throw .unusableName("\(name)")
            }
        }
        return list
    }

    func sign(with key: PrivateKey) throws(CertificateError) -> Certificate {
        guard X509_sign(owner.handle, key.handle, key.signatureDigest) > 0 else {
            throw .openSSL("sign a certificate")
        }
        // Read back from its own bytes: what is told of it is what others will read.
        return try Certificate(der: CertificateReading.der(of: owner.handle))
    }
}
