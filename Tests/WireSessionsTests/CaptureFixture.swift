import Glibc
import LabTestSupport
import SupportQuestions
import Testing
import Wire
import WireSessions

/// A capture of `Fixtures/Captures` with its key log, and views of what reading it gives.
struct CaptureFixture: Sendable, CustomTestStringConvertible {
    let name: String
    let capture: [UInt8]
    let keyLog: [UInt8]

    static let names = [
        "h2", "keyupdate", "network", "plain-h1", "refused", "retry", "tls12-cbc", "tls12-ccm", "tls12-chacha",
        "tls12-h1", "tls13-h1", "tls13-v6", "tunnel", "h3", "h3-0rtt", "h3-aes256", "h3-chacha", "h3-keyupdate",
        "h3-migration", "h3-negotiation", "h3-retry", "h3-v2",
    ]

    init(_ name: String) {
        self.name = name
        capture = Self.slurp(Repository.fixture("Captures/\(name)/capture.pcap"))
        keyLog = Self.slurp(Repository.fixture("Captures/\(name)/keys.log"))
    }

    var testDescription: String { name }
    var capturePath: String { Repository.fixture("Captures/\(name)/capture.pcap") }
    var keyLogPath: String { Repository.fixture("Captures/\(name)/keys.log") }

    static func slurp(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "rb") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&piece, 1, piece.count, file), count > 0 { bytes += piece[..<count] }
        return bytes
    }

    /// Everything there is to read, with the fixture's own keys or others.
    func read(keys: [UInt8]? = nil) -> SessionRows {
        Sessions.read(capture, SessionConfiguration(keyLog: KeyLog(keys ?? keyLog))).0
    }

    /// The frames of the capture, to be written again in another way.
    var frames: [(bytes: [UInt8], time: Int64)] {
        var frames: [(bytes: [UInt8], time: Int64)] = []
        var reader = CaptureReader()
        capture.withUnsafeBytes { bytes in
            do throws(CaptureError) {
                try reader.consume(bytes) { item in
                    if case .frame(let frame) = item { frames.append((Array(frame.bytes), frame.timestamp)) }
                }
            } catch {}
        }
        return frames
    }

    static func write(_ frames: [(bytes: [UInt8], time: Int64)]) -> [UInt8] {
        var writer = PcapWriter(linkType: LinkType.ethernet.rawValue)
        for frame in frames { writer.frame(frame.bytes, timestamp: frame.time) }
        return writer.drain()
    }

    /// Bytes of TCP payload, for Ethernet with IPv4 or IPv6 without options.
    static func payload(_ frame: [UInt8]) -> Range<Int>? {
        let transport = frame[12] == 0x08 ? 14 + 20 : 14 + 40
        let proto = frame[12] == 0x08 ? frame[23] : frame[20]
        guard proto == 6, frame.count > transport + 20 else { return nil }
        let start = transport + Int(frame[transport + 12] >> 4) * 4
        return start < frame.count ? start..<frame.count : nil
    }
}

extension Row {
    func text(_ field: ExchangeField) -> String? { first(at: field.slot).flatMap(Self.text) }
    func said(_ field: StreamField) -> String? { first(at: field.slot).flatMap(Self.text) }
    func number(_ field: ExchangeField) -> UInt64? { first(at: field.slot).flatMap(Self.number) }
    func counted(_ field: StreamField) -> UInt64? { first(at: field.slot).flatMap(Self.number) }
    func numbers(_ field: FrameField) -> [UInt64] { values(at: field.slot).compactMap(Self.number) }
    func texts(_ field: FrameField) -> [String] { values(at: field.slot).compactMap(Self.text) }
    func has(_ field: FrameField) -> Bool { first(at: field.slot) != nil }

    func bytes(_ field: ExchangeField) -> [UInt8] {
        if case .bytes(let bytes)? = first(at: field.slot) { return bytes }
        return []
    }

    private static func text(_ value: FieldValue) -> String? {
        if case .string(let text) = value { return text }
        return nil
    }

    private static func number(_ value: FieldValue) -> UInt64? {
        if case .unsigned(let number) = value { return number }
        return nil
    }
}

extension SessionRows {
    /// `METHOD URL CODE LENGTH` of every exchange.
    var outline: [String] {
        exchanges.map { row in
            "\(row.text(.httpMethod) ?? "?") \(row.text(.httpUrl) ?? "?") \(row.number(.httpCode) ?? 0) "
                + "\(row.number(.httpBodyLength) ?? 0)"
        }
    }

    var statuses: [String] { streams.compactMap { $0.said(.tlsStatus) } }
}

/// Deterministic draws for mutations (SplitMix64).
struct Draws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
