import LabModel

/// Shows a run without its secrets.
struct RedactingObserver: RunObserver {
    private let observer: any RunObserver
    private let redaction: Redaction

    init(_ observer: any RunObserver, _ redaction: Redaction) {
        self.observer = observer
        self.redaction = redaction
    }

    func handle(_ update: RunUpdate) {
        switch update {
        case .started(var overview):
            overview.title = redaction.text(overview.title)
            observer.handle(.started(overview))
        case .stepStarted(let id, let title, let section, let position):
            observer.handle(
                .stepStarted(
                    id: id, title: redaction.text(title), section: redaction.text(section), position: position))
        case .asking: observer.handle(update)
        case .progress(let step, let text): observer.handle(.progress(step: step, text: redaction.text(text)))
        case .stepFinished(let result):
            // A result that cannot be masked is not shown; the end of the run tells of it.
            if let masked = try? redaction.record(result) { observer.handle(.stepFinished(masked)) }
        case .finished(let record, let folder):
            if let masked = try? redaction.record(record) { observer.handle(.finished(masked, folder: folder)) }
        }
    }
}
