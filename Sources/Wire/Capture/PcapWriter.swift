/// Writes the classic format of libpcap, for programs that know no pcapng: one link type, microseconds.
package struct PcapWriter: Sendable {
    private var pending: ByteWriter
    private let snapLength: UInt32

    package init(linkType: UInt16, snapLength: UInt32 = 262_144) {
        self.snapLength = snapLength
        pending = ByteWriter(reservingCapacity: 1 << 16)
        pending.integer(UInt32(0xA1B2_C3D4), littleEndian: true)
        pending.integer(UInt16(2), littleEndian: true)
        pending.integer(UInt16(4), littleEndian: true)
        pending.integer(UInt64(0), littleEndian: true)
        pending.integer(snapLength, littleEndian: true)
        pending.integer(UInt32(linkType), littleEndian: true)
    }

    /// `timestamp` in nanoseconds since 1970.
    package mutating func frame(_ bytes: [UInt8], timestamp: Int64, originalLength: Int? = nil) {
        let kept = bytes.prefix(Int(snapLength))
        let time = max(0, timestamp)
        pending.integer(UInt32(truncatingIfNeeded: time / 1_000_000_000), littleEndian: true)
        pending.integer(UInt32(truncatingIfNeeded: time % 1_000_000_000 / 1000), littleEndian: true)
        pending.integer(UInt32(truncatingIfNeeded: kept.count), littleEndian: true)
        pending.integer(UInt32(truncatingIfNeeded: originalLength ?? bytes.count), littleEndian: true)
        pending.append(kept)
    }

    /// What was written since the last call.
    package mutating func drain() -> [UInt8] {
        let bytes = pending.bytes
        pending = ByteWriter(reservingCapacity: min(bytes.count, 1 << 20))
        return bytes
    }
}
