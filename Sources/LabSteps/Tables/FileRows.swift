import LabModel
import SupportCrypto
import SupportQuestions

/// Artefacts of a step as rows of the `file` table.
enum FileRows {
    /// Permissions as they were when the file was made: those of a file on disk change with every copy of a run.
    static let modes = "modes.json"

    static func rows(_ names: [String], of evidence: StepEvidence) -> [Row] {
        let modes = evidence.json([String: UInt32].self, modes) ?? [:]
        return names.compactMap { name in
            guard let bytes = evidence.bytes(evidence.artefact(name)) else { return nil }
            return row(name, bytes, mode: modes[name])
        }
    }

    static func row(_ name: String, _ bytes: [UInt8], mode: UInt32?) -> Row {
        var row = RowBuilder(StepTables.file)
        row.set("lab.file.name", name)
        row.set("lab.file.size", number: bytes.count)
        row.set("lab.file.mode", number: mode)
        row.set("lab.file.content", .bytes(bytes))
        row.set("lab.file.sha256", .bytes(DigestAlgorithm.sha256.digest(of: bytes)))
        return row.row
    }
}
