import COpenSSL

/// A hash function (FIPS 180-4), by the names TLS uses.
package enum DigestAlgorithm: Sendable, Hashable, CaseIterable {
    case sha1
    case sha256
    case sha384
    case sha512

    /// In bytes.
    package var length: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    var function: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }

    /// The digest of bytes that are all at hand.
    package func digest(of bytes: [UInt8]) -> [UInt8] {
        let running = RunningDigest(self)
        bytes.withUnsafeBytes { running.update($0) }
        return running.finish()
    }
}

/// The digest of bytes that arrive piece by piece.
///
/// Not Sendable: OpenSSL's context is used by one thread at a time.
package final class RunningDigest {
    package let algorithm: DigestAlgorithm
    private let context: OpaquePointer?

    package init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        context = EVP_MD_CTX_new()
        let begun = EVP_DigestInit_ex(context, algorithm.function, nil)
        precondition(context != nil && begun == 1, "OpenSSL refuses \(algorithm)")
    }

    deinit { EVP_MD_CTX_free(context) }

    package func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        EVP_DigestUpdate(context, start, bytes.count)
    }

    /// The digest of everything so far; the running digest begins anew.
    package func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.length)
        EVP_DigestFinal_ex(context, &digest, nil)
        EVP_DigestInit_ex(context, algorithm.function, nil)
        return digest
    }
}
