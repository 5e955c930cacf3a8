import LabModel
import SupportLinux

extension RunJudgement {
    /// The run's record with the verdicts of this judgement; what the record of the runner says besides is taken from it,
    /// where it can still be read.
    package func record(in run: String) throws -> RunRecord {
        let start = log.events.first
        let kept = (try? Files.read("\(run)/\(RunFolder.record)")).flatMap {
            try? JSON.decode(RunRecord.self, from: $0)
        }
        var record =
            kept
            ?? RunRecord(
                id: start?.data["id"]?.string ?? "",
                lab: .init(
                    name: lab.name, title: lab.title.source, file: lab.files.first?.path ?? "", judgingDigest: "",
                    textDigest: ""),
                runner: .init(version: start?.data["version"]?.string ?? "", kernel: ""),
                student: start?.data["student"]?.string ?? "",
                seed: start?.data["seed"]?.string.flatMap(UInt64.init) ?? 0, credit: lab.credit,
                startedAt: start?.time ?? 0, finishedAt: log.events.last?.time ?? 0, sessions: [], capabilities: [:],
                variables: [:], chain: .init(events: 0, head: ""), steps: [], findings: [])
        record.credit = lab.credit
        record.language = language.text
        if language != .english || kept == nil { record.lab.title = title }
        record.lab.judgingDigest = LabDigests.judging(of: lab)
        record.lab.textDigest = LabDigests.text(of: lab.files)
        record.lab.publishedFrom = lab.edition?.publishedFrom
        record.chain = .init(events: log.events.count, head: log.head)
        record.steps = steps
        record.findings = findings
        return record
    }
}
