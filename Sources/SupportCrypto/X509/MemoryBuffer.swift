import COpenSSL

/// An OpenSSL memory BIO that is freed with its owner: PEM and DER text pass through it.
final class MemoryBuffer {
    let handle: OpaquePointer

    init() throws(CertificateError) {
        guard let handle = BIO_new(BIO_s_mem()) else { throw .openSSL("make a buffer") }
        self.handle = handle
    }

    convenience init(_ bytes: some Collection<UInt8>) throws(CertificateError) {
        try self.init()
        let copy = Array(bytes)
        guard copy.count <= Int32.max, copy.isEmpty || BIO_write(handle, copy, Int32(copy.count)) == copy.count else {
            throw .openSSL("fill a buffer")
        }
    }

    deinit { BIO_free(handle) }

    var bytes: [UInt8] {
        var start: UnsafePointer<UInt8>?
        let count = lab_bio_bytes(handle, &start)
        return Array(UnsafeBufferPointer(start: start, count: count))
    }
}

/// The SHA-256 digest of `bytes`, 32 bytes.
func x509SHA256(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    var length: UInt32 = 0
    EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
    return digest
}
