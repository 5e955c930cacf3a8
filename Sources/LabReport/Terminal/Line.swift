import SupportDiagnostics

/// One line of a terminal as pieces with a role each. Text that enters is made visible first, so that nothing from a lab
/// or a network can move the cursor, change colours or reverse the direction of writing.
struct Line: Sendable, Hashable {
    enum Role: Sendable, Hashable {
        case plain
        case strong
        case dim
        case good
        case bad
        case doubtful
        case section
        /// What frames a line of source, and marks beside the first.
        case margin

        /// Select Graphic Rendition (ECMA-48 §8.3.117). Only colours of the terminal's own palette, which people have
        /// fitted to their background; yellow is left out, as few light palettes make it legible.
        var sgr: String {
            switch self {
            case .plain: ""
            case .strong: "1"
            case .dim: "2"
            case .good: "32"
            case .bad: "1;31"
            case .doubtful: "35"
            case .section: "1;36"
            case .margin: "1;34"
            }
        }
    }

    private struct Piece: Sendable, Hashable {
        let text: String
        let role: Role
    }

    private var pieces: [Piece] = []
    private(set) var columns = 0

    init() {}

    init(_ text: String, _ role: Role = .plain) { append(text, role) }

    mutating func append(_ text: String, _ role: Role = .plain) {
        let visible = Visible.text(text)
        guard !visible.isEmpty else { return }
        pieces.append(Piece(text: visible, role: role))
        columns += Visible.columns(visible)
    }

    func appending(_ text: String, _ role: Role = .plain) -> Line {
        var line = self
        line.append(text, role)
        return line
    }

    /// Fills with blanks up to a column.
    mutating func pad(to column: Int) {
        if column > columns { append(String(repeating: " ", count: column - columns)) }
    }

    func text(colour: Bool) -> String {
        guard colour else { return pieces.map(\.text).joined() }
        return pieces.map { $0.role == .plain ? $0.text : "\u{1B}[\($0.role.sgr)m\($0.text)\u{1B}[0m" }.joined()
    }
}

extension Outcome {
    var role: Line.Role {
        switch self {
        case .passed: .good
        case .failed: .bad
        case .unchecked: .doubtful
        case .waiting, .notDone, .notOffered, .done: .dim
        }
    }
}
