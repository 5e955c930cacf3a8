import SupportCrypto

/// Opens the records of one direction under one key: nonce and associated data as RFC 8446, section 5.2, RFC 5288
/// (GCM), RFC 6655 (CCM) and RFC 7905 (ChaCha20-Poly1305) form them.
final class RecordOpener {
    private enum Form {
        case tls13
        /// Four bytes of the nonce are secret, eight stand in front of the ciphertext.
        case tls12Explicit
        case tls12ChaCha
    }

    private let key: AEADKey
    private let iv: [UInt8]
    private let form: Form
    private var nonce = [UInt8](repeating: 0, count: 12)
    private var associatedData = [UInt8](repeating: 0, count: 13)
    /// The traffic secret of TLS 1.3, from which the next one is derived.
    let secret: [UInt8]
    private let protection: CipherSuite.Protection

    /// TLS 1.3, from a traffic secret; nil where the secret is too short for the suite's hash.
    init?(tls13 protection: CipherSuite.Protection, secret: [UInt8]) {
        let hash = protection.hash
        guard secret.count >= hash.length else { return nil }
        let secret = Array(secret.prefix(hash.length))
        guard
            let material = HKDF.expandLabel(
                hash, secret: secret, label: "key", context: [], length: protection.aead.keyLength),
            let iv = HKDF.expandLabel(hash, secret: secret, label: "iv", context: [], length: 12),
            let key = AEADKey(protection.aead, key: material)
        else { return nil }
        self.key = key
        self.iv = iv
        self.secret = secret
        self.protection = protection
        form = .tls13
    }

    /// TLS 1.2, from the master secret and both randoms (RFC 5246, section 6.3).
    init?(
        tls12 protection: CipherSuite.Protection, masterSecret: [UInt8], clientRandom: [UInt8], serverRandom: [UInt8],
        isClient: Bool
    ) {
        let form: Form = protection.aead == .chaCha20Poly1305 ? .tls12ChaCha : .tls12Explicit
        let keyLength = protection.aead.keyLength
        let ivLength = form == .tls12ChaCha ? 12 : 4
        let block = TLS12PRF.expand(
            protection.hash, secret: masterSecret, label: "key expansion", seed: serverRandom + clientRandom,
            length: 2 * (keyLength + ivLength))
        let keyStart = isClient ? 0 : keyLength
        let ivStart = 2 * keyLength + (isClient ? 0 : ivLength)
        guard let key = AEADKey(protection.aead, key: Array(block[keyStart..<keyStart + keyLength])) else { return nil }
        self.key = key
        iv = Array(block[ivStart..<ivStart + ivLength])
        self.form = form
        self.protection = protection
        secret = []
    }

    /// The opener after a KeyUpdate (RFC 8446, section 7.2).
    func updated() -> RecordOpener? {
        guard form == .tls13,
            let next = HKDF.expandLabel(
                protection.hash, secret: secret, label: "traffic upd", context: [], length: protection.hash.length)
        else { return nil }
        return RecordOpener(tls13: protection, secret: next)
    }

    /// Decrypts a payload into `plaintext`; the number of bytes, or nil where it does not authenticate.
    func open(
        type: UInt8, version: UInt16, payload: UnsafeRawBufferPointer, sequence: UInt64,
        into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        var message = payload
        let explicit = 8
        if form == .tls12Explicit {
            guard payload.count >= explicit + protection.aead.tagLength else { return nil }
            message = UnsafeRawBufferPointer(rebasing: payload[explicit...])
            for index in 0..<4 { nonce[index] = iv[index] }
            for index in 0..<explicit { nonce[4 + index] = payload[index] }
        } else {
            for index in 0..<12 {
                let shift = UInt64(11 - index) * 8
                nonce[index] = iv[index] ^ (shift < 64 ? UInt8(truncatingIfNeeded: sequence >> shift) : 0)
            }
        }
        let length = message.count - protection.aead.tagLength
        guard length >= 0 else { return nil }
        let dataLength: Int
        if form == .tls13 {
            dataLength = 5
            header(type, version, payload.count, at: 0)
        } else {
            dataLength = 13
            for index in 0..<8 { associatedData[index] = UInt8(truncatingIfNeeded: sequence >> UInt64(56 - 8 * index)) }
            header(type, version, length, at: 8)
        }
        return nonce.withUnsafeBytes { nonce in
            associatedData.withUnsafeBytes { data in
                key.open(
                    message, nonce: nonce, associatedData: UnsafeRawBufferPointer(rebasing: data[..<dataLength]),
                    into: plaintext)
            }
        }
    }

    private func header(_ type: UInt8, _ version: UInt16, _ length: Int, at offset: Int) {
        associatedData[offset] = type
        associatedData[offset + 1] = UInt8(truncatingIfNeeded: version >> 8)
        associatedData[offset + 2] = UInt8(truncatingIfNeeded: version)
        associatedData[offset + 3] = UInt8(truncatingIfNeeded: length >> 8)
        associatedData[offset + 4] = UInt8(truncatingIfNeeded: length)
    }
}
