import LabJudge
import LabModel
import LabSteps
import SupportLinux

/// What one run left, to be judged as often as one likes.
package struct RunEvidence: Sendable {
    /// The lab that it was made with, for its values.
    package let lab: ProofLab
    /// The run folder, absolute.
    package let folder: String
    package let log: EventLog
    package let steps: StepEvents

    init(_ lab: ProofLab, folder: String) throws {
        self.init(lab, folder: folder, log: EventLog.parse(try Files.read("\(folder)/\(RunFolder.events)")))
    }

    package init(_ lab: ProofLab, folder: String, log: EventLog) {
        self.lab = lab
        self.folder = folder
        self.log = log
        steps = StepEvents(log)
    }

    /// Verdicts by the checks of a lab, which may be another than the one that was performed: weaker ones, say.
    package func judge(by lab: ProofLab) -> [StepResult] {
        Judge(
            lab: lab.lab, run: folder, references: lab.loaded.judgedReferences, events: log, isLive: false
        ).judge()
    }

    /// Whether a step was brought to its end.
    package func isDone(_ step: String) -> Bool { steps.performed[step].map { $0.failure == nil } ?? false }
}
