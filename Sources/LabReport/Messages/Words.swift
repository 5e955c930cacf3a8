internal import LabModel

/// The messages of reports in one language: `words(.passed)`.
struct Words: Sendable, Hashable {
    let language: Language

    /// What programs read stays in English, whatever language a run was shown in.
    static let english = Words(language: .english)

    init(language: Language) { self.language = language }

    func callAsFunction(_ label: Label) -> String { label.text(in: language) }
    func callAsFunction(_ sentence: Sentence) -> String { sentence.text(in: language) }

    /// The number with the language's decimal mark.
    func points(_ value: Double) -> String { marked(Figures.points(value)) }

    /// `2 of 5 points`
    func points(_ value: Double, of most: Double) -> String {
        self(.pointsOf(points(value), most: points(most), isOne: abs(most - 1) < 0.001))
    }

    /// `0.31 s`, with the language's decimal mark.
    func duration(_ nanoseconds: Int64) -> String { marked(Figures.duration(nanoseconds)) }

    private func marked(_ number: String) -> String {
        String(number.map { $0 == "." ? Character(language.decimalMark) : $0 })
    }
}

extension RunRecord {
    var words: Words { Words(language: .shown(for: language ?? "")) }
}

extension Outcome {
    /// The contract's words.
    var label: Label {
        switch self {
        case .passed: .passed
        case .failed: .failed
        case .unchecked: .couldNotCheck
        case .waiting: .waiting
        case .notDone: .notDone
        case .notOffered: .notOffered
        case .done: .done
        }
    }
}
