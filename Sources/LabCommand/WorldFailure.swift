import LabModel
import LabRunner
import LabWorld
import SupportDiagnostics

/// What to say when a lab's world cannot be had, for every command that needs one.
enum WorldFailure {
    /// Tells why, and gives the exit status that says so; an error about something else comes back as it is.
    ///
    /// - Parameter purpose: what this machine cannot do: "run the lab".
    static func told(_ error: any Error, purpose: String) -> any Error {
        switch error {
        case let refusal as PreflightError:
            Standard.error("lab: this machine cannot \(purpose): \(refusal)\n  what to do: \(refusal.help)\n")
            return LabModel.ExitStatus.preflight.exit
        case let refusal as SimulationRefusal:
            let steps = refusal.steps.map { "  \(Visible.text("\($0.place): \($0.text)"))\n" }
            Standard.error("lab: \(refusal)\n\(steps.joined())  what to do: \(refusal.help)\n")
            return LabModel.ExitStatus.preflight.exit
        case let failure as StepFailure:
            Standard.error("lab: the lab's world did not come up: \(failure.message)\n")
            return (failure.fault == .lab ? LabModel.ExitStatus.invalidInput : .inconclusive).exit
        case let failure as WorldError:
            Standard.error("lab: the lab's world did not come up, or did not hold: \(Visible.text("\(failure)"))\n")
            return LabModel.ExitStatus.inconclusive.exit
        default: return error
        }
    }
}
