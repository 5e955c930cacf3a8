import EngineNetwork
import EngineProbe
import LabModel
import LabSteps
import Testing
import Wire

@Suite("Rows of evidence")
struct EvidenceRecordTests {
    private static func expectSame(_ value: some Encodable, _ place: SourceLocation = #_sourceLocation) throws {
        let written = String(decoding: try JSON.encode(value), as: UTF8.self)
        let reference = String(decoding: try JSON.encodeByFoundation(value), as: UTF8.self)
        #expect(written == reference, sourceLocation: place)
    }

    @Test("of pings are written as their encoding has them, with every member and with none")
    func pings() throws {
        var full = PingRow(sequence: 7, outcome: .packetTooBig, roundTrip: 12_345, sent: -3)
        full.from = .v4(IPv4Address(rawValue: 0xC000_02FE))
        full.timeToLive = 255
        full.bytes = 64
        full.icmpType = 3
        full.icmpCode = 4
        full.mtu = 1280
        full.errno = -90
        try Self.expectSame([full, PingRow(sequence: 1, outcome: .timeout, sent: 0), full])
    }

    @Test("in lists of objects are written as their encoding has them, where there are some, none, or no list at all")
    func lists() throws {
        struct Holder: Encodable {
            var rows: [PingRow]
            var optional: [HopRow]?
            var before = 1
        }
        let row = PingRow(sequence: 1, outcome: .timeout, sent: .min)
        let hop = HopRow(timeToLive: .max, probe: .min, outcome: .reply)
        try Self.expectSame(Holder(rows: [row, row], optional: [hop]))
        try Self.expectSame(Holder(rows: [], optional: []))
        try Self.expectSame([Holder(rows: [row])])
        try Self.expectSame([PingRow]())
    }

    @Test("lie in memory in the order of a folder that is listed, whatever sorts before the end of a part")
    func order() {
        let memory = EvidenceMemory()
        let paths = ["e/a/b", "e/a-b/c", "e/a.b", "e/a", "e/a/b/c", "e/ab", "e/A", "e/a/1", "other/x", "e/é/z"]
        for path in paths { memory.write([1] as [UInt8], to: path) }
        let expected = paths.filter { $0.hasPrefix("e/") }.map { $0.split(separator: "/") }
            .sorted { $0.lexicographicallyPrecedes($1) }.map { $0.joined(separator: "/") }
        #expect(memory.artefacts(below: "e").map(\.path) == expected)
    }

    @Test("of traces are written as their encoding has them, with every member and with none")
    func hops() throws {
        var full = HopRow(timeToLive: 3, probe: 2, outcome: .unreachable)
        full.address = IPAddress("2001:db8::1")
        full.name = "r1 \"quoted\"\n"
        full.roundTrip = .max
        full.icmpType = 1
        full.icmpCode = 2
        full.mtu = 1500
        full.replyTimeToLive = 61
        full.quotedTimeToLive = 1
        full.rewritten = [.source, .checksum]
        full.labels = [16, 1_048_575]
        full.interface = "eth0"
        full.flow = 5
        full.star = .rateLimited
        var empty = full
        empty.rewritten = []
        empty.labels = []
        try Self.expectSame([HopRow(timeToLive: 1, probe: 1, outcome: .reply), full, empty])
    }

    @Test("of fates are written as their encoding has them: what a simulated network gave, and what it may give")
    func fates() throws {
        let full = """
            {"host": "laptop", "source": "192.0.2.1", "destination": "2001:db8::9", "timeToLive": 64, "isAnswer": true,
            "node": "r1", "reason": "too-big", "report": "rate-limited", "link": "r1-r2", "rule": 0, "mtu": 1280}
            """
        let bare = """
            {"host": "a", "source": "192.0.2.1", "destination": "192.0.2.2", "timeToLive": 1, "isAnswer": false,
            "node": "b", "reason": "lost", "report": "none"}
            """
        let fates = try [full, bare].map { try JSON.decode(PacketFate.self, from: Array($0.utf8)) }
        try Self.expectSame(fates)
        try Self.expectSame([FateRows.Record(fates[0], place: "a.yml:18"), FateRows.Record(fates[1], place: nil)])
    }
}
