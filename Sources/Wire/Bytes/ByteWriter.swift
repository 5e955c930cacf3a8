/// Builds a message front to back; numbers are big-endian unless said otherwise.
package struct ByteWriter: Sendable {
    package private(set) var bytes: [UInt8]

    package init(reservingCapacity capacity: Int = 0) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    package var count: Int { bytes.count }

    package mutating func u8(_ value: UInt8) { bytes.append(value) }
    package mutating func u16(_ value: UInt16) { integer(value) }
    package mutating func u32(_ value: UInt32) { integer(value) }
    package mutating func u64(_ value: UInt64) { integer(value) }

    /// The low three bytes.
    package mutating func u24(_ value: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: value >> 16))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    package mutating func integer<Number: FixedWidthInteger>(_ value: Number, littleEndian: Bool = false) {
        withUnsafeBytes(of: littleEndian ? value.littleEndian : value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ other: some Sequence<UInt8>) { bytes.append(contentsOf: other) }

    package mutating func zeros(_ count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: max(0, count)))
    }

    /// Writes over two bytes that are already there, such as a checksum; out of range does nothing.
    package mutating func patch16(_ value: UInt16, at offset: Int) {
        guard offset >= 0, offset + 2 <= bytes.count else { return }
        bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
        bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
    }
}
