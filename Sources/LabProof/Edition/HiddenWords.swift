import LabModel
import SupportDiagnostics

/// What a student edition must not hold, as texts to be searched for.
struct HiddenWords {
    enum Kind: String {
        case question = "the question of the hidden check"
        case name = "the name of the hidden check"
        case answer = "the answer of"
        case rubric = "the rubric of"
        case wrongRun = "the wrong run"
    }

    struct Word {
        let kind: Kind
        /// What it belongs to: `step.check`, a step's id, a wrong run's name.
        let owner: String
        let text: String
        /// Found only where it stands alone, not within a longer word.
        let isWhole: Bool
    }

    private(set) var all: [Word] = []
    /// Answers that are too short to be searched for everywhere; the texts of their own step are still looked at.
    private(set) var shortAnswers: [Word] = []

    init(_ lab: LabDefinition) {
        for step in lab.steps {
            for check in step.checks where check.isHidden {
                let owner = "\(step.id).\(check.name)"
                all.append(Word(kind: .question, owner: owner, text: check.text, isWhole: false))
                all.append(Word(kind: .name, owner: owner, text: owner, isWhole: true))
                if Self.isDistinct(check.name), !lab.usesName(check.name) {
                    all.append(Word(kind: .name, owner: owner, text: check.name, isWhole: true))
                }
            }
        }
        guard let key = lab.key else { return }
        for (step, answer) in key.answers.sorted(by: { $0.key < $1.key }) {
            for text in Self.texts(answer.value, of: step, key, in: lab) {
                let word = Word(kind: .answer, owner: step, text: text, isWhole: true)
                if text.count < 4 { shortAnswers.append(word) } else { all.append(word) }
            }
        }
        for (step, items) in key.rubric {
            for item in items { all.append(Word(kind: .rubric, owner: step, text: item.text, isWhole: true)) }
        }
        for run in key.wrong {
            all.append(Word(kind: .wrongRun, owner: run.name, text: run.because, isWhole: true))
            if Self.isDistinct(run.name) {
                all.append(Word(kind: .wrongRun, owner: run.name, text: run.name, isWhole: true))
            }
        }
    }

    /// What would give an answer away. Options stand in the lab, a `$name` says where to look and not what is there, and
    /// the path of a reference is no secret, unlike what it holds.
    private static func texts(
        _ answer: KeyAnswer, of step: String, _ key: LabKey, in lab: LabDefinition
    ) -> [String] {
        switch answer {
        case .nothing: return []
        case .texts(let texts):
            let options = lab.step(step)?.asked?.options.map { GivenAnswer($0.source).text } ?? []
            return texts.filter { text in
                !text.isEmpty && !options.contains(GivenAnswer(text).text)
                    && Template(text, isDeclared: { _ in true }).references.isEmpty
            }
        case .content(let text): return [text].filter { !$0.isEmpty }
        case .file(let path):
            let text = String(decoding: key.files[path] ?? [], as: UTF8.self)
            return text.isEmpty ? [] : [text]
        }
    }

    /// A name that no prose would use by chance: `client-leg`, and not `page`.
    private static func isDistinct(_ name: String) -> Bool {
        name.count >= 5 && name.contains { "-_0123456789".contains($0) }
    }
}

extension LabDefinition {
    /// Whether students see this name anyway.
    fileprivate func usesName(_ name: String) -> Bool {
        steps.contains { step in step.id == name || step.checks.contains { !$0.isHidden && $0.name == name } }
    }
}
