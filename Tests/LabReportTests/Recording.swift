import LabModel
import LabReport
import Synchronization

/// What a view writes, kept.
final class Recording: Sendable {
    private let kept = Mutex("")

    var text: String { kept.withLock { $0 } }

    var output: @Sendable (String) -> Void {
        { [self] text in kept.withLock { $0 += text } }
    }

    static func terminal(_ record: RunRecord, columns: Int, colour: Bool) -> String {
        let recording = Recording()
        let view = TerminalView(
            output: recording.output, width: { columns }, colour: colour, animated: false, clock: { 0 })
        play(record, to: view)
        return recording.text
    }

    static func plain(_ record: RunRecord) -> String {
        let recording = Recording()
        play(record, to: PlainView(output: recording.output))
        return recording.text
    }

    /// The updates that a runner sends for such a run.
    static func play(_ record: RunRecord, to view: any RunObserver) {
        let folder = "runs/week2/\(record.id)"
        view.handle(
            .started(
                .init(
                    lab: record.lab.name, title: record.lab.title, student: record.student, seed: record.seed,
                    folder: folder, steps: record.steps.count, maxPoints: record.maxPoints)))
        for (index, step) in record.steps.enumerated() {
            if step.status == .done {
                view.handle(.stepStarted(id: step.id, title: step.title, section: step.section, position: index + 1))
                for note in step.notes { view.handle(.progress(step: step.id, text: note)) }
            }
            view.handle(.stepFinished(step))
        }
        view.handle(.finished(record, folder: folder))
    }
}
