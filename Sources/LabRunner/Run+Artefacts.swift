import LabJudge
import LabModel
import LabSteps
import SupportLinux

/// What a simulated run left that has no folder.
package struct RecordedRun: Sendable {
    package let memory: EvidenceMemory
    package let log: EventLog
    /// What the run derived already, for a judge of it.
    package let derived: DerivedSteps
}

/// The evidence of a run: files in its folder, or in memory where it has none.
extension Run {
    func artefacts(of step: String) throws -> [(path: String, sha256: String)] {
        try memory?.artefacts(below: "\(RunFolder.evidence)/\(step)") ?? Artefacts.list(of: step, in: path)
    }

    func maskArtefacts(of step: String, _ redaction: Redaction) throws {
        let folder = "\(RunFolder.evidence)/\(step)"
        if let memory {
            memory.mask(folder, redaction)
        } else {
            try SecretMasking.mask(folder, in: path, redaction)
        }
    }

    func setAside(of step: String, attempt: Int) throws {
        if let memory {
            let folder = "\(RunFolder.evidence)/\(step)"
            memory.move(folder, to: "\(folder).attempt-\(attempt)")
        } else {
            try Artefacts.setAside(of: step, attempt: attempt, in: path)
        }
    }

    func keep(_ submission: Submission, of step: StepDefinition) throws -> StepOutcome {
        for (name, bytes) in submission.artefacts {
            if let memory {
                memory.write(bytes, to: RunFolder.artefact(name, of: step.id))
            } else {
                try keep(bytes, as: name, of: step)
            }
        }
        return submission.outcome
    }

    func keep(_ value: some Encodable & Sendable, as name: String, of step: StepDefinition) throws {
        if let memory {
            try memory.write(value, to: RunFolder.artefact(name, of: step.id))
        } else {
            try keep(try JSON.encode(value), as: name, of: step)
        }
    }

    private func keep(_ bytes: [UInt8], as name: String, of step: StepDefinition) throws {
        let target = "\(path)/\(RunFolder.artefact(name, of: step.id))"
        try Files.createDirectories(Paths.folder(target), mode: 0o755)
        try Files.writeAtomically(bytes, to: target)
    }
}
