/// The block format of pcapng (draft-ietf-opsawg-pcapng): sections, interfaces, frames, secrets and statistics.
struct PcapngFormat {
    private enum Block {
        static let section: UInt32 = 0x0A0D_0D0A
        static let interface: UInt32 = 1
        static let simplePacket: UInt32 = 3
        static let interfaceStatistics: UInt32 = 5
        static let enhancedPacket: UInt32 = 6
        static let decryptionSecrets: UInt32 = 10
    }

    private struct Interface {
        var described: CaptureInterface
        /// Number of the interface in the whole file, across sections.
        var number: Int
        var resolution = TimeResolution()
    }

    /// How an interface counts time.
    private struct TimeResolution {
        /// Ticks in a second.
        var ticks: UInt64 = 1_000_000
        /// Seconds to add.
        var offset: Int64 = 0

        func nanoseconds(_ stamp: UInt64) -> Int64 {
            let seconds = Int64(truncatingIfNeeded: stamp / ticks)
            let (high, low) = (stamp % ticks).multipliedFullWidth(by: 1_000_000_000)
            let fraction = high < ticks ? ticks.dividingFullWidth((high, low)).quotient : 0
            return (seconds &+ offset) &* 1_000_000_000 &+ Int64(truncatingIfNeeded: fraction)
        }
    }

    private static let tlsKeyLog: UInt32 = 0x544C_534B

