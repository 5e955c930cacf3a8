import LabModel

/// A lab drafted from a walk, as text.
package struct Draft: Sendable {
    package var text: String
    package var steps: Int

    /// How the draft comes to its world.
    package enum Place: Sendable {
        /// A file beside the draft or below.
        case file(String)
        /// The bytes of a world's file, put into the draft.
        case inline(String)
    }

    /// - Parameters:
    ///   - name: the lab's name, which is also the stem of its file.
    ///   - variables: the lines of a lab's `vars`, as they are; empty for none.
    package init(
        _ walk: Walk, name: String, world: Place, host: String, variables: String, in surroundings: Surroundings
    ) {
        let steps = Drafter(walk, surroundings).steps
        self.steps = steps.count
        var lines = [
            "# Drafted by `lab record` from a walkthrough. Facts that it saw are checks; look through each of them,",
            "# say in `task` what the student is to do and in `explain` why, and give the checks their points.",
            "format: 1", "lab: \(YAMLText.scalar(name))", "title: \(YAMLText.scalar("A draft of \(name)"))",
            "credit: run",
        ]
        switch world {
        case .file(let path): lines.append("world: \(YAMLText.scalar(path))")
        case .inline(let text):
            lines.append("world:")
            lines += text.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("---") && !$0.hasPrefix("...") && !$0.hasPrefix("format:") }
                .map { $0.isEmpty ? "" : "  " + $0 }
        }
        lines += ["at: \(YAMLText.scalar(host))", ""]
        if !variables.isEmpty { lines += [variables, ""] }
        lines.append("steps:")
        for step in steps { lines += Self.lines(of: step) + [""] }
        while lines.last == "" { lines.removeLast() }
        text = lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of step: DraftStep) -> [String] {
        var lines = ["- id: \(step.id)", "  title: \(YAMLText.scalar(step.title))"]
        lines += ["  # task: what the student is to do", "  # explain: why"]
        if step.fields.count == 1, let only = step.fields.first, only.name != "install", only.name != "http" {
            lines.append("  \(step.kind): \(value(only.value))")
        } else {
            lines.append("  \(step.kind):")
            lines += step.fields.map { "    \($0.name): \(value($0.value))" }
        }
        if !step.typed.isEmpty {
            lines += ["  by-hand:", "    \(YAMLText.scalar(step.tool)): \(YAMLText.scalar(step.typed))"]
        }
        lines += step.remarks.map { comment("to do: \($0)") } + step.volatile.map { comment("volatile: \($0)") }
        lines.append("  expect:")
        lines += step.checks.map { "    \($0.name): \(question($0.question))" }
        return lines
    }

    private static func value(_ field: DraftStep.Field) -> String {
        switch field {
        case .text(let text): YAMLText.scalar(text)
        case .number(let number): String(number)
        case .list(let items): "[\(items.map(YAMLText.quoted).joined(separator: ", "))]"
        case .reference(let name): "$\(name)"
        }
    }

    /// A question begins with a field, so that it may stand plain unless YAML would read something else into it.
    private static func question(_ text: String) -> String {
        let isPlain =
            !text.contains(": ") && !text.contains(" #") && text.unicodeScalars.allSatisfy(YAMLText.isPrintable)
        return isPlain ? text : YAMLText.quoted(text)
    }

    /// One line, whatever was typed: a comment ends where a line ends.
    private static func comment(_ text: String) -> String {
        "  # " + String(String.UnicodeScalarView(text.unicodeScalars.map { YAMLText.isPrintable($0) ? $0 : " " }))
    }
}
