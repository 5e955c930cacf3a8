import LabReport

extension Handout {
    /// The lab as one HTML page without scripts that fetches nothing, in the style of reports. Every text of the lab is
    /// escaped where it is put in.
    package func html() -> String {
        let title = PageText.escaped(self.title)
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
            base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>\(title)</title>
            <style>\(PageStyle.css)
            table{border-collapse:collapse;margin-top:.75rem;font-size:.9375rem}
            th,td{text-align:left;padding:.25rem 1.25rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
            th{color:var(--soft);font-weight:600}
            </style>
            </head>
            <body>
            <header>
            <p class="eyebrow">Lab · \(PageText.escaped(name))</p>
            <h1>\(title)</h1>
            <p class="who">\(PageText.escaped(figures))</p>
            </header>
            <main id="steps">
            \(world)\(sections.enumerated().map { html(of: $1, number: $0 + 1) }.joined())</main>
            </body>
            </html>

            """
    }

    private var world: String {
        guard !nodes.isEmpty else { return "" }
        let rows = nodeRows
        let head = rows[0].map { "<th scope=\"col\">\(PageText.escaped($0))</th>" }.joined()
        let body = rows.dropFirst().map { row in
            "<tr>" + row.map { "<td>\(PageText.escaped($0))</td>" }.joined() + "</tr>\n"
        }.joined()
        let routers =
            self.routers.isEmpty
            ? "" : "<p class=\"remark\">Routers: \(PageText.escaped(self.routers.joined(separator: ", ")))</p>\n"
        return """
            <section aria-labelledby="world">
            <h2 id="world" class="section">The world</h2>
            <table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>
            \(routers)</section>

            """
    }

    private func html(of section: Section, number: Int) -> String {
        let title = section.title.isEmpty ? "Steps" : section.title
        return """
            <section aria-labelledby="section-\(number)">
            <h2 id="section-\(number)" class="section">\(PageText.escaped(title))</h2>
            \(section.steps.map(html).joined())</section>

            """
    }

    private func html(of step: Step) -> String {
        let worth = step.isOptional ? "optional" : Self.count(step.points)
        var parts = [
            "<h3><span class=\"mark\">\(step.number)</span><span class=\"name\">\(PageText.escaped(step.title))</span>"
                + "<span class=\"score\">\(PageText.escaped(worth))</span></h3>"
        ]
        if !step.host.isEmpty { parts.append("<p class=\"meta\">on \(PageText.escaped(step.host))</p>") }
        if !step.task.isEmpty { parts.append("<div class=\"task\">\(Markdown.html(step.task))</div>") }
        if !step.explain.isEmpty { parts.append("<div class=\"explain\">\(Markdown.html(step.explain))</div>") }
        if !step.question.isEmpty {
            let lines = step.question.lines.map(PageText.escaped).joined(separator: "<br>")
            parts.append("<p class=\"question\"><strong>Question:</strong> \(lines)</p>")
            if !step.options.isEmpty {
                let options = step.options.map { "<li>\(PageText.escaped($0))</li>" }.joined()
                parts.append("<ol>\(options)</ol>")
            }
        }
        if !step.byHand.isEmpty {
            let commands = step.byHand.map { tool, command in
                "<div><dt>\(PageText.escaped(tool))</dt><dd><pre><code>"
                    + command.lines.map(PageText.escaped).joined(separator: "\n") + "</code></pre></dd></div>"
            }
            parts.append("<h4>By hand</h4>\n<dl class=\"commands\">\(commands.joined())</dl>")
        }
        if !step.checks.isEmpty {
            let checks = step.checks.map { check in
                "<li><strong>\(PageText.escaped(check.name))</strong>: \(check.isForbidden ? "must be absent: " : "")"
                    + "\(PageText.escaped(check.about)) (\(PageText.escaped(Self.count(check.points))))</li>"
            }
            parts.append("<h4>What is looked at</h4>\n<ul class=\"seen\">\(checks.joined())</ul>")
        }
        for (number, hint) in step.hints.enumerated() {
            let costs = hint.costs > 0 ? ", costs \(Self.count(hint.costs))" : ""
            parts.append(
                "<details class=\"hint\"><summary>Hint \(number + 1)\(PageText.escaped(costs))</summary>"
                    + "\(Markdown.html(hint.text))</details>")
        }
        return "<article class=\"step is-done\">\n\(parts.joined(separator: "\n"))\n</article>\n"
    }
}
