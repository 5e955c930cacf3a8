internal import LabModel

/// A step that is over, as a terminal shows it: the line with its mark, what was seen, and what went wrong.
struct StepLines {
    let columns: Int
    var words = Words.english

    private static let mostNotes = 10
    private static let indent = "      "

    func lines(_ step: StepResult) -> [Line] {
        let outcome = step.outcome
        var lines = heading(step, outcome)
        lines += step.notes.prefix(Self.mostNotes).flatMap { indented($0, .dim) }
        if step.notes.count > Self.mostNotes {
            lines += indented(words(.moreNotes(step.notes.count - Self.mostNotes)), .dim)
        }
        lines += explanation(step, outcome)
        return lines
    }

    /// A step that was shown before and has come to something else since.
    func revised(_ step: StepResult) -> [Line] {
        step.outcome == .passed ? heading(step, .passed) : heading(step, step.outcome) + explanation(step, step.outcome)
    }

    private func heading(_ step: StepResult, _ outcome: Outcome) -> [Line] {
        let right = figures(step, outcome)
        let room = max(16, columns - 4 - right.count - 2)
        let titles = TextFlow.wrap(step.title, columns: room, limit: 3)
        var first = Line("  ").appending(outcome.mark, outcome.role)
        first.append(" ")
        first.append(titles.first ?? step.id, outcome == .failed ? .strong : .plain)
        if !right.isEmpty {
            first.pad(to: columns - right.count)
            first.append(right, .dim)
        }
        return [first] + titles.dropFirst().map { Line("    " + $0) }
    }

    /// The right edge: time and points, in columns of their own.
    private func figures(_ step: StepResult, _ outcome: Outcome) -> String {
        switch outcome {
        case .notOffered, .notDone: return words(outcome.label)
        default: break
        }
        var points = ""
        if step.isDemonstration(credit: nil) {
            points = words(.demonstrated)
        } else if step.maxPoints > 0 {
            points = "\(words.points(step.points))/\(words.points(step.maxPoints))"
        }
        let time = step.startedAt == 0 && step.duration == 0 ? "" : words.duration(step.duration)
        let width = max(7, points.count + 2)
        return time + String(repeating: " ", count: max(0, width - points.count)) + points
    }

    private func explanation(_ step: StepResult, _ outcome: Outcome) -> [Line] {
        var lines: [Line] = []
        // A bare "not done" stands at the right edge already.
        let said = step.sentence(words)
        let sentence = said == words(outcome.label) ? "" : said
        if !sentence.isEmpty { lines += indented(sentence, outcome == .waiting ? .dim : outcome.role) }
        let failed = step.checks.filter { $0.outcome == .failed }
        for check in failed { lines += block(check) }
        if let hint = step.hints.first, !failed.isEmpty {
            lines.append(Line())
            lines += labelled(words(.hint), hint, .section)
        }
        // What did not fail is told once for the step: its checks share one cause more often than not.
        var told: Set<String> = sentence.isEmpty ? [] : [sentence]
        for reason in step.openReasons(words) where told.insert(reason.text).inserted {
            lines += indented(reason.text, reason.outcome.role)
        }
        if !failed.isEmpty { lines.append(Line()) }
        return lines
    }

    private func block(_ check: CheckResult) -> [Line] {
        var lines = [Line()]
        let name = check.isHidden == true ? "\(check.check) (\(words(.hidden)))" : check.check
        var head = Line(Self.indent).appending("✗ " + name, .bad)
        if check.maxPoints > 0 { head.append("  " + words.points(check.points, of: check.maxPoints), .dim) }
        lines.append(head)
        lines += indented(check.sentence(words), .plain, by: 8)
        let sides = CheckSides(check, words)
        for side in sides.rows {
            lines +=
                side.isFine
                ? labelled(side.label, side.text, .dim, text: .dim) : labelled(side.label, side.text, .strong)
        }
        if !sides.looked.isEmpty { lines += labelled("", sides.looked, .dim, text: .dim) }
        lines += source(check)
        return lines
    }

    /// The YAML line with its marks, as lint shows a line; its place alone where nothing was drawn.
    private func source(_ check: CheckResult) -> [Line] {
        let drawing = SourceDrawing(check.display)
        let start = "\(check.file):\(check.line):\(check.column)"
        guard !drawing.rows.isEmpty else { return check.file.isEmpty ? [] : labelled(words(.source), start, .dim) }
        let below = Line("        " + String(repeating: " ", count: drawing.width))
        let place = TextFlow.clip(drawing.place.isEmpty ? start : drawing.place, columns: columns - below.columns - 4)
        let bar = below.appending(" ").appending("|", .margin)
        var lines = [Line(), below.appending("-->", .margin).appending(" " + place), bar]
        lines += drawing.lines(columns: columns - 8).map { row in
            let blanks = String(row.text.prefix { $0 == " " })
            return row.isMark
                ? bar.appending(" " + blanks).appending(String(row.text.dropFirst(blanks.count)), Self.role(row.kind))
                : Line("        ").appending(row.gutter.trimmingEnd(" "), .margin).appending(" " + row.text)
        }
        guard !drawing.notes.isEmpty else { return lines }
        lines.append(bar)
        for note in drawing.notes {
            let first = below.appending(" ").appending("=", .margin).appending(" ")
                .appending(words(.plainNote) + ":", .strong).appending(" ")
            for (index, part) in TextFlow.wrap(note, columns: columns - first.columns).enumerated() {
                var line = index == 0 ? first : Line()
                line.pad(to: first.columns)
                lines.append(line.appending(part))
            }
        }
        return lines
    }

    private static func role(_ kind: SourceDrawing.Shown.Kind) -> Line.Role {
        switch kind {
        case .source: .plain
        case .primaryMark: .bad
        case .otherMark: .margin
        }
    }

    private func labelled(_ label: String, _ text: String, _ role: Line.Role, text textRole: Line.Role = .plain)
        -> [Line]
    {
        let width = 9
        let wrapped = TextFlow.wrap(text, columns: columns - 8 - width - 2, limit: 6)
        return (wrapped.isEmpty ? [""] : wrapped).enumerated().map { index, part in
            var line = Line("        ")
            if index == 0 { line.append(label, role) }
            line.pad(to: 8 + width + 2)
            line.append(part, textRole)
            return line
        }
    }

    private func indented(_ text: String, _ role: Line.Role, by count: Int = 6) -> [Line] {
        let indent = String(repeating: " ", count: count)
        return TextFlow.wrap(text, columns: columns - count).map { Line(indent).appending($0, role) }
    }
}
