import SupportCrypto

/// Removes the protection of the packets that one side sends at one level (RFC 9001, section 5).
final class QUICPacketOpener {
    private let version: QUICVersion
    private let aead: AEADAlgorithm
    private let hash: DigestAlgorithm
    private let key: AEADKey
    private let iv: [UInt8]
    private let header: HeaderMask
    private let secret: [UInt8]
    private var nonce = [UInt8](repeating: 0, count: 12)

    /// Nil where the secret is too short for the hash. A key update keeps the header's key: give it as `header`.
    init?(
        _ version: QUICVersion, _ aead: AEADAlgorithm, _ hash: DigestAlgorithm, secret: [UInt8],
        header: HeaderMask? = nil
    ) {
        guard secret.count >= hash.length else { return nil }
        let secret = Array(secret.prefix(hash.length))
        func derive(_ purpose: String, _ length: Int) -> [UInt8]? {
            HKDF.expandLabel(hash, secret: secret, label: version.label(purpose), context: [], length: length)
        }
        guard let material = derive("key", aead.keyLength), let iv = derive("iv", 12),
            let key = AEADKey(aead, key: material),
            let header = header ?? derive("hp", aead.keyLength).flatMap({ HeaderMask(aead, key: $0) })
        else { return nil }
        self.version = version
        self.aead = aead
        self.hash = hash
        self.key = key
        self.iv = iv
        self.header = header
        self.secret = secret
    }

    /// The keys of the next phase (RFC 9001, section 6.1).
    func updated() -> QUICPacketOpener? {
        guard
            let next = HKDF.expandLabel(
                hash, secret: secret, label: version.label("ku"), context: [], length: hash.length)
        else { return nil }
        return QUICPacketOpener(version, aead, hash, secret: next, header: header)
    }

    /// A packet whose header is in the clear again, its payload still closed.
    struct Unmasked {
        var first: UInt8
        /// As it stands in the packet: the low bytes of the number.
        var truncatedNumber: UInt64
        var numberLength: Int

        var keyPhase: Bool { first & 0x04 != 0 }
    }

    /// Takes the mask off the header; nil where the packet is too short to have one.
    func unmask(_ packet: UnsafeRawBufferPointer, _ found: QUICHeader) -> Unmasked? {
        let sampleStart = found.numberOffset + 4
        guard found.length >= sampleStart + HeaderMask.sampleLength, found.length <= packet.count,
            let mask = header.mask(
                UnsafeRawBufferPointer(rebasing: packet[sampleStart..<sampleStart + HeaderMask.sampleLength]))
        else { return nil }
        let first = packet[0] ^ (UInt8(truncatingIfNeeded: mask >> 32) & (found.isLong ? 0x0f : 0x1f))
        let numberLength = Int(first & 3) + 1
        var number: UInt64 = 0
        for index in 0..<numberLength {
            let shift = UInt64(24 - 8 * index)
            let byte = packet[found.numberOffset + index] ^ UInt8(truncatingIfNeeded: mask >> shift)
            number = number << 8 | UInt64(byte)
        }
        return Unmasked(first: first, truncatedNumber: number, numberLength: numberLength)
    }

    /// Decrypts the payload into `plaintext`; the number of bytes, or nil where it does not authenticate.
    func open(
        _ packet: UnsafeRawBufferPointer, _ found: QUICHeader, _ unmasked: Unmasked, number: UInt64,
        header associated: inout [UInt8], into plaintext: UnsafeMutableRawBufferPointer
    ) -> Int? {
        let start = found.numberOffset + unmasked.numberLength
        guard start <= found.length, found.length <= packet.count else { return nil }
        associated.removeAll(keepingCapacity: true)
        associated.append(unmasked.first)
        associated.append(contentsOf: packet[1..<found.numberOffset])
        for index in 0..<unmasked.numberLength {
            let shift = UInt64(8 * (unmasked.numberLength - 1 - index))
            associated.append(UInt8(truncatingIfNeeded: unmasked.truncatedNumber >> shift))
        }
        for index in 0..<12 {
            let shift = UInt64(11 - index) * 8
            nonce[index] = iv[index] ^ (shift < 64 ? UInt8(truncatingIfNeeded: number >> shift) : 0)
        }
        let payload = UnsafeRawBufferPointer(rebasing: packet[start..<found.length])
        return nonce.withUnsafeBytes { nonce in
            associated.withUnsafeBytes { key.open(payload, nonce: nonce, associatedData: $0, into: plaintext) }
        }
    }
}

/// RFC 9000, appendix A.3.
enum QUICPacketNumber {
    /// The whole number, from its low bytes and the largest that was seen.
    static func decode(_ truncated: UInt64, length: Int, largest: UInt64?) -> UInt64 {
        let expected = largest.map { $0 &+ 1 } ?? 0
        let window = UInt64(1) << UInt64(length * 8)
        let half = window / 2
        let candidate = (expected & ~(window - 1)) | truncated
        if candidate &+ half <= expected, candidate < (UInt64(1) << 62) - window { return candidate + window }
        if candidate > expected &+ half, candidate >= window { return candidate - window }
        return candidate
    }
}
