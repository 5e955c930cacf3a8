import LabModel
import SupportQuestions

/// `file`: takes a file that the student hands in.
package enum FileKind: StudentStepKind {
    package static let line = Table(
        "line", "a line of a file that was handed in",
        fields: [
            Field("lab.line.number", .unsigned, "its number, from 1"),
            Field("lab.line.text", .string, "the line without its end; bytes that are no UTF-8 are replaced"),
        ])

    package static let schema = StepSchema(
        "file", "takes a file that the student hands in",
        fields: [
            PlanField("name", .string, required: true, "its path in the folder that is handed in"),
            PlanField(
                "at-most", .integer(1...GivenFile.largest), default: .int(1 << 20),
                "how large it may be, in bytes; a larger one is not taken"),
        ],
        shorthand: "name",
        results: [ResultField("file", .string, "the file in the run folder, for `decrypt` and the like")],
        tables: [StepTables.file, line],
        guide: .file)

    /// Files of this many lines are logs; what comes after them is looked at as `lab.file.content` alone.
    private static let mostLines = 20_000

    package static func nothing(_ plan: StepPlan) -> Reason { .nothingHandedIn(path: plan.string("name") ?? "") }

    package static func receive(_ plan: StepPlan, from student: any StudentContext) async throws -> Submission? {
        let name = try plan.required("name")
        guard GivenFile.isName(name) else {
            throw StepFailure(.lab, "`\(name)` names no file in the folder that is handed in")
        }
        guard let bytes = try await student.file(name, limit: plan.int("at-most") ?? 1 << 20) else { return nil }
        let artefact = "handed-in/" + Paths.last(name)
        return Submission(
            artefacts: [(artefact, bytes)],
            outcome: StepOutcome(
                results: ["file": .string("\(RunFolder.evidence)/\(student.step)/\(artefact)")],
                notes: ["handed in: \(name), \(Plural.count(bytes.count, "byte", "bytes"))"]))
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let path = evidence.results["file"]?.string, let bytes = evidence.bytes(path) else { return Derived() }
        let file = FileRows.row(evidence.plan.string("name") ?? Paths.last(path), bytes, mode: nil)
        var explanations: [String] = []
        var lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: mostLines, omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if lines.count > mostLines {
            lines.removeLast()
            explanations.append("only the first \(mostLines) lines are looked at")
        }
        let rows = lines.enumerated().map { index, bytes in
            var row = RowBuilder(line)
            row.set("lab.line.number", number: index + 1)
            row.set(
                "lab.line.text",
                String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self))
            return row.row
        }
        return Derived(
            tables: [
                TableRows(StepTables.file, [file], provenance: .recomputed),
                TableRows(line, rows, provenance: .recomputed),
            ], explanations: explanations)
    }
}
