import COpenSSL

/// The mask that hides the first byte and the packet number of a QUIC packet (RFC 9001, section 5.4), from a sample of
/// its ciphertext.
///
/// Not Sendable: OpenSSL's context is used by one thread at a time.
package final class HeaderMask {
    package static let sampleLength = 16

    private let context: OpaquePointer
    private let isChaCha: Bool

    /// The mask that belongs to packets of this AEAD; nil where the key does not have its length.
    package init?(_ algorithm: AEADAlgorithm, key: [UInt8]) {
        guard key.count == algorithm.keyLength else { return nil }
        let cipher: OpaquePointer?
        switch algorithm {
        case .aes128GCM, .aes128CCM, .aes128CCM8: cipher = EVP_aes_128_ecb()
        case .aes256GCM, .aes256CCM, .aes256CCM8: cipher = EVP_aes_256_ecb()
        case .chaCha20Poly1305: cipher = EVP_chacha20()
        }
        isChaCha = algorithm == .chaCha20Poly1305
        guard let cipher, let context = EVP_CIPHER_CTX_new() else { return nil }
        self.context = context
        guard EVP_EncryptInit_ex(context, cipher, nil, key, nil) == 1, EVP_CIPHER_CTX_set_padding(context, 0) == 1
        else { return nil }
    }

    deinit { EVP_CIPHER_CTX_free(context) }

    /// Five bytes, in the low bytes of the number: the first one in bits 32 to 39. Nil for a sample of another length.
    package func mask(_ sample: UnsafeRawBufferPointer) -> UInt64? {
        guard sample.count == Self.sampleLength, let start = sample.bindMemory(to: UInt8.self).baseAddress else {
            return nil
        }
        // Fixed room on the stack; the stream cipher gives five bytes, the block cipher sixteen.
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { output -> UInt64? in
            guard let target = output.baseAddress else { return nil }
            var written: Int32 = 0
            if isChaCha {
                // The sample is counter and nonce in OpenSSL's own order (RFC 9001, section 5.4.4).
                output.initialize(repeating: 0)
                guard EVP_EncryptInit_ex(context, nil, nil, nil, start) == 1,
                    EVP_EncryptUpdate(context, target + 16, &written, target, 5) == 1
                else { return nil }
                return Self.number(target + 16)
            }
            guard EVP_EncryptUpdate(context, target, &written, start, Int32(Self.sampleLength)) == 1 else { return nil }
            return Self.number(target)
        }
    }

    private static func number(_ bytes: UnsafeMutablePointer<UInt8>) -> UInt64 {
        (0..<5).reduce(0) { $0 << 8 | UInt64(bytes[$1]) }
    }
}
