import COpenSSL

/// A private key with its public half.
///
/// Made once and never changed, hence shared freely: OpenSSL counts references of an EVP_PKEY atomically and signs with it
/// from several threads at once.
package final class PrivateKey: @unchecked Sendable {
    package enum Kind: Sendable, Hashable {
        case p256
        case rsa2048
    }

    /// The EVP_PKEY. Valid while this object lives; whoever hands it to OpenSSL for longer takes a reference.
    package let handle: OpaquePointer

    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { EVP_PKEY_free(handle) }

    package static func generate(_ kind: Kind = .p256) throws(CertificateError) -> PrivateKey {
        let made =
            switch kind {
            case .p256: lab_pkey_generate_p256()
            case .rsa2048: lab_pkey_generate_rsa(2048)
            }
        guard let made else { throw .openSSL("generate a key") }
        return PrivateKey(owning: made)
    }

    /// Reads the first private key in PEM text: PKCS #8, PKCS #1 or SEC 1, not encrypted.
    package convenience init(pem: [UInt8], source: String = "the text") throws(CertificateError) {
        let buffer = try MemoryBuffer(pem)
        guard let read = lab_pem_read_private_key(buffer.handle) else {
            ERR_clear_error()
            throw .noPrivateKey(source: source)
        }
        self.init(owning: read)
    }

    /// PKCS #8 PEM, not encrypted.
    package func pem() throws(CertificateError) -> [UInt8] {
        let buffer = try MemoryBuffer()
        guard PEM_write_bio_PKCS8PrivateKey(buffer.handle, handle, nil, nil, 0, nil, nil) == 1 else {
            throw .openSSL("write a key")
        }
        return buffer.bytes
    }

    /// SHA-256 of the public half as SubjectPublicKeyInfo, the same value as `Certificate.publicKeySHA256`.
    package var publicKeySHA256: [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(handle, &start)
        defer { lab_openssl_free(start) }
        return x509SHA256(Array(UnsafeBufferPointer(start: start, count: max(0, Int(count)))))
    }

    /// The digest to sign with; nil for keys such as Ed25519 that bring their own.
    var signatureDigest: OpaquePointer? {
        var name = [CChar](repeating: 0, count: 64)
        let answer = EVP_PKEY_get_default_digest_name(handle, &name, name.count)
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return answer == 2 && text == "UNDEF" ? nil : EVP_sha256()
    }
}
