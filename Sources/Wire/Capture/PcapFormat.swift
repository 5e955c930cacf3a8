/// The classic capture format of libpcap: one header, then frames, in the byte order of the machine that wrote them.
struct PcapFormat {
    static let fileHeaderLength = 24

    let interface: CaptureInterface
    private let littleEndian: Bool
    /// Units of the fractions of a second, in nanoseconds.
    private let unit: Int64
    /// Alexey Kuznetzov's variant puts eight more bytes into each record's header.
    private let recordHeaderLength: Int

    static func recognises(_ bytes: UnsafeRawBufferPointer) -> Bool { variant(bytes) != nil }

    private static func variant(_ bytes: UnsafeRawBufferPointer) -> (littleEndian: Bool, unit: Int64, header: Int)? {
        guard bytes.count >= 4 else { return nil }
        let magic = bytes.loadUnaligned(as: UInt32.self)
        for littleEndian in [true, false] {
            switch littleEndian ? UInt32(littleEndian: magic) : UInt32(bigEndian: magic) {
            case 0xA1B2_C3D4: return (littleEndian, 1000, 16)
            case 0xA1B2_3C4D: return (littleEndian, 1, 16)
            case 0xA1B2_CD34: return (littleEndian, 1000, 24)
            default: continue
            }
        }
        return nil
    }

    init?(fileHeader bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.fileHeaderLength, let variant = Self.variant(bytes) else { return nil }
        (littleEndian, unit, recordHeaderLength) = variant
        let snapLength = Self.number(bytes, 16, littleEndian)
        // The upper bits tell of frame check sequences; the number of the link type is the lower half.
        let linkType = UInt16(truncatingIfNeeded: Self.number(bytes, 20, littleEndian))
        interface = CaptureInterface(linkType: linkType, snapLength: snapLength)
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ offset: Int, _ littleEndian: Bool) -> UInt32 {
        let raw = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        return littleEndian ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw)
    }

    func recordLength(_ bytes: UnsafeRawBufferPointer, at offset: Int) throws(CaptureError) -> Int {
        guard bytes.count >= recordHeaderLength else { return recordHeaderLength }
        let kept = Int(Self.number(bytes, 8, littleEndian))
        guard kept <= CaptureReader.mostBytesPerRecord else {
            throw .malformed(offset: offset, "a frame of \(kept) bytes is announced")
        }
        return recordHeaderLength + kept
    }

    /// The frame of a whole record.
    func frame(_ bytes: UnsafeRawBufferPointer) -> CapturedFrame {
        let seconds = Int64(Self.number(bytes, 0, littleEndian))
        let fraction = Int64(Self.number(bytes, 4, littleEndian))
        return CapturedFrame(
            interface: 0, linkType: interface.linkType, timestamp: seconds * 1_000_000_000 + fraction * unit,
            originalLength: Int(Self.number(bytes, 12, littleEndian)),
            bytes: UnsafeRawBufferPointer(rebasing: bytes[recordHeaderLength...]))
    }
}
