import Foundation
import LabModel
import LabRunner
import LabTestSupport
import Testing

@Suite struct EventRecorderTests {
    @Test("what is recorded is in the file at once, chained, and read back whole")
    func chain() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/events.jsonl"
        let recorder = try EventRecorder(path: path) { 42 }
        for number in 0..<3 { try recorder.record("event", step: "s", ["n": .int(Int64(number))]) }
        let log = EventLog.parse([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))))
        #expect(log.brokenAt == nil)
        #expect(log.events == recorder.events)
        #expect(log.head == recorder.chain.head)
        #expect(recorder.chain.events == 3)
    }

    @Test("an events file that is there already is never written over")
    func refusesExisting() throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/events.jsonl"
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self) { try EventRecorder(path: path) { 0 } }
    }
}
