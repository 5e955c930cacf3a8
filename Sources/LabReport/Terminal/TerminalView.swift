package import LabModel
import Synchronization

/// A run as it happens, on a terminal: finished steps scroll by, the running one has a live line below them.
///
/// The cursor stays visible and every write leaves the screen readable, so that a runner that is killed at any point
/// leaves nothing to repair but the live line.
package final class TerminalView: RunObserver {
    private struct State: ~Copyable {
        var live: LiveLine?
        var stepBegan: Int64 = 0
        var steps = 0
        var section: String?
        var shown = ShownSteps()
        var isOver = false
        var words = Words.english
    }

    private let state = Mutex(State())
    private let output: @Sendable (String) -> Void
    private let width: @Sendable () -> Int
    private let clock: @Sendable () -> Int64
    private let colour: Bool
    private let isAnimated: Bool
    private let workingDirectory: String?

    private static let clearLine = "\r\u{1B}[K"

    /// - Parameters:
    ///   - output: takes what is to be written in one piece; called under a lock, one call at a time.
    ///   - width: the columns of the terminal right now.
    ///   - clock: a steady clock in nanoseconds.
    ///   - animated: whether a thread turns the spinner between updates.
    ///   - workingDirectory: paths below it are told without it.
    package init(
        output: @escaping @Sendable (String) -> Void, width: @escaping @Sendable () -> Int, colour: Bool,
        animated: Bool = true, workingDirectory: String? = ShownPath.workingDirectory(),
        clock: @escaping @Sendable () -> Int64 = SteadyClock.now
    ) {
        self.output = output
        self.width = width
        self.colour = colour
        self.isAnimated = animated
        self.workingDirectory = workingDirectory
        self.clock = clock
    }

    package convenience init(output: @escaping @Sendable (String) -> Void, width: Int, colour: Bool) {
        self.init(output: output, width: { width }, colour: colour)
    }

    package func handle(_ update: RunUpdate) {
        state.withLock { state in
            switch update {
            case .started(let overview):
                state.steps = overview.steps
                state.words = Words(language: overview.language)
                print(RunLines(columns: columns, words: state.words).opening(overview), over: nil)
                if isAnimated { startTicking() }
            case .stepStarted(_, let title, let section, let position):
                let before = state.live
                state.live = LiveLine(title: title, position: position, steps: state.steps)
                state.stepBegan = clock()
                if state.section != section {
                    state.section = section
                    print(RunLines(columns: columns, words: state.words).section(section), over: before)
                }
                draw(&state)
            case .asking:
                if state.live != nil { output(Self.clearLine) }
                state.live = nil
            case .progress(_, let text):
                state.live?.text = text
                draw(&state)
            case .stepFinished(let result):
                let step = result.whileRunning
                let before = state.live
                state.live = nil
                var lines: [Line] = []
                if state.section != step.section {
                    state.section = step.section
                    lines += RunLines(columns: columns, words: state.words).section(step.section)
                }
                state.shown.add(step)
                let told = step.shown(from: workingDirectory)
                print(lines + StepLines(columns: columns, words: state.words).lines(told), over: before)
            case .finished(let record, let folder):
                let before = state.live
                state.live = nil
                state.isOver = true
                state.words = record.words
                let changed = state.shown.changed(in: record)
                var lines =
                    changed.isEmpty
                    ? [] : RunLines(columns: columns, words: state.words).section(state.words(.judgedAtEnd))
                lines += changed.flatMap {
                    StepLines(columns: columns, words: state.words).revised($0.shown(from: folder))
                }
                print(
                    lines + RunLines(columns: columns, words: state.words).closing(record, folder: shortened(folder)),
                    over: before)
            }
        }
    }

    /// Takes the live line away and stops the spinner: for a run that ends without its record.
    package func end() {
        state.withLock { state in
            if state.live != nil { output(Self.clearLine) }
            state.live = nil
            state.isOver = true
        }
    }

    /// Turns the spinner by one; false when there is nothing to turn any more.
    func tick() -> Bool {
        state.withLock { state in
            state.live?.frame &+= 1
            if state.live != nil { draw(&state) }
            return !state.isOver
        }
    }

    /// Lines longer than 100 columns are hard to read; below 40 nothing is worth aligning. The right margin is as wide as
    /// the left one.
    private var columns: Int { min(100, max(40, width())) - 2 }

    private func shortened(_ path: String) -> String { ShownPath.relative(path, to: workingDirectory) }

    private func draw(_ state: inout State) {
        guard var live = state.live else { return }
        live.elapsed = clock() &- state.stepBegan
        state.live = live
        output(Self.clearLine + live.line(columns: min(100, max(12, width()))).text(colour: colour))
    }

    private func print(_ lines: [Line], over live: LiveLine?) {
        var text = live == nil ? "" : Self.clearLine
        for line in lines { text += line.text(colour: colour) + "\n" }
        output(text)
    }

    private func startTicking() {
        Ticker.start { [weak self] in self?.tick() ?? false }
    }
}
