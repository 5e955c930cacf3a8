import LabJudge
import LabModel
import LabRunner
import LabSteps
import SupportLinux

/// What one run left, to be judged as often as one likes.
package struct RunEvidence: Sendable {
    /// The lab that it was made with, for its values.
    package let lab: ProofLab
    /// The run folder, absolute; empty for a run without one.
    package let folder: String
    package let log: EventLog
    package let steps: StepEvents
    /// What a run without a folder left.
    private let recorded: RecordedRun?

    package init(_ lab: ProofLab, folder: String) throws {
        self.init(lab, folder: folder, log: EventLog.parse(try Files.read("\(folder)/\(RunFolder.events)")))
    }

    package init(_ lab: ProofLab, _ recorded: RecordedRun) {
        self.init(lab, folder: "", log: recorded.log, recorded)
    }

    package init(_ lab: ProofLab, folder: String, log: EventLog, _ recorded: RecordedRun? = nil) {
        self.lab = lab
        self.recorded = recorded
        self.folder = folder
        self.log = log
        steps = StepEvents(log)
    }

    /// Verdicts by the checks of a lab, which may be another than the one that was performed: weaker ones, say.
    package func judge(by lab: ProofLab) -> [StepResult] {
        Judge(
            lab: lab.lab, run: folder, references: lab.loaded.judgedReferences, events: log, isLive: false,
            memory: recorded?.memory, known: recorded?.derived ?? DerivedSteps()
        ).judge()
    }

    /// Whether a step was brought to its end.
    package func isDone(_ step: String) -> Bool { steps.performed[step].map { $0.failure == nil } ?? false }
}
