/// Writes pcapng: several interfaces, frames with nanoseconds, TLS secrets and what the interfaces counted.
///
/// Little-endian whatever the machine, so that the same frames give the same bytes. Take what has accumulated with
/// `drain()` as often as memory or a reader of the growing file asks for it.
package struct CaptureWriter: Sendable {
    private var pending: ByteWriter
    private var snapLengths: [UInt32] = []

    /// `application` names the program in the section header.
    package init(application: String = "lab") {
        pending = ByteWriter(reservingCapacity: 1 << 16)
        block(0x0A0D_0D0A) { body in
            body.integer(UInt32(0x1A2B_3C4D), littleEndian: true)
            body.integer(UInt16(1), littleEndian: true)
            body.integer(UInt16(0), littleEndian: true)
            body.integer(UInt64.max, littleEndian: true)
            Self.option(&body, 4, Array(application.utf8))
            Self.endOfOptions(&body)
        }
    }

    /// Gives the interface's number, which frames name.
    package mutating func addInterface(_ interface: CaptureInterface) -> Int {
        block(1) { body in
            body.integer(interface.linkType, littleEndian: true)
            body.integer(UInt16(0), littleEndian: true)
            body.integer(interface.snapLength, littleEndian: true)
            if let name = interface.name { Self.option(&body, 2, Array(name.utf8.prefix(255))) }
            Self.option(&body, 9, [9])
            Self.endOfOptions(&body)
        }
        snapLengths.append(interface.snapLength)
        return snapLengths.count - 1
    }

    /// Writes one frame. `bytes` beyond the interface's snap length are cut; `originalLength` tells what there was.
    package mutating func frame(
        _ bytes: UnsafeRawBufferPointer, interface: Int, timestamp: Int64, originalLength: Int? = nil
    ) {
        guard snapLengths.indices.contains(interface) else { return }
        let limit = snapLengths[interface] == 0 ? Int(Int32.max) : Int(snapLengths[interface])
        let kept = UnsafeRawBufferPointer(rebasing: bytes.prefix(limit))
        let stamp = UInt64(max(0, timestamp))
        let padding = (4 - kept.count & 3) & 3
        let length = UInt32(truncatingIfNeeded: 32 + kept.count + padding)
        let words: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) = (
            UInt32(6).littleEndian, length.littleEndian, UInt32(truncatingIfNeeded: interface).littleEndian,
            UInt32(truncatingIfNeeded: stamp >> 32).littleEndian, UInt32(truncatingIfNeeded: stamp).littleEndian,
            UInt32(truncatingIfNeeded: kept.count).littleEndian,
            UInt32(truncatingIfNeeded: originalLength ?? bytes.count).littleEndian
        )
        withUnsafeBytes(of: words) { pending.append($0) }
        pending.append(kept)
        pending.zeros(padding)
        pending.integer(length, littleEndian: true)
    }

    package mutating func frame(_ bytes: [UInt8], interface: Int, timestamp: Int64, originalLength: Int? = nil) {
        bytes.withUnsafeBytes {
            frame($0, interface: interface, timestamp: timestamp, originalLength: originalLength)
        }
    }

    /// Writes a TLS key log, so that whoever has the file can open its connections. Readers want it before the frames.
    package mutating func tlsSecrets(_ keyLog: [UInt8]) {
        block(10) { body in
            body.integer(UInt32(0x544C_534B), littleEndian: true)
            body.integer(UInt32(truncatingIfNeeded: keyLog.count), littleEndian: true)
            body.append(keyLog)
            Self.pad(&body, keyLog.count)
        }
    }

    package mutating func statistics(_ statistics: InterfaceStatistics) {
        guard snapLengths.indices.contains(statistics.interface) else { return }
        block(5) { body in
            body.integer(UInt32(truncatingIfNeeded: statistics.interface), littleEndian: true)
            let stamp = UInt64(max(0, statistics.timestamp))
            body.integer(UInt32(truncatingIfNeeded: stamp >> 32), littleEndian: true)
            body.integer(UInt32(truncatingIfNeeded: stamp), littleEndian: true)
            for (code, value) in [
                (UInt16(4), statistics.received), (5, statistics.droppedByInterface), (7, statistics.droppedBySystem),
            ] {
                guard let value else { continue }
                Self.option(&body, code, withUnsafeBytes(of: value.littleEndian) { Array($0) })
            }
            Self.endOfOptions(&body)
        }
    }

    /// What was written since the last call.
    package mutating func drain() -> [UInt8] {
        let bytes = pending.bytes
        pending = ByteWriter(reservingCapacity: min(bytes.count, 1 << 20))
        return bytes
    }

    private mutating func block(_ type: UInt32, _ fill: (inout ByteWriter) -> Void) {
        var body = ByteWriter()
        fill(&body)
        let length = UInt32(truncatingIfNeeded: body.count + 12)
        pending.integer(type, littleEndian: true)
        pending.integer(length, littleEndian: true)
        pending.append(body.bytes)
        pending.integer(length, littleEndian: true)
    }

    private static func pad(_ body: inout ByteWriter, _ length: Int) { body.zeros((4 - length & 3) & 3) }

    private static func option(_ body: inout ByteWriter, _ code: UInt16, _ value: [UInt8]) {
        body.integer(code, littleEndian: true)
        body.integer(UInt16(truncatingIfNeeded: value.count), littleEndian: true)
        body.append(value)
        pad(&body, value.count)
    }

    private static func endOfOptions(_ body: inout ByteWriter) { body.zeros(4) }
}
