import Foundation
import LabModel
import LabTestSupport
import SupportCrypto
import Testing

/// Verdicts come from the evidence of a run, and from nothing else.
@Suite("Evidence", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct EvidenceTests {
    static let capture = "evidence/record/capture.pcapng"
    static let keyLog = "evidence/again/sslkeylogfile.txt"
    /// All checks that look into the capture by means of the key log.
    static let opened = [
        "opened.http1", "opened.http2", "opened.plain", "opened.client-leg", "opened.site-leg", "opened.compressed",
        "opened.chunked", "opened.direct",
    ]

    // MARK: Judging again

    @Test("a run is judged the same on a machine without labs, and without anything derived")
    func again() async throws {
        let run = try await ReferenceRun.shared()
        let copy = try RunCopy(of: run)
        let first = try await copy.check()
        #expect(first.outcomes == run.judged.outcomes)
        #expect(first.findings == [])
        #expect(first.points == run.judged.points)
        try copy.remove("run.json")
        try copy.remove("report.html")
        // Copies lose permissions, which were therefore written down when they mattered.
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644], ofItemAtPath: copy.folder + "/" + Self.keyLog)
        let second = try await copy.check()
        #expect(second.outcomes == run.judged.outcomes)
        #expect(second.points == run.judged.points)
        #expect(second.findings.count == 1)
        #expect(second.findings.first?.contains("run.json is missing") == true)
    }

    @Test("a failed run fails in the same places when it is judged again")
    func failedAgain() async throws {
        let run = try await ReferenceRun.spoiled()
        let copy = try RunCopy(of: run)
        #expect(try await copy.check().outcomes == run.judged.outcomes)
        try copy.remove("run.json")
        #expect(try await copy.check().outcomes == run.judged.outcomes)
    }

    // MARK: Changed evidence

    @Test("one flipped bit of ciphertext takes back what rests on the capture")
    func flipped() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        try flipHTTP2(copy)
        let run = try await copy.check()
        #expect(run.exitStatus == 1)
        #expect(run.outcomes["opened.direct"] == "failed")
        #expect(run.findings == ["\(Self.capture) was changed after the run"])
        for name in Self.opened where !["opened.direct", "opened.http2"].contains(name) {
            #expect(run.outcomes[name] == "machine", "\(name)")
            #expect(run.check(name)?.reason.contains(Self.capture) == true)
        }
        #expect(run.outcomes["trace-name.way"] == "passed")
        let told = try await copy.checkAsText()
        #expect(told.output.contains("\(Self.capture) was changed after the run"))
    }

    @Test("ciphertext decides also where a forger rewrites every digest")
    func flippedAndForged() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        try flipHTTP2(copy)
        try forge(copy)
        #expect(try await copy.check().troubles["opened.direct"] == "failed")
        #expect(try await copy.check().troubles["opened.client-leg"] == nil)

        let other = try RunCopy(of: try await ReferenceRun.shared())
        var bytes = try other.read(Self.capture)
        let records = Ciphertext.records(in: bytes, from: 9000, longerThan: 160)
        #expect(records.count == 3, "a response to each of the three pages")
        for record in records { record.flip(in: &bytes) }
        try other.write(bytes, Self.capture)
        try forge(other)
        #expect(try await other.check().troubles == ["opened.client-leg": "failed", "closed.token": "blocked"])
    }

    private func flipHTTP2(_ copy: RunCopy) throws {
        var bytes = try copy.read(Self.capture)
        let last = try #require(Ciphertext.records(in: bytes, from: 443, longerThan: 160).last)
        last.flip(in: &bytes)
        try copy.write(bytes, Self.capture)
    }

    @Test("an exchanged key log changes the verdicts, forged digests or not", arguments: [false, true])
    func keyLogs(forged: Bool) async throws {
        let other = try await ReferenceRun.spoiled()
        let strange = Array(try Data(contentsOf: URL(fileURLWithPath: other.folder + "/" + Self.keyLog)))
        #expect(strange.count > 500)
        for (bytes, words) in [([], "the key log is empty"), (strange, "belongs to another session")] {
            let copy = try RunCopy(of: try await ReferenceRun.shared())
            try copy.write(bytes, Self.keyLog)
            if forged { try forge(copy) }
            let run = try await copy.check()
            for name in Self.opened {
                #expect(run.outcomes[name] == "failed", "\(name)")
                #expect(run.check(name)?.reason.contains(words) == true)
            }
            #expect(run.outcomes["closed.token"] == "blocked")
            #expect(run.findings.contains("\(Self.keyLog) was changed after the run") == !forged)
        }
    }

    @Test("evidence that is missing, or was added, is told and helps nobody")
    func missingAndAdded() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        try copy.remove("evidence/ping-dead/ping.json")
        try copy.write(Array("{}".utf8), "evidence/trace-name/failure.json")
        let run = try await copy.check()
        #expect(
            Set(run.findings) == [
                "evidence/ping-dead/ping.json is missing", "evidence/trace-name/failure.json was added after the run",
            ])
        #expect(run.outcomes["ping-dead.tried"] == "failed")
        #expect(run.outcomes["ping-dead.reply"] == "machine")
        #expect(run.outcomes["trace-name.way"] == "machine")
    }

    // MARK: Edited events

    @Test("editing the events of a failed run improves nothing and is told", arguments: EventEdit.all, [false, true])
    func edited(edit: EventEdit, rechained: Bool) async throws {
        let original = try await ReferenceRun.spoiled()
        let copy = try RunCopy(of: original)
        try edit.apply(to: copy, rechained: rechained)
        let run = try await copy.check()
        for check in original.judged.checks {
            let now = run.outcomes[check.name].map(rank) ?? 0
            #expect(
                now <= rank(check.outcome), "\(check.name): \(check.outcome), now \(run.outcomes[check.name] ?? "-")")
        }
        #expect(run.points <= original.judged.points)
        #expect(run.exitStatus == 1)
        #expect(run.findings.contains { $0.contains("events.jsonl") })
        let told = try await copy.checkAsText()
        #expect(told.status == 1)
        #expect(told.output.contains("events.jsonl"))
    }

    @Test("editing the events of a passed run takes its verdicts back", arguments: [false, true])
    func editedPass(rechained: Bool) async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        let edit = EventEdit("a note") { events in
            if let index = events.firstIndex(where: { $0.event == "step-finished" }) { events[index].time += 1 }
        }
        try edit.apply(to: copy, rechained: rechained)
        let run = try await copy.check()
        #expect(run.exitStatus == 3)
        #expect(run.checks.allSatisfy { $0.outcome == "machine" && $0.points == 0 })
        #expect(
            run.findings == [
                rechained
                    ? "events.jsonl is not the one that run.json was made from"
                    : "events.jsonl was changed after the run: line 5 does not follow from the line before"
            ])
    }

    @Test("with run.json gone as well, a forged chain is told as unconfirmed, and packets still decide")
    func withoutRecord() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.spoiled())
        // The wrong key log, now under the name of the right one: no line of events opens a packet.
        try copy.write(try copy.read("evidence/mitm/first.txt"), Self.keyLog)
        try EventEdit.all[0].apply(to: copy, rechained: true)
        try forge(copy)
        let run = try await copy.check()
        #expect(run.findings.count == 1)
        #expect(run.findings.first?.contains("run.json is missing") == true)
        for name in Self.opened { #expect(run.outcomes[name] == "failed", "\(name)") }
    }

    /// Makes every digest and the whole chain fit the evidence as it is now, and removes the record that knew the old.
    private func forge(_ copy: RunCopy) throws {
        var events = EventLog.parse(try copy.read("events.jsonl")).events
        for index in events.indices where events[index].event == "artefact" {
            guard let path = events[index].data["path"]?.string else { continue }
            let digest = Hex.string(DigestAlgorithm.sha256.digest(of: try copy.read(path)))
            events[index].data = ["path": .string(path), "sha256": .string(digest)]
        }
        try EventEdit.write(events, to: copy, rechained: true)
        try copy.remove("run.json")
    }

    /// How good an outcome is for whoever is judged.
    private func rank(_ outcome: String) -> Int {
        switch outcome {
        case "passed": 3
        case "machine": 2
        case "failed": 0
        default: 1
        }
    }
}
