import Foundation
import LabModel
import LabSteps
import LabTestSupport
import SupportQuestions

/// A step's artefacts made by hand, and what its kind derives from them.
final class Artefacts: Sendable {
    private let home = TemporaryFolder()
    private let kind: String
    private let plan: [String: Value]
    private let results: [String: Value]

    /// - Parameter files: by their path below `evidence/`; the step is called `step`.
    init(
        _ kind: String, plan: [String: Value] = [:], results: [String: Value] = [:], _ files: [String: String]
    ) throws {
        self.kind = kind
        self.plan = plan
        self.results = results
        for (path, text) in files {
            let folder = (home.path + "/evidence/" + path as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            home.write(Array(text.utf8), to: "evidence/" + path)
        }
    }

    var evidence: StepEvidence {
        StepEvidence(
            step: "step", kind: kind, host: "laptop", plan: StepPlan(plan), results: results, window: 100...200,
            run: home.path)
    }

    var derived: Derived { StepCatalog.kind(named: kind)?.derive(evidence) ?? Derived() }
}

extension [TableRows] {
    /// The values of some fields on every row of a table, `-` where a row has none.
    func values(_ table: String, _ fields: String...) -> [[String]] {
        filter { $0.table.name == table }.flatMap { rows in
            rows.rows.map { row in
                fields.map { field in
                    let values = rows.table.slot(of: field).map { row.values(at: $0).map(\.text) } ?? ["no such field"]
                    return values.isEmpty ? "-" : values.joined(separator: ",")
                }
            }
        }
    }
}
