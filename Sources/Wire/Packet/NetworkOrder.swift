// Big-endian reads at offsets whose bounds the caller has checked against the layer's fixed header, and writes to the end of
// an array. Kept inside the module: inlining stops at its border.

extension UnsafeRawBufferPointer {
    @inline(__always)
    func be16(_ offset: Int) -> UInt16 {
        UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func be32(_ offset: Int) -> UInt32 {
        UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func be64(_ offset: Int) -> UInt64 {
        UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    func ipv6(_ offset: Int) -> IPv6Address { IPv6Address(high: be64(offset), low: be64(offset + 8)) }

    @inline(__always)
    func mac(_ offset: Int) -> MACAddress {
        MACAddress(rawValue: UInt64(be16(offset)) << 32 | UInt64(be32(offset + 2)))
    }

    /// The bytes of `range` as a buffer of their own, starting at 0; the range must lie within.
    @inline(__always)
    func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }
}

extension [UInt8] {
    /// Bytes of which all are written by `fill`: a header first, and what it carries behind it.
    init(header length: Int, payload: UnsafeRawBufferPointer, _ fill: (UnsafeMutableRawBufferPointer) -> Void) {
        self.init(unsafeUninitializedCapacity: length + payload.count) { bytes, count in
            count = length + payload.count
            let raw = UnsafeMutableRawBufferPointer(bytes)
            UnsafeMutableRawBufferPointer(rebasing: raw[length..<count]).copyMemory(from: payload)
            fill(raw)
        }
    }

    mutating func append16(_ value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    mutating func append32(_ value: UInt32) {
        append16(UInt16(truncatingIfNeeded: value >> 16))
        append16(UInt16(truncatingIfNeeded: value))
    }

    mutating func put16(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }
}

extension UnsafeMutableRawBufferPointer {
    func put16(_ value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    func put32(_ value: UInt32, at offset: Int) {
        put16(UInt16(truncatingIfNeeded: value >> 16), at: offset)
        put16(UInt16(truncatingIfNeeded: value), at: offset + 2)
    }

    func put(_ address: MACAddress, at offset: Int) {
        put16(UInt16(truncatingIfNeeded: address.rawValue >> 32), at: offset)
        put32(UInt32(truncatingIfNeeded: address.rawValue), at: offset + 2)
    }
}
