import COpenSSL

/// An X.509 certificate, taken apart once when it is read.
///
/// The X509 behind it is never changed after that (what OpenSSL caches inside it is under OpenSSL's own lock), so that
/// several threads may hold it.
package final class Certificate: @unchecked Sendable {
    /// The X509. Valid while this object lives; whoever hands it to OpenSSL for longer takes a reference.
    package let handle: OpaquePointer
    package let der: [UInt8]
    /// RFC 4514 text: `CN=lab interception CA,O=lab`. Characters that could deceive a terminal are escaped.
    package let subject: String
    package let issuer: String
    package let commonName: String?
    /// Big-endian bytes without leading zeros; of a negative number, its magnitude.
    package let serialNumber: [UInt8]
    /// Nanoseconds since 1970, held at the limits of Int64 where a date lies beyond.
    package let notBefore: Int64
    package let notAfter: Int64
    package let subjectAlternativeNames: [SubjectAlternativeName]
    /// What basic constraints say; false where the extension is absent.
    package let isAuthority: Bool
    package let pathLength: Int?
    /// Nil where the extension is absent, which allows every use.
    package let keyUsage: KeyUsage?
    /// Dotted object identifiers; empty where the extension is absent.
    package let extendedKeyUsage: [String]
    package let subjectKeyIdentifier: [UInt8]?
    package let authorityKeyIdentifier: [UInt8]?
    /// The fingerprint: SHA-256 of the DER.
    package let sha256: [UInt8]
    /// SHA-256 of the SubjectPublicKeyInfo.
    package let publicKeySHA256: [UInt8]

    /// Takes over a reference of `handle`.
    package init(owning handle: OpaquePointer) throws(CertificateError) {
        self.handle = handle
        der = CertificateReading.der(of: handle)
        subject = CertificateReading.text(of: X509_get_subject_name(handle))
        issuer = CertificateReading.text(of: X509_get_issuer_name(handle))
        commonName = CertificateReading.commonName(of: X509_get_subject_name(handle))
        serialNumber = CertificateReading.serialNumber(of: handle)
        (notBefore, notAfter) = CertificateReading.validity(of: handle)
        subjectAlternativeNames = CertificateReading.alternativeNames(of: handle)
        (isAuthority, pathLength) = CertificateReading.basicConstraints(of: handle)
        keyUsage = CertificateReading.keyUsage(of: handle)
        extendedKeyUsage = CertificateReading.extendedKeyUsage(of: handle)
        subjectKeyIdentifier = CertificateReading.bytes(of: X509_get0_subject_key_id(handle))
        authorityKeyIdentifier = CertificateReading.bytes(of: X509_get0_authority_key_id(handle))
        sha256 = x509SHA256(der)
        publicKeySHA256 = CertificateReading.publicKeySHA256(of: handle)
        ERR_clear_error()
        guard !der.isEmpty else { throw .malformedCertificate(reason: "it cannot be encoded again") }
    }

    deinit { X509_free(handle) }

    /// Reads one DER certificate; bytes after it are an error.
    package convenience init(der: [UInt8]) throws(CertificateError) {
        var consumed = 0
        let read = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var position = bytes.baseAddress
            guard bytes.count <= Int(Int32.max) else { return nil }
            let read = d2i_X509(nil, &position, bytes.count)
            if let base = bytes.baseAddress, let position { consumed = position - base }
            return read
        }
        guard let read else { throw .malformedCertificate(reason: CertificateError.takeOpenSSLReason()) }
        guard consumed == der.count else {
            X509_free(read)
            throw .malformedCertificate(reason: "\(der.count - consumed) bytes follow it")
        }
        try self.init(owning: read)
    }

    /// Reads the first certificate in PEM text.
    package convenience init(pem: [UInt8], source: String = "the text") throws(CertificateError) {
        let buffer = try MemoryBuffer(pem)
        guard let read = PEM_read_bio_X509(buffer.handle, nil, nil, nil) else {
            ERR_clear_error()
            throw .noCertificate(source: source)
        }
        try self.init(owning: read)
    }

    package var pem: [UInt8] {
        guard let buffer = try? MemoryBuffer(), PEM_write_bio_X509(buffer.handle, handle) == 1 else { return [] }
        return buffer.bytes
    }

    /// Whether the signature of this certificate was made with `issuer`'s key. Says nothing of names, dates or uses.
    package func isSigned(by issuer: Certificate) -> Bool {
        defer { ERR_clear_error() }
        guard let key = X509_get0_pubkey(issuer.handle) else { return false }
        return X509_verify(handle, key) == 1
    }

    /// The eight hexadecimal digits under which OpenSSL looks this subject up in a folder of hashed links.
    package var subjectNameHash: String {
        let digits = String(X509_subject_name_hash(handle) & 0xFFFF_FFFF, radix: 16)
        return String(repeating: "0", count: max(0, 8 - digits.count)) + digits
    }

    package var isSelfIssued: Bool {
        X509_NAME_cmp(X509_get_subject_name(handle), X509_get_issuer_name(handle)) == 0
    }
}

extension Certificate: Hashable {
    package static func == (left: Certificate, right: Certificate) -> Bool { left.der == right.der }
    package func hash(into hasher: inout Hasher) { hasher.combine(sha256) }
}

/// What the key of a certificate may be used for (RFC 5280, 4.2.1.3), with OpenSSL's bit values.
package struct KeyUsage: OptionSet, Sendable, Hashable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let digitalSignature = KeyUsage(rawValue: 0x80)
    package static let nonRepudiation = KeyUsage(rawValue: 0x40)
    package static let keyEncipherment = KeyUsage(rawValue: 0x20)
    package static let dataEncipherment = KeyUsage(rawValue: 0x10)
    package static let keyAgreement = KeyUsage(rawValue: 0x08)
    package static let keyCertSign = KeyUsage(rawValue: 0x04)
    package static let cRLSign = KeyUsage(rawValue: 0x02)
}
