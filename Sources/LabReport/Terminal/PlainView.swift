package import LabModel
import Synchronization

/// A run as it happens, in plain lines: for logs, pipes and screen readers. No colours, no cursor movement, no line that
/// changes, and each line says by its first word what it is.
package final class PlainView: RunObserver {
    private struct State: ~Copyable {
        var section: String?
        var shown = ShownSteps()
        var words = Words.english
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
        case .started(let overview):
            state.words = Words(language: overview.language)
            return PlainText(state.words).opening(overview)
        case .stepStarted, .asking, .progress: return []
        case .stepFinished(let result):
            let step = result.whileRunning
            let plain = PlainText(state.words)
            let isNew = state.section != step.section
            state.section = step.section
            state.shown.add(step)
            return (isNew && !step.section.isEmpty ? plain.section(step.section) : [])
                + plain.step(step.shown(from: workingDirectory))
        case .finished(let record, let folder):
            let plain = PlainText(record.words)
            let changed = state.shown.changed(in: record)
            return (changed.isEmpty ? [] : plain.section(record.words(.judgedAtEnd)))
                + changed.flatMap { plain.revised($0.shown(from: folder), credit: record.credit) }
                + plain.closing(record, folder: ShownPath.relative(folder, to: workingDirectory))
        }
    }
}
