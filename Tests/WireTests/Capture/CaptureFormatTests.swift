import Testing
import Wire

@Suite("Capture files are read as they arrive and written so that they read the same")
struct CaptureFormatTests {
    /// What a reader handed over, in a form to compare.
    enum Seen: Equatable {
        case interface(CaptureInterface)
        case frame(Int, Int64, Int, [UInt8])
        case secrets([UInt8])
        case statistics(InterfaceStatistics)
    }

    static func read(_ file: [UInt8], pieces size: Int = Int.max) -> ([Seen], CaptureError?) {
        var seen: [Seen] = []
        var reader = CaptureReader()
        do throws(CaptureError) {
            var start = 0
            while start < file.count {
                let piece = Array(file[start..<min(file.count, start &+ min(size, file.count))])
                start += piece.count
                let result = piece.withUnsafeBytes { bytes -> Result<Void, CaptureError> in
                    do throws(CaptureError) {
                        try reader.consume(bytes) { item in
                            switch item {
                            case .interface(let interface): seen.append(.interface(interface))
                            case .frame(let frame):
                                seen.append(
                                    .frame(frame.interface, frame.timestamp, frame.originalLength, Array(frame.bytes)))
                            case .tlsSecrets(let bytes): seen.append(.secrets(Array(bytes)))
                            case .statistics(let statistics): seen.append(.statistics(statistics))
                            }
                        }
                        return .success(())
                    } catch { return .failure(error) }
                }
                try result.get()
            }
            try reader.finish()
            return (seen, nil)
        } catch { return (seen, error) }
    }

    private static let statistics = InterfaceStatistics(
        interface: 1, timestamp: 99, received: 7, droppedByInterface: 0, droppedBySystem: 2)

    private static let sample: [UInt8] = {
        var writer = CaptureWriter()
        let first = writer.addInterface(CaptureInterface(linkType: 1, name: "laptop"))
        let second = writer.addInterface(CaptureInterface(linkType: 276, snapLength: 5, name: "any"))
        writer.tlsSecrets(Array("CLIENT_RANDOM 00 11\n".utf8))
        writer.frame([1, 2, 3], interface: first, timestamp: 1_700_000_000_123_456_789)
        writer.frame([9, 8, 7, 6, 5, 4, 3], interface: second, timestamp: 5)
        writer.frame([], interface: first, timestamp: 6, originalLength: 60)
        writer.frame([1], interface: 17, timestamp: 6)
        writer.statistics(statistics)
        return writer.drain()
    }()

    private static let expected: [Seen] = [
        .interface(CaptureInterface(linkType: 1, name: "laptop")),
        .interface(CaptureInterface(linkType: 276, snapLength: 5, name: "any")),
        .secrets(Array("CLIENT_RANDOM 00 11\n".utf8)),
        .frame(0, 1_700_000_000_123_456_789, 3, [1, 2, 3]), .frame(1, 5, 7, [9, 8, 7, 6, 5]), .frame(0, 6, 60, []),
        .statistics(statistics),
    ]

    @Test(
        "several interfaces, secrets and statistics come back, whatever the size of the pieces",
        arguments: [1, 2, 3, 7, 31, 4096])
    func roundTrip(size: Int) {
        let (seen, error) = Self.read(Self.sample, pieces: size)
        #expect(seen == Self.expected)
        #expect(error == nil)
    }

    @Test("cut at every length, what is whole is there and the cut is told")
    func truncated() {
        for length in 0..<Self.sample.count {
            let (seen, error) = Self.read(Array(Self.sample.prefix(length)))
            #expect(Self.expected.starts(with: seen))
            if error == nil { #expect(Self.read(Array(Self.sample.prefix(length)), pieces: 1).1 == nil) }
        }
    }

    @Test("every single byte replaced by extremes never traps")
    func mutated() {
        for index in Self.sample.indices {
            for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                var changed = Self.sample
                changed[index] = value
                let (seen, _) = Self.read(changed)
                #expect(seen.count <= Self.expected.count + 1)
            }
        }
    }

    private static func pcap(magic: UInt32, littleEndian: Bool, extra: Int = 0) -> [UInt8] {
        var file = ByteWriter()
        file.integer(magic, littleEndian: littleEndian)
        file.integer(UInt16(2), littleEndian: littleEndian)
        file.integer(UInt16(4), littleEndian: littleEndian)
        file.integer(UInt64(0), littleEndian: littleEndian)
        file.integer(UInt32(65535), littleEndian: littleEndian)
        file.integer(UInt32(113), littleEndian: littleEndian)
        for number: UInt32 in [10, 7, 3, 60] { file.integer(number, littleEndian: littleEndian) }
        file.zeros(extra)
        file.append([1, 2, 3])
        return file.bytes
    }

    @Test("pcap in either byte order, with micro- and nanoseconds, and in the modified form")
    func pcap() {
        for littleEndian in [true, false] {
            for (magic, unit, extra) in [
                (UInt32(0xA1B2_C3D4), Int64(1000), 0), (0xA1B2_3C4D, 1, 0), (0xA1B2_CD34, 1000, 8),
            ] {
                let (seen, error) = Self.read(
                    Self.pcap(magic: magic, littleEndian: littleEndian, extra: extra), pieces: 1)
                #expect(
                    seen == [
                        .interface(CaptureInterface(linkType: 113, snapLength: 65535)),
                        .frame(0, 10_000_000_000 + 7 * unit, 60, [1, 2, 3]),
                    ])
                #expect(error == nil)
            }
        }
    }

    @Test("what the pcap writer writes is read")
    func pcapWriter() {
        var writer = PcapWriter(linkType: 1, snapLength: 4)
        writer.frame([1, 2, 3, 4, 5], timestamp: 3_000_002_000)
        let (seen, error) = Self.read(writer.drain())
        #expect(
            seen == [
                .interface(CaptureInterface(linkType: 1, snapLength: 4)), .frame(0, 3_000_002_000, 5, [1, 2, 3, 4]),
            ])
        #expect(error == nil)
    }

    @Test("a file that is something else, an empty one, and an impossible length have their own errors")
    func errors() {
        #expect(Self.read(Array("<html>".utf8)).1 == .notACapture(Array("<htm".utf8)))
        #expect(Self.read([]).1 == .notACapture([]))
        var huge = Self.pcap(magic: 0xA1B2_C3D4, littleEndian: true)
        for index in 32..<36 { huge[index] = 0xFF }
        guard case .malformed(offset: 24, _)? = Self.read(huge).1 else {
            Issue.record("an impossible length was accepted")
            return
        }
        let cut = Self.pcap(magic: 0xA1B2_C3D4, littleEndian: true).dropLast()
        #expect(Self.read(Array(cut)).1 == .truncated(offset: 24, missing: 1))
    }

    @Test("a second section brings its own byte order and interfaces")
    func sections() {
        var second = CaptureWriter()
        let number = second.addInterface(CaptureInterface(linkType: 101))
        second.frame([4], interface: number, timestamp: 1)
        let (seen, error) = Self.read(Self.sample + second.drain(), pieces: 5)
        #expect(error == nil)
        #expect(seen.suffix(2) == [.interface(CaptureInterface(linkType: 101)), .frame(2, 1, 1, [4])])
    }
}
