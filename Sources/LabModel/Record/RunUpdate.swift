/// What a running lab tells whoever shows it, as it happens.
package enum RunUpdate: Sendable {
    case started(Overview)
    /// A step begins; `position` counts from 1.
    case stepStarted(id: String, title: String, section: String, position: Int)
    /// The student is about to be asked on the terminal, which belongs to the question until the step is over.
    case asking(step: String)
    /// Something happened within the step: `GET https://www.example.test/ 200`, `hop 3: 198.51.100.3`.
    case progress(step: String, text: String)
    /// The step is over and judged as far as it can be judged by now.
    case stepFinished(StepResult)
    /// Everything is over and judged from the evidence.
    case finished(RunRecord, folder: String)

    /// What is known before the first step.
    package struct Overview: Sendable, Hashable {
        package var lab: String
        package var title: String
        package var student: String
        package var seed: UInt64
        package var folder: String
        package var steps: Int
        package var maxPoints: Double
        package var language: Language

        package init(
            lab: String, title: String, student: String, seed: UInt64, folder: String, steps: Int, maxPoints: Double,
            language: Language = .english
        ) {
            self.lab = lab
            self.title = title
            self.student = student
            self.seed = seed
            self.folder = folder
            self.steps = steps
            self.maxPoints = maxPoints
            self.language = language
        }
    }
}

/// Shows a run while it goes on. Calls come one at a time and in order.
package protocol RunObserver: Sendable {
    func handle(_ update: RunUpdate)
}
