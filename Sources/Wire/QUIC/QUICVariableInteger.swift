extension ByteReader {
    /// A variable-length integer (RFC 9000, section 16): its two highest bits say how many bytes it has.
    package mutating func quicInteger() -> UInt64? {
        guard remaining >= 1 else { return nil }
        switch rest[0] >> 6 {
        case 0: return u8().map { UInt64($0 & 0x3f) }
        case 1: return u16().map { UInt64($0 & 0x3fff) }
        case 2: return u32().map { UInt64($0 & 0x3fff_ffff) }
        default: return u64().map { $0 & 0x3fff_ffff_ffff_ffff }
        }
    }

    /// The next bytes, behind their number as a variable-length integer.
    mutating func quicBytes() -> UnsafeRawBufferPointer? {
        guard let count = quicInteger(), let count = Int(exactly: count) else { return nil }
        return slice(count)
    }
}
