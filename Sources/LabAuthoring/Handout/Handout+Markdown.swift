import SupportDiagnostics

extension Handout {
    /// The lab as Markdown. What the lab says in Markdown stays Markdown; HTML within it becomes text.
    package func markdown(withHints: Bool = false) -> String {
        var parts = ["# \(Self.inline(title))", "\(Self.inline(name)) · \(figures)"]
        if !nodes.isEmpty {
            parts.append("## The world")
            parts.append(Self.table(nodeRows))
            if !routers.isEmpty {
                parts.append("Routers: " + routers.map { Self.inline($0) }.joined(separator: ", "))
            }
        }
        for section in sections {
            if !section.title.isEmpty { parts.append("## \(Self.inline(section.title))") }
            for step in section.steps { parts += markdown(of: step, withHints: withHints) }
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func markdown(of step: Step, withHints: Bool) -> [String] {
        let worth = step.isOptional ? "optional" : Self.count(step.points)
        var parts = ["### \(step.number). \(Self.inline(step.title)) (\(worth))"]
        if !step.task.isEmpty { parts.append("**To do:** \(Self.block(step.task).trimmed)") }
        if !step.explain.isEmpty { parts.append(Self.block(step.explain).trimmed) }
        if !step.question.isEmpty {
            parts.append("**Question:** \(Self.inline(step.question))")
            if !step.options.isEmpty {
                parts.append(
                    step.options.enumerated().map { "\($0 + 1). \(Self.inline($1))" }.joined(separator: "\n"))
            }
        }
        for (tool, command) in step.byHand {
            parts.append("By hand, with \(Self.inline(tool)):\n\n" + Self.code(command))
        }
        if !step.checks.isEmpty {
            let checks = step.checks.map { check in
                let word = check.isForbidden ? "must be absent: " : ""
                return "- \(Self.inline(check.name)): \(word)\(Self.inline(check.about)) (\(Self.count(check.points)))"
            }
            parts.append("What is looked at:\n\n" + checks.joined(separator: "\n"))
        }
        for (number, hint) in step.hints.enumerated() {
            let costs = hint.costs > 0 ? ", costs \(Self.count(hint.costs))" : ""
            if withHints {
                parts.append("Hint \(number + 1)\(costs): \(Self.inline(hint.text))")
            } else if number == 0 {
                parts.append(
                    "\(step.hints.count == 1 ? "There is a hint" : "There are \(step.hints.count) hints")\(costs).")
            }
        }
        return parts
    }

    static func table(_ rows: [[String]]) -> String {
        guard let head = rows.first else { return "" }
        let lines = rows.map { row in
            "| " + row.map { inline($0).replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
        }
        return ([lines[0], "|" + String(repeating: " --- |", count: head.count)] + lines.dropFirst())
            .joined(separator: "\n")
    }

    /// A fence longer than any within.
    private static func code(_ text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return "\(fence)\n\(text.lines.map { Visible.text($0) }.joined(separator: "\n"))\n\(fence)"
    }

    /// One line, without marks that begin HTML.
    private static func inline(_ text: String) -> String {
        escaped(text.lines.joined(separator: " "))
    }

    private static func block(_ text: String) -> String {
        text.lines.map { escaped($0) }.joined(separator: "\n")
    }

    private static func escaped(_ text: String) -> String {
        Visible.text(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }
}
