import Glibc
internal import LabModel

/// Paths as people are told them: from where they stand.
package enum ShownPath {
    /// The path without the folder in front of it; as it is where it lies elsewhere.
    package static func relative(_ path: String, to folder: String?) -> String {
        guard let folder, folder != "/", path.hasPrefix(folder + "/") else { return path }
        return String(path.dropFirst(folder.count + 1))
    }

    package static func workingDirectory() -> String? {
        guard let name = getcwd(nil, 0) else { return nil }
        defer { free(name) }
        return String(cString: name)
    }
}

extension StepResult {
    /// The step with the files of its checks as people are told them: `lab/week2.yml` within the run folder.
    func shown(from folders: String?...) -> StepResult {
        var step = self
        if let attempts = step.attempts {
            step.notes.append("performed \(attempts) times, because \(step.retriedBecause ?? "the lab allows it")")
        }
        for (index, cost) in (step.hintCosts ?? []).enumerated() where cost > 0 && index < step.hints.count {
            step.hints[index] += " (costs \(Figures.points(cost)) \(cost == 1 ? "point" : "points"))"
        }
        step.hintCosts = nil
        step.attempts = nil
        for index in step.checks.indices {
            if step.checks[index].visibility == .hidden { step.checks[index].hide(number: index + 1) }
            for folder in folders {
                step.checks[index].file = ShownPath.relative(step.checks[index].file, to: folder)
            }
        }
        return step
    }
}

extension StepResult {
    /// What is told of the step while the run goes on.
    var whileRunning: StepResult {
        var step = self
        step.checks.removeAll { $0.visibility == .afterRun }
        return step
    }
}

extension CheckResult {
    /// Leaves only what the check came to.
    fileprivate mutating func hide(number: Int) {
        check = "hidden-\(number)"
        name = "\(step).\(check)"
        question = ""
        if verdict == .passed { reason = "" } else { explain(.notTold) }
        terms = []
        table = ""
        rows = 0
        file = ""
        line = 0
        column = 0
        display = ""
    }
}

extension RunRecord {
    func shown(from folder: String) -> RunRecord {
        var record = self
        record.steps = steps.map { $0.shown(from: folder) }
        return record
    }
}
