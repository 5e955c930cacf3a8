/// Whose fault a failure is, which decides between "failed", "could not check here" and "a bug of ours".
package enum Fault: String, Sendable, Hashable, Codable {
    /// This machine lacks something or refused something.
    case environment
    /// What was asked for cannot be done as it was asked.
    case configuration
    /// The other side of a connection, or what it sent.
    case peer
    /// Ours.
    case bug
}

/// A failure that can be told to a person: a sentence, whose fault it is, and what to do next.
package protocol ExplainedError: Error, Sendable {
    var fault: Fault { get }
    /// Lower case, no full stop: what was expected and what was found.
    var message: String { get }
    /// What to do next, or nil where nothing helps.
    var help: String? { get }
}

extension Diagnostic {
    /// The diagnostic for a failure, at the place in the lab file that asked for what failed.
    package init(_ error: some ExplainedError, code: String, at span: SourceSpan?) {
        let notes: [String] =
            switch error.fault {
            case .environment: ["this machine is the cause, not the lab and not the student"]
            case .bug: ["this is a bug of lab"]
            case .configuration, .peer: []
            }
        self.init(code, error.message, at: span, notes: notes, help: error.help.map { [$0] } ?? [])
    }
}
