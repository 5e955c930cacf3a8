import LabModel
import Testing

@Suite struct EventLogTests {
    private func lines(_ count: Int) throws -> [[UInt8]] {
        var previous = Event.start
        return try (0..<count).map { index in
            let event = Event(
                seq: index, time: Int64(index), actor: .runner, step: nil, event: "event",
                data: ["n": .int(Int64(index))],
                previous: previous)
            let line = try JSON.encode(event)
            previous = Event.hash(of: line)
            return line
        }
    }

    private func joined(_ lines: [[UInt8]]) -> [UInt8] { Array(lines.map { $0 + [0x0A] }.joined()) }

    @Test("an untouched log has no break")
    func whole() throws {
        let log = EventLog.parse(joined(try lines(5)))
        #expect(log.brokenAt == nil)
        #expect(log.events.count == 5)
    }

    @Test("a changed line breaks the chain at the line after it", arguments: 0..<4)
    func changed(index: Int) throws {
        var lines = try lines(5)
        let text = String(decoding: lines[index], as: UTF8.self).replacing(
            "\"event\":\"event\"", with: "\"event\":\"other\"")
        lines[index] = Array(text.utf8)
        #expect(EventLog.parse(joined(lines)).brokenAt == index + 2)
    }

    @Test("a line that was taken out, or put in twice, breaks the chain")
    func removedAndDoubled() throws {
        var removed = try lines(5)
        removed.remove(at: 2)
        #expect(EventLog.parse(joined(removed)).brokenAt == 3)
        var doubled = try lines(5)
        doubled.insert(doubled[1], at: 1)
        #expect(EventLog.parse(joined(doubled)).brokenAt == 3)
    }

    @Test("lines cut off at the end leave a log whose head differs")
    func cut() throws {
        let lines = try lines(5)
        let cut = EventLog.parse(joined(Array(lines.prefix(3))))
        #expect(cut.brokenAt == nil)
        #expect(cut.head != EventLog.parse(joined(lines)).head)
    }

    @Test("a log cut at any byte is read without a trap")
    func truncated() throws {
        let bytes = joined(try lines(3))
        for length in 0...bytes.count { _ = EventLog.parse(Array(bytes.prefix(length))) }
    }
}
