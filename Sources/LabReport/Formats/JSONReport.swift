import FoundationEssentials
package import LabModel
import SupportDiagnostics

/// `--format json` and `--report json:FILE`: everything a run holds, and what follows from it, for programs.
///
/// The keys of the record in snake case, sorted, with `format` as the version of the schema: keys may be added under the
/// same number, never removed, renamed or given another meaning.
package struct JSONReport: ReportFormat {
    package let name = "json"
    package let extensions = ["json"]

    package init() {}

    package func render(_ record: RunRecord, _ context: ReportContext) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        let bytes = try encoder.encode(JSONDocument(record: record, folder: context.folder))
        return Array(Self.visible(String(decoding: bytes, as: UTF8.self)).utf8) + [0x0A]
    }

    /// The same document with what could move a terminal or hide written as `\uXXXX`. Such characters stand in strings
    /// only, where the escape means the same.
    private static func visible(_ document: String) -> String {
        var result = ""
        result.reserveCapacity(document.utf8.count)
        for scalar in document.unicodeScalars {
            if scalar.value < 0x7F || Visible.text(String(scalar)) == String(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                for unit in String(scalar).utf16 {
                    let hex = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
            }
        }
        return result
    }
}

/// The record with what people would compute from it.
private struct JSONDocument: Encodable {
    let record: RunRecord
    let folder: String

    private enum Key: String, CodingKey {
        case checksTotal, durationNs, exitStatus, finished, folder, headline, maxPoints, next, pendingPoints, points
        case started, steps, verdicts, waitedNs
    }

    func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        let summary = RunSummary(record, folder: folder, .english)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(summary.exit.rawValue, forKey: .exitStatus)
        try container.encode(UTCTime(nanoseconds: record.startedAt).text, forKey: .started)
        try container.encode(UTCTime(nanoseconds: record.finishedAt).text, forKey: .finished)
        try container.encode(folder, forKey: .folder)
        try container.encode(summary.headline, forKey: .headline)
        try container.encode(summary.next, forKey: .next)
        try container.encode(summary.points, forKey: .points)
        try container.encode(summary.maxPoints, forKey: .maxPoints)
        try container.encode(summary.pending, forKey: .pendingPoints)
        try container.encode(summary.duration, forKey: .durationNs)
        try container.encode(summary.waited, forKey: .waitedNs)
        try container.encode(summary.checks, forKey: .checksTotal)
        try container.encode(JSONVerdicts(summary), forKey: .verdicts)
        try container.encode(record.steps.map { JSONStep(step: $0, credit: record.credit) }, forKey: .steps)
    }
}

private struct JSONVerdicts: Encodable {
    let passed: Int
    let failed: Int
    let inconclusive: Int
    let blocked: Int
    let notDone: Int
    let machine: Int

    init(_ summary: RunSummary) {
        passed = summary.passed
        failed = summary.failed
        blocked = summary.waiting
        notDone = summary.notDone
        machine = summary.unchecked
        inconclusive = summary.waiting + summary.notDone + summary.unchecked
    }
}

private struct JSONStep: Encodable {
    let step: StepResult
    let credit: Credit

    private enum Key: String, CodingKey { case checks, demonstrated, maxPoints, outcome, points }

    func encode(to encoder: any Encoder) throws {
        try step.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(step.outcome.rawValue, forKey: .outcome)
        try container.encode(step.isDemonstration(credit: credit), forKey: .demonstrated)
        try container.encode(step.points, forKey: .points)
        try container.encode(step.maxPoints, forKey: .maxPoints)
        try container.encode(step.checks.map(JSONCheck.init), forKey: .checks)
    }
}

private struct JSONCheck: Encodable {
    let check: CheckResult

    private enum Key: String, CodingKey { case cause, outcome, says }

    func encode(to encoder: any Encoder) throws {
        try check.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        // Told also where there is none: a reader need not know which keys may be missing.
        try container.encode(check.cause, forKey: .cause)
        try container.encode(check.outcome.rawValue, forKey: .outcome)
        try container.encode(check.sentence(.english), forKey: .says)
    }
}