    private var littleEndian = true
    private var interfaces: [Interface] = []
    private var interfacesOfEarlierSections = 0

    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && bytes.loadUnaligned(as: UInt32.self).littleEndian == Block.section
    }

    func blockLength(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CaptureError) -> Int {
        guard bytes.count >= 12 else { return 12 }
        var reader = ByteReader(bytes)
        let type: UInt32 = reader.integer(littleEndian: littleEndian) ?? 0
        // A section header may change the byte order; it says so after the length.
        let order = type == Block.section ? Self.byteOrder(bytes) : littleEndian
        guard let order, let length: UInt32 = reader.integer(littleEndian: order) else {
            throw .malformed(offset: offset, "a section header without its byte-order magic")
        }
        guard length >= 12, length & 3 == 0, length <= CaptureReader.mostBytesPerRecord else {
            throw .malformed(offset: offset, "a block of \(length) bytes is announced")
        }
        return Int(length)
    }

    private static func byteOrder(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        switch bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self).littleEndian {
        case 0x1A2B_3C4D: true
        case 0x4D3C_2B1A: false
        default: nil
        }
    }

    /// Reads one whole block. Kinds that nobody here needs are skipped.
    mutating func block(
        _ bytes: UnsafeRawBufferPointer, at offset: Int, _ handOver: (CaptureItem) -> Void
    ) throws(CaptureError) {
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count - 4)]))
        let type: UInt32 = reader.integer(littleEndian: littleEndian) ?? 0
        _ = reader.skip(4)
        var understood = true
        switch type {
        case Block.section:
            littleEndian = Self.byteOrder(bytes) ?? littleEndian
            interfacesOfEarlierSections += interfaces.count
            interfaces = []
        case Block.interface: understood = interface(&reader, handOver)
        case Block.enhancedPacket: understood = enhancedPacket(&reader, handOver)
        case Block.simplePacket: understood = simplePacket(&reader, handOver)
        case Block.decryptionSecrets: understood = secrets(&reader, handOver)
        case Block.interfaceStatistics: understood = statistics(&reader, handOver)
        default: break
        }
        if !understood { throw .malformed(offset: offset, "the block of type \(type) contradicts its own lengths") }
    }

    private func u16(_ reader: inout ByteReader) -> UInt16? { reader.integer(littleEndian: littleEndian) }
    private func u32(_ reader: inout ByteReader) -> UInt32? { reader.integer(littleEndian: littleEndian) }
    private func u64(_ reader: inout ByteReader) -> UInt64? { reader.integer(littleEndian: littleEndian) }

    private func stamp(_ reader: inout ByteReader) -> UInt64? {
        guard let high = u32(&reader), let low = u32(&reader) else { return nil }
        return UInt64(high) << 32 | UInt64(low)
    }

    private mutating func interface(_ reader: inout ByteReader, _ handOver: (CaptureItem) -> Void) -> Bool {
        guard let linkType = u16(&reader), reader.skip(2), let snapLength = u32(&reader) else { return false }
        var interface = Interface(
            described: CaptureInterface(linkType: linkType, snapLength: snapLength),
            number: interfacesOfEarlierSections + interfaces.count)
        options(&reader) { code, value in
            var value = value
            switch code {
            case 2: interface.described.name = value.array(value.remaining).map { String(decoding: $0, as: UTF8.self) }
            case 9: interface.resolution.ticks = Self.ticks(value.u8() ?? 6)
            case 14: interface.resolution.offset = value.integer(littleEndian: littleEndian) ?? 0
            default: break
            }
        }
        interfaces.append(interface)
        handOver(.interface(interface.described))
        return true
    }

    /// Ticks per second of the option `if_tsresol`: a power of ten, or of two where the top bit is set.
    private static func ticks(_ resolution: UInt8) -> UInt64 {
        let exponent = UInt64(resolution & 0x7F)
        if resolution & 0x80 != 0 { return 1 << min(exponent, 63) }
        return (0..<min(exponent, 19)).reduce(1) { power, _ in power * 10 }
    }

    private func enhancedPacket(_ reader: inout ByteReader, _ handOver: (CaptureItem) -> Void) -> Bool {
        guard let index = u32(&reader), let stamp = stamp(&reader), let kept = u32(&reader),
            let length = u32(&reader), let bytes = reader.slice(Int(kept)), Int(index) < interfaces.count
        else { return false }
        let interface = interfaces[Int(index)]
        handOver(
            .frame(
                CapturedFrame(
                    interface: interface.number, linkType: interface.described.linkType,
                    timestamp: interface.resolution.nanoseconds(stamp), originalLength: Int(length), bytes: bytes)))
        return true
    }

    private func simplePacket(_ reader: inout ByteReader, _ handOver: (CaptureItem) -> Void) -> Bool {
        guard let length = u32(&reader), let interface = interfaces.first else { return false }
        let snapLength = interface.described.snapLength
        let kept = min(Int(length), reader.remaining, snapLength == 0 ? Int.max : Int(snapLength))
        guard let bytes = reader.slice(kept) else { return false }
        handOver(
            .frame(
                CapturedFrame(
                    interface: interface.number, linkType: interface.described.linkType, timestamp: 0,
                    originalLength: Int(length), bytes: bytes)))
        return true
    }

    private func secrets(_ reader: inout ByteReader, _ handOver: (CaptureItem) -> Void) -> Bool {
        guard let type = u32(&reader), let length = u32(&reader), let bytes = reader.slice(Int(length)) else {
            return false
        }
        if type == Self.tlsKeyLog { handOver(.tlsSecrets(bytes)) }
        return true
    }

    private func statistics(_ reader: inout ByteReader, _ handOver: (CaptureItem) -> Void) -> Bool {
        guard let index = u32(&reader), let stamp = stamp(&reader), Int(index) < interfaces.count else { return false }
        let interface = interfaces[Int(index)]
        var statistics = InterfaceStatistics(
            interface: interface.number, timestamp: interface.resolution.nanoseconds(stamp))
        options(&reader) { code, value in
            var value = value
            switch code {
            case 4: statistics.received = u64(&value)
            case 5: statistics.droppedByInterface = u64(&value)
            case 7: statistics.droppedBySystem = u64(&value)
            default: break
            }
        }
        handOver(.statistics(statistics))
        return true
    }

    /// Every option of a block; broken ones end the list, since nothing after them can be found.
    private func options(_ reader: inout ByteReader, _ each: (UInt16, ByteReader) -> Void) {
        while let code = u16(&reader), let length = u16(&reader), code != 0, let value = reader.sub(Int(length)) {
            each(code, value)
            guard reader.skip((4 - Int(length) & 3) & 3) else { return }
        }
    }
}
