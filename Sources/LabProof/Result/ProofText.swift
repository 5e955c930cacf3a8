import LabModel
import SupportDiagnostics

/// A proof as people read it.
package enum ProofText {
    /// - Parameter title: the lab's title, its values in place.
    package static func render(_ result: ProofResult, title: String) -> String {
        var lines = ["\(shown(title))", "\(result.lab) · \(shown(result.path))", ""]
        lines += reference(result)
        if !result.declared.isEmpty { lines += ["", "Declared wrong runs"] + result.declared.flatMap(declared) }
        lines += generated(result)
        if let checks = result.checks { lines += [""] + kills(checks) }
        if let seeds = result.seeds { lines += [""] + self.seeds(seeds) }
        lines += ["", conclusion(result)]
        return lines.joined(separator: "\n") + "\n"
    }

    private static func reference(_ result: ProofResult) -> [String] {
        let reference = result.reference
        let points = "\(number(reference.points)) of \(number(reference.maxPoints)) points"
        var lines: [String] = []
        if reference.troubles.isEmpty {
            lines.append("✓ the reference run earns everything: \(points)")
        } else {
            lines.append("✗ the reference run does not earn everything: \(points)")
            lines += reference.troubles.map(trouble)
        }
        if result.blank.isEmpty {
            lines.append("✓ a blank run earns nothing")
        } else {
            lines.append("✗ a run in which nobody did anything passes " + list(result.blank))
        }
        return lines
    }

    private static func trouble(_ trouble: ProofResult.Trouble) -> String {
        "    \(trouble.check): \(trouble.outcome): \(shown(trouble.reason))"
    }

    private static func declared(_ run: ProofResult.Run) -> [String] {
        let count = run.expected?.count ?? 0
        switch run.finding {
        case "as-declared":
            let waiting = run.inconclusive.isEmpty ? "" : ", \(run.inconclusive.count) not judged"
            return ["✓ \(shown(run.name)): fails \(count == 1 ? "the one" : "all \(count)") that it should\(waiting)"]
        case "differs":
            var lines = ["✗ \(shown(run.name)): " + shown(run.because ?? "")]
            for missing in run.missing ?? [] {
                lines.append("    \(missing.check) should fail, and \(word(missing.outcome))")
            }
            for name in run.unexpected ?? [] { lines.append("    \(name) fails, and is not among its `fails`") }
            return lines
        default:
            return [
                "? \(shown(run.name)): \(run.finding): \(shown(run.reason ?? "its verdicts differ between two runs"))"
            ]
        }
    }

    /// An outcome that is no failure, after "should fail, and".
    private static func word(_ outcome: String) -> String {
        switch outcome {
        case Verdict.passed.rawValue: "passes"
        case Cause.notDone.rawValue: "was not done"
        case Cause.blocked.rawValue: "waits on a step that failed"
        case Cause.machine.rawValue: "could not be checked on this machine"
        default: "was not judged"
        }
    }

    private static func generated(_ result: ProofResult) -> [String] {
        let runs = result.runs.filter { $0.expected == nil }
        guard !runs.isEmpty || !result.omitted.isEmpty else { return [] }
        let noticed = runs.count { $0.finding == "noticed" }
        var lines = ["", "Generated wrong runs", "  \(runs.count) made, \(noticed) noticed"]
        let kinds = ["step skipped", "key dropped", "stale input", "foreign input"]
        for kind in kinds {
            let own = runs.filter { $0.kind == kind }
            let seen = own.count { $0.finding == "noticed" }
            if !own.isEmpty { lines.append("    \(kind): \(seen) of \(own.count)") }
        }
        lines += told(
            "what no check notices (it may be as right, or a check is missing)",
            runs.filter { $0.finding == "unnoticed" }.map(\.name))
        for run in runs where run.finding == "inconclusive" {
            lines.append("? \(shown(run.name)): \(shown(run.reason ?? ""))")
        }
        var reasons: [String] = []
        for omitted in result.omitted where !reasons.contains(reason(omitted)) { reasons.append(reason(omitted)) }
        for reason in reasons {
            lines += told("not made: \(reason)", result.omitted.filter { self.reason($0) == reason }.map(\.name))
        }
        return lines
    }

    /// Runs that are like another are told together.
    private static func reason(_ omitted: ProofResult.Omitted) -> String {
        omitted.reason.hasPrefix("the same as") ? "the same as another" : shown(omitted.reason)
    }

    private static func told(_ what: String, _ names: [String]) -> [String] {
        guard !names.isEmpty else { return [] }
        // A name is never broken: it can be copied, for `--wrong`.
        var lines = ["  \(what)", "    "]
        for (index, name) in names.map(shown).enumerated() {
            let word = name + (index == names.count - 1 ? "" : ";")
            if lines[lines.count - 1].count + word.count > 100, lines[lines.count - 1] != "    " {
                lines.append("    ")
            }
            lines[lines.count - 1] += (lines[lines.count - 1] == "    " ? "" : " ") + word
        }
        return lines
    }

    private static func kills(_ checks: [ProofResult.Check]) -> [String] {
        let offered = checks.filter(\.isOffered)
        let survivors = offered.filter(\.isSurvivor)
        var lines = [
            survivors.isEmpty
                ? "✓ each of \(offered.count) checks fails in a wrong run in which its steps were done"
                : "✗ \(survivors.count) of \(offered.count) checks \(survivors.count == 1 ? "fails" : "fail") in no wrong run in "
                    + "which \(survivors.count == 1 ? "its" : "their") steps were done"
        ]
        let absent = checks.filter { !$0.isOffered }.map(\.name)
        if !absent.isEmpty { lines.append("? not offered on this machine, and not proved: " + list(absent)) }
        return lines
    }

    private static func seeds(_ seeds: ProofResult.Seeds) -> [String] {
        let performed = "\(seeds.loaded) variants read, \(seeds.performed.count) of them performed"
        return seeds.troubles.isEmpty
            ? ["✓ \(performed): solvable, and equal but for their values"]
            : ["✗ \(performed)"] + seeds.troubles.map(trouble)
    }

    private static func conclusion(_ result: ProofResult) -> String {
        let replayed = result.runs.count { $0.replayed }
        let runs =
            "\(result.runs.count) wrong \(result.runs.count == 1 ? "run" : "runs")"
            + (replayed == 0 ? "" : ", \(replayed) of them on the evidence of the reference run")
        let seconds = "\(number((Double(result.duration) / 1e8).rounded() / 10)) s"
        switch result.exitStatus {
        case .checkFailed where !result.reference.troubles.isEmpty,
            .inconclusive where !result.reference.troubles.isEmpty:
            return "not proved: the reference run comes first, and nothing wrong was tried; \(seconds)"
        case .passed where result.checks == nil:
            return "as declared: \(runs), \(seconds); survivors were not looked for"
        case .passed: return "proved: \(runs), \(seconds)"
        case .checkFailed: return "not proved: \(runs), \(seconds)"
        default: return "undecided: \(runs), \(seconds)"
        }
    }

    private static func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
    private static func shown(_ text: String) -> String { Visible.text(text) }
    private static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String((value * 100).rounded() / 100)
    }
}
