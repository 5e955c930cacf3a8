import COpenSSL

/// An algorithm for authenticated encryption with associated data (RFC 5116), as TLS and QUIC name them.
package enum AEADAlgorithm: Sendable, Hashable, CaseIterable {
    case aes128GCM
    case aes256GCM
    case chaCha20Poly1305
    case aes128CCM
    case aes256CCM
    case aes128CCM8
    case aes256CCM8

    /// In bytes.
    package var keyLength: Int {
        switch self {
        case .aes128GCM, .aes128CCM, .aes128CCM8: 16
        case .aes256GCM, .chaCha20Poly1305, .aes256CCM, .aes256CCM8: 32
        }
    }

    /// In bytes; the same for every algorithm that TLS uses.
    package var nonceLength: Int { 12 }

    /// In bytes.
    package var tagLength: Int {
        switch self {
        case .aes128CCM8, .aes256CCM8: 8
        default: 16
        }
    }

    /// CCM must know the length of a message before its first byte, so OpenSSL wants another order of calls.
    var isCCM: Bool {
        switch self {
        case .aes128CCM, .aes256CCM, .aes128CCM8, .aes256CCM8: true
        default: false
        }
    }

    var cipher: OpaquePointer? {
        switch self {
        case .aes128GCM: EVP_aes_128_gcm()
        case .aes256GCM: EVP_aes_256_gcm()
        case .chaCha20Poly1305: EVP_chacha20_poly1305()
        case .aes128CCM, .aes128CCM8: EVP_aes_128_ccm()
        case .aes256CCM, .aes256CCM8: EVP_aes_256_ccm()
        }
    }
}

