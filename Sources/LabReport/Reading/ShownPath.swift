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
        for index in step.checks.indices {
            for folder in folders {
                step.checks[index].file = ShownPath.relative(step.checks[index].file, to: folder)
            }
        }
        return step
    }
}

extension RunRecord {
    func shown(from folder: String) -> RunRecord {
        var record = self
        record.steps = steps.map { $0.shown(from: folder) }
        return record
    }
}
