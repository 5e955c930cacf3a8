/// What a kind's page says besides its fields and tables: why one would use it, how it is written, what can go wrong.
package struct StepGuide: Sendable {
    /// Why one would use the kind: a paragraph or two of Markdown.
    package let why: String
    /// Items of `steps`, as a lab writes them. Tests lint and run each within the example lab of `lab new`, so that it
    /// may use `$site`, `$port`, `$token` and that lab's world.
    package let example: String
    /// A file for `--answers` with which the example passes; empty where it asks nothing.
    package let answers: String
    /// What the example has handed in, by path.
    package let files: [String: String]
    package let pitfalls: [Pitfall]

    package init(
        why: String, example: String, answers: String = "", files: [String: String] = [:], pitfalls: [Pitfall]
    ) {
        self.why = why
        self.example = example
        self.answers = answers
        self.files = files
        self.pitfalls = pitfalls
    }
}

/// One thing that goes wrong with a kind.
package struct Pitfall: Sendable {
    /// How it shows.
    package enum Sign: Sendable, Hashable {
        /// Before anything runs, under this code.
        case lint(String)
        /// The step's checks fail.
        case failed
        /// The step's checks are inconclusive: nothing can be said here.
        case inconclusive
        /// A check passes that should not.
        case misjudged
    }

    /// What happens: a sentence with its full stop.
    package let what: String
    package let sign: Sign
    /// What to do about it: a sentence with its full stop.
    package let remedy: String

    package init(_ what: String, _ sign: Sign, _ remedy: String) {
        self.what = what
        self.sign = sign
        self.remedy = remedy
    }
}
