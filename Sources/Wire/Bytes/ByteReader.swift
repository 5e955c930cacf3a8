/// Reads numbers and ranges from bytes that somebody else holds, front to back, never past the end.
///
/// A read that does not fit gives nil and moves nothing. The bytes must stay where they are while the reader is used;
/// `withBytes(of:)` sees to that for an array.
package struct ByteReader {
    package let bytes: UnsafeRawBufferPointer
    /// From the beginning of `bytes`, in bytes.
    package private(set) var offset: Int

    package init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        offset = 0
    }

    /// Lends a reader over the array for the length of the closure.
    package static func withBytes<Result>(of array: [UInt8], _ body: (inout ByteReader) throws -> Result) rethrows
        -> Result
    {
        try array.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            return try body(&reader)
        }
    }

    package var remaining: Int { bytes.count - offset }
    package var isAtEnd: Bool { offset == bytes.count }
    /// What has not been read yet, without moving.
    package var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[offset...]) }

    package mutating func u8() -> UInt8? {
        guard remaining >= 1 else { return nil }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// Big-endian, as every number of the internet protocols.
    package mutating func u16() -> UInt16? { integer() }

    /// Big-endian, in three bytes.
    package mutating func u24() -> UInt32? {
        guard remaining >= 3 else { return nil }
        defer { offset += 3 }
        return UInt32(bytes[offset]) << 16 | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2])
    }

    package mutating func u32() -> UInt32? { integer() }
    package mutating func u64() -> UInt64? { integer() }

    /// A number in the byte order of the file it stands in.
    package mutating func integer<Number: FixedWidthInteger>(littleEndian: Bool = false) -> Number? {
        guard remaining >= MemoryLayout<Number>.size else { return nil }
        defer { offset += MemoryLayout<Number>.size }
        let raw = bytes.loadUnaligned(fromByteOffset: offset, as: Number.self)
        return littleEndian ? Number(littleEndian: raw) : Number(bigEndian: raw)
    }

    /// The next `count` bytes as a range of the same memory.
    package mutating func slice(_ count: Int) -> UnsafeRawBufferPointer? {
        guard count >= 0, remaining >= count else { return nil }
        defer { offset += count }
        return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
    }

    /// The next `count` bytes, copied.
    package mutating func array(_ count: Int) -> [UInt8]? {
        slice(count).map(Array.init)
    }

    /// A reader for the next `count` bytes, which this one skips.
    package mutating func sub(_ count: Int) -> ByteReader? {
        slice(count).map(ByteReader.init)
    }

    /// A reader for a vector behind its length in one byte, as TLS writes them.
    package mutating func vector8() -> ByteReader? {
        let start = offset
        guard let count = u8(), let inner = sub(Int(count)) else {
            offset = start
            return nil
        }
        return inner
    }

    /// A reader for a vector behind its length in two bytes, as TLS writes them.
    package mutating func vector16() -> ByteReader? {
        let start = offset
        guard let count = u16(), let inner = sub(Int(count)) else {
            offset = start
            return nil
        }
        return inner
    }

    /// False where fewer bytes are left; then nothing is skipped.
    package mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, remaining >= count else { return false }
        offset += count
        return true
    }
}