/// One key of an AEAD, ready to open or to seal many messages: the key is scheduled once, each message sets its nonce.
///
/// Not Sendable: OpenSSL's context is used by one thread at a time.
package final class AEADKey {
    package let algorithm: AEADAlgorithm
    private let opening: OpaquePointer
    private let sealing: OpaquePointer
    private let key: [UInt8]

    /// Nil where the key does not have the algorithm's length, or the OpenSSL at hand refuses the algorithm.
    package init?(_ algorithm: AEADAlgorithm, key: [UInt8]) {
        guard key.count == algorithm.keyLength, let cipher = algorithm.cipher, let opening = EVP_CIPHER_CTX_new()
        else { return nil }
        guard let sealing = EVP_CIPHER_CTX_new() else {
            EVP_CIPHER_CTX_free(opening)
            return nil
        }
        self.algorithm = algorithm
        self.opening = opening
        self.sealing = sealing
        self.key = key
        guard EVP_DecryptInit_ex(opening, cipher, nil, nil, nil) == 1,
            EVP_EncryptInit_ex(sealing, cipher, nil, nil, nil) == 1,
            EVP_CIPHER_CTX_ctrl(opening, EVP_CTRL_AEAD_SET_IVLEN, Int32(algorithm.nonceLength), nil) == 1,
            EVP_CIPHER_CTX_ctrl(sealing, EVP_CTRL_AEAD_SET_IVLEN, Int32(algorithm.nonceLength), nil) == 1,
            algorithm.isCCM
                || (EVP_DecryptInit_ex(opening, nil, nil, key, nil) == 1
                    && EVP_EncryptInit_ex(sealing, nil, nil, key, nil) == 1)
        else { return nil }
    }

    deinit {
        EVP_CIPHER_CTX_free(opening)
        EVP_CIPHER_CTX_free(sealing)
    }

    /// Decrypts `message` (ciphertext followed by the tag) into `plaintext`, which must have room for the ciphertext.
    ///
    /// Returns the number of bytes of plaintext, or nil where the tag does not authenticate them; then what stands in
    /// `plaintext` is worthless.
    package func open(
        _ message: UnsafeRawBufferPointer, nonce: UnsafeRawBufferPointer, associatedData: UnsafeRawBufferPointer,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let length = message.count - algorithm.tagLength
        guard length >= 0, plaintext.count >= length, nonce.count == algorithm.nonceLength,
            length <= Int(Int32.max), associatedData.count <= Int(Int32.max),
            let input = message.baseAddress
        else { return nil }
        let tag = UnsafeMutableRawPointer(mutating: input + length)
        let nonceBytes = nonce.bindMemory(to: UInt8.self).baseAddress
        var written: Int32 = 0
        if algorithm.isCCM {
            guard EVP_CIPHER_CTX_ctrl(opening, EVP_CTRL_AEAD_SET_TAG, Int32(algorithm.tagLength), tag) == 1,
                EVP_DecryptInit_ex(opening, nil, nil, key, nonceBytes) == 1,
                EVP_DecryptUpdate(opening, nil, &written, nil, Int32(length)) == 1
            else { return nil }
        } else {
            guard EVP_DecryptInit_ex(opening, nil, nil, nil, nonceBytes) == 1 else { return nil }
        }
        if !associatedData.isEmpty {
            let data = associatedData.bindMemory(to: UInt8.self).baseAddress
            guard EVP_DecryptUpdate(opening, nil, &written, data, Int32(associatedData.count)) == 1 else { return nil }
        }
        // A place to write that exists even for an empty message: OpenSSL takes a null output for associated data.
        var nowhere: UInt8 = 0
        return withUnsafeMutablePointer(to: &nowhere) { spare in
            let output = plaintext.bindMemory(to: UInt8.self).baseAddress ?? spare
            let bytes = input.assumingMemoryBound(to: UInt8.self)
            if length > 0 || algorithm.isCCM {
                guard EVP_DecryptUpdate(opening, output, &written, bytes, Int32(length)) == 1 else { return nil }
            }
            if algorithm.isCCM { return length }
            var last: Int32 = 0
            guard EVP_CIPHER_CTX_ctrl(opening, EVP_CTRL_AEAD_SET_TAG, Int32(algorithm.tagLength), tag) == 1,
                EVP_DecryptFinal_ex(opening, spare, &last) == 1
            else { return nil }
            return length
        }
    }

    /// Encrypts `plaintext` and returns the ciphertext followed by the tag, or nil where a length is wrong.
    package func seal(_ plaintext: [UInt8], nonce: [UInt8], associatedData: [UInt8]) -> [UInt8]? {
        let tagLength = Int32(algorithm.tagLength)
        guard nonce.count == algorithm.nonceLength, plaintext.count <= Int(Int32.max) - 16 else { return nil }
        var written: Int32 = 0
        if algorithm.isCCM {
            guard EVP_CIPHER_CTX_ctrl(sealing, EVP_CTRL_AEAD_SET_TAG, tagLength, nil) == 1 else { return nil }
        }
        guard EVP_EncryptInit_ex(sealing, nil, nil, key, nonce) == 1 else { return nil }
        if algorithm.isCCM {
            guard EVP_EncryptUpdate(sealing, nil, &written, nil, Int32(plaintext.count)) == 1 else { return nil }
        }
        if !associatedData.isEmpty {
            guard EVP_EncryptUpdate(sealing, nil, &written, associatedData, Int32(associatedData.count)) == 1
            else { return nil }
        }
        var sealed = [UInt8](repeating: 0, count: plaintext.count + algorithm.tagLength)
        let done = sealed.withUnsafeMutableBytes { output -> Bool in
            guard let start = output.baseAddress else { return false }
            let bytes = start.assumingMemoryBound(to: UInt8.self)
            if !plaintext.isEmpty || algorithm.isCCM {
                guard EVP_EncryptUpdate(sealing, bytes, &written, plaintext, Int32(plaintext.count)) == 1
                else { return false }
            }
            var last: Int32 = 0
            return EVP_EncryptFinal_ex(sealing, bytes + plaintext.count, &last) == 1
                && EVP_CIPHER_CTX_ctrl(sealing, EVP_CTRL_AEAD_GET_TAG, tagLength, start + plaintext.count) == 1
        }
        return done ? sealed : nil
    }

    /// Opens a message held in arrays; for callers to whom a copy does not matter.
    package func open(_ message: [UInt8], nonce: [UInt8], associatedData: [UInt8]) -> [UInt8]? {
        guard message.count >= algorithm.tagLength else { return nil }
        var plaintext = [UInt8](repeating: 0, count: message.count - algorithm.tagLength)
        let length = plaintext.withUnsafeMutableBytes { output in
            message.withUnsafeBytes { input in
                nonce.withUnsafeBytes { nonce in
                    associatedData.withUnsafeBytes { open(input, nonce: nonce, associatedData: $0, into: output) }
                }
            }
        }
        return length == nil ? nil : plaintext
    }
}
