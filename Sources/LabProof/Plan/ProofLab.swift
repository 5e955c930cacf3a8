import LabJudge
import LabModel
import LabSteps
import SupportDiagnostics
import SupportYAML

/// A lab with its key, as a proof takes it: read once as it is, and again for every change.
package struct ProofLab: Sendable {
    package let path: String
    package let settings: LabSettings
    package let loaded: LoadedLab
    package let lab: LabDefinition

    /// Nil where the lab cannot be read; `loaded.problems` of a plain load say why.
    package init?(_ path: String, settings: LabSettings, loader: LabLoader = .standard) {
        let loaded = loader.load(path, settings: settings, edits: LabEdits())
        guard let lab = loaded.lab, !loaded.hasErrors else { return nil }
        self.path = path
        self.settings = settings
        self.loaded = loaded
        self.lab = lab
    }

    /// The lab with a change; its checks are the same.
    func changed(by change: WrongChange) -> LoadedLab {
        var settings = settings
        settings.overrides.merge(change.variables) { $1 }
        return LabLoader.standard.load(
            path, settings: settings, edits: change.edits(of: lab, catalogue: StepCatalog.schemas))
    }

    /// The same lab for another student.
    package func forStudent(_ student: String, loader: LabLoader = .standard) -> ProofLab? {
        var settings = settings
        settings.student = student
        settings.seed = nil
        return ProofLab(path, settings: settings, loader: loader)
    }

    /// The value under a step's kind, as it is written.
    func plan(of step: StepDefinition) -> YAMLNode? { loaded.tree.step(step.id)?.value(of: step.kind) }
}

extension ProofLab {
    /// Answers that are not those of the key, in words that differ where they do; empty where none is.
    func changedAnswers(_ change: WrongChange) -> String {
        change.answers.filter { lab.key?.answers[$0.key]?.value != $0.value }
            .sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "\n")
    }
}

extension StepDefinition {
    /// Whether a field of the plan is a text for the student, which changes nothing that is done.
    func isProse(_ field: String) -> Bool {
        StepCatalog.kind(named: kind)?.schema.field(field)?.isProse ?? false
    }

    /// Steps whose performing only writes down what shall be looked at: another plan of theirs can be judged on the
    /// evidence of any run.
    var isPassive: Bool { kind == DecryptKind.schema.name }
}
