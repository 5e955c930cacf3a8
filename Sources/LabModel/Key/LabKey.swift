import SupportDiagnostics
import SupportYAML

/// `NAME.key.yml`: what instructors know and students do not. Its hidden checks are checks of the lab's steps, read with
/// it; the rest is here.
package struct LabKey: Sendable {
    /// The right answer of an `ask` step, or the reference of a `file` step, by the step's id.
    package var answers: [String: Located<KeyAnswer>] = [:]
    /// What the files that answers name hold, by their paths.
    package var files: [String: [UInt8]] = [:]
    /// What a person marks by reading, by the step's id.
    package var rubric: [(step: String, items: [RubricItem])] = []
    package var wrong: [WrongRun] = []
    package var file: SourceFile

    package init(file: SourceFile) { self.file = file }

    /// The file as it is, for an instructor's own run.
    package var bytes: [UInt8] { file.bytes }

    package func wrongRun(_ name: String) -> WrongRun? { wrong.first { $0.name == name } }

    /// `week2.key.yml` for `week2.yml`.
    package static func path(of lab: String) -> String {
        for ending in [".yml", ".yaml"] where lab.hasSuffix(ending) {
            return lab.dropLast(ending.count) + ".key" + ending
        }
        return lab + ".key.yml"
    }

    /// `week2.yml` for `week2.key.yml`; nil for a path that is no key file's.
    package static func lab(of path: String) -> String? {
        for ending in [".yml", ".yaml"] where path.hasSuffix(".key" + ending) {
            return path.dropLast(4 + ending.count) + ending
        }
        return nil
    }
}

/// One line of a rubric.
package struct RubricItem: Sendable {
    package var text: String
    package var points: Double
    package var span: SourceSpan
}

/// A way to do the lab wrong, and exactly what it must fail.
package struct WrongRun: Sendable {
    package var name: String
    /// What somebody who works like this has not understood.
    package var because: String
    package var change: WrongChange
    /// `step.check`
    package var fails: [Located<String>]
    package var span: SourceSpan
}

/// What a wrong run does differently. It changes inputs, never checks.
package struct WrongChange: Sendable {
    /// Other values of variables, for plans and the world; checks keep the lab's.
    package var variables: [String: String] = [:]
    /// Other plans, by step, merged into what the lab says.
    package var plans: [(step: String, patch: YAMLNode)] = []
    /// Steps that are left out.
    package var skipped: [String] = []
    /// Steps that are done at another place, in this order.
    package var moves: [(step: String, place: Place)] = []
    package var insertions: [(steps: [YAMLNode], place: Place)] = []
    /// Merged into the world.
    package var world: YAMLNode?
    package var evidence: [EvidenceChange] = []
    /// What is answered and handed in instead of what is right, by step.
    package var answers: [String: KeyAnswer] = [:]
    /// Where the key file names a step or a variable, by its name.
    var spans: [String: SourceSpan] = [:]
    /// Where answers are written, by step.
    var answerSpans: [String: SourceSpan] = [:]
    /// Whether a part of it could not be read, which was told.
    var isPartial = false

    package init() {}

    package enum Place: Sendable {
        case before(String)
        case after(String)

        package var step: String {
            switch self {
            case .before(let step), .after(let step): step
            }
        }
    }

    /// Whether it changes what is done, and not only what is looked at afterwards.
    package var changesBehaviour: Bool {
        !answers.isEmpty || !variables.isEmpty || !skipped.isEmpty || !moves.isEmpty || !insertions.isEmpty
            || world != nil
    }
}

/// A change of an artefact after the fact.
package struct EvidenceChange: Sendable {
    package enum Source: Sendable, Hashable {
        /// The same artefact of an earlier run, by another student.
        case earlierRun
        /// Another artefact of the same run: `step.result`.
        case result(String)
        /// The first so many percent of its bytes.
        case kept(Int)
        case nothing
    }

    /// The artefact, as the step's result that names it: `again.keylog`.
    package var result: String
    package var source: Source
    package var span: SourceSpan

    package init(result: String, source: Source, span: SourceSpan) {
        self.result = result
        self.source = source
        self.span = span
    }
}
