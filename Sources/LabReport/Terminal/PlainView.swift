package import LabModel
import Synchronization

/// A run as it happens, in plain lines: for logs, pipes and screen readers. No colours, no cursor movement, no line that
/// changes, and each line says by its first word what it is.
package final class PlainView: RunObserver {
    private struct State: ~Copyable {
        var section: String?
        var shown = ShownSteps()
    }

    private let state = Mutex(State())
    private let output: @Sendable (String) -> Void
    private let workingDirectory: String?

    /// - Parameters:
    ///   - output: takes whole lines, several at once where they belong together.
    ///   - workingDirectory: paths below it are told without it.
    package init(
        output: @escaping @Sendable (String) -> Void, workingDirectory: String? = ShownPath.workingDirectory()
    ) {
        self.output = output
        self.workingDirectory = workingDirectory
    }

    package func handle(_ update: RunUpdate) {
        let lines = state.withLock { state in self.lines(for: update, &state) }
        if !lines.isEmpty { output(lines.joined(separator: "\n") + "\n") }
    }

    private func lines(for update: RunUpdate, _ state: inout State) -> [String] {
        switch update {
        case .started(let overview): return PlainText.opening(overview)
        case .stepStarted, .progress: return []
        case .stepFinished(let step):
            let isNew = state.section != step.section
            state.section = step.section
            state.shown.add(step)
            return (isNew && !step.section.isEmpty ? PlainText.section(step.section) : [])
                + PlainText.step(step.shown(from: workingDirectory))
        case .finished(let record, let folder):
            let changed = state.shown.changed(in: record)
            return (changed.isEmpty ? [] : PlainText.section("Judged at the end"))
                + changed.flatMap { PlainText.revised($0.shown(from: folder), credit: record.credit) }
                + PlainText.closing(record, folder: ShownPath.relative(folder, to: workingDirectory))
        }
    }
}
