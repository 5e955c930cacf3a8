internal import LabModel

/// One step as the page shows it. The names of the properties are the names in `PageTemplate`.
struct StepCard {
    let anchor: String
    let number: Int
    let outcome: String
    let mark: String
    let label: String
    let title: String
    let meta: String
    let points: String
    let hasPoints: Bool
    /// HTML, escaped where it was made.
    let reason: String
    let hasReason: Bool
    /// HTML, escaped where it was made.
    let task: String
    let hasTask: Bool
    /// HTML, escaped where it was made.
    let explain: String
    let hasExplain: Bool
    let byHand: [Command]
    let hasByHand: Bool
    /// HTML, escaped where it was made.
    let notes: [String]
    let hasNotes: Bool
    let checks: [CheckCard]
    let hasChecks: Bool
    let hints: [Hint]
    let hasHints: Bool
    let evidence: [Artefact]
    let hasEvidence: Bool
    let results: [ReportPage.Fact]
    let hasResults: Bool

    struct Command {
        let tool: String
        let command: String
    }

    struct Hint {
        let name: String
        /// HTML, escaped where it was made.
        let text: String
    }

    struct Artefact {
        let name: String
        let link: String
        let isLinked: Bool
    }

    init(_ step: StepResult, number: Int, credit: Credit, base: String?, _ words: Words) {
        anchor = "step-\(number)"
        self.number = number
        outcome = step.outcome.rawValue
        mark = step.outcome.mark
        label = step.isDemonstration(credit: credit) ? words(.demonstrated) : words(step.outcome.label)
        title = PageText.safe(step.title.isEmpty ? step.id : step.title)
        meta = PageText.safe(Self.meta(step, words))
        points = "\(words.points(step.points))/\(words.points(step.maxPoints))"
        hasPoints = step.maxPoints > 0 && step.outcome != .notOffered
        reason = PageText.prose(step.sentence(words))
        hasReason = !step.sentence(words).isEmpty
        task = Markdown.html(step.task)
        hasTask = !step.task.isEmpty
        explain = Markdown.html(step.explain)
        hasExplain = !step.explain.isEmpty
        byHand = step.byHand.map { Command(tool: PageText.safe($0.tool), command: PageText.safeLines($0.command)) }
        hasByHand = !step.byHand.isEmpty
        notes = step.notes.map(PageText.prose)
        hasNotes = !step.notes.isEmpty
        checks = step.checks.map { CheckCard($0, isOffered: step.status != .notOffered, words) }
        hasChecks = !step.checks.isEmpty
        hints = step.hints.enumerated().map { index, hint in
            Hint(name: words(.hint(step.hints.count == 1 ? 0 : index + 1)), text: PageText.prose(hint))
        }
        hasHints = !step.hints.isEmpty
        evidence = step.evidence.map { path in
            let link = base.flatMap { PageText.link(path, base: $0) }
            return Artefact(name: PageText.safe(path), link: link ?? "", isLinked: link != nil)
        }
        hasEvidence = !step.evidence.isEmpty
        results = step.results.sorted { $0.key < $1.key }.map {
            ReportPage.Fact(name: PageText.safe($0.key), value: PageText.safe($0.value.text))
        }
        hasResults = !step.results.isEmpty
    }

    private static func meta(_ step: StepResult, _ words: Words) -> String {
        var parts = [step.host.isEmpty ? step.kind : words(.kindOnHost(kind: step.kind, host: step.host))]
        if step.startedAt != 0 {
            parts.append(words.duration(step.duration))
            if step.waited >= 1_000_000 { parts.append(words(.ofItWaited(words.duration(step.waited)))) }
            parts.append(words(step.actor == .student ? .byStudent : .byRunner))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

/// One check as the page shows it.
struct CheckCard {
    let name: String
    let outcome: String
    let mark: String
    let label: String
    let polarity: String
    let question: String
    let points: String
    let hasPoints: Bool
    let isOpen: Bool
    /// HTML, escaped where it was made.
    let reason: String
    let hasReason: Bool
    let sides: [Side]
    let hasSides: Bool
    let looked: String
    let hasLooked: Bool
    let provenance: String
    let source: String
    let drawing: String
    let hasDrawing: Bool

    struct Side {
        let label: String
        let text: String
        let quality: String
    }

    init(_ check: CheckResult, isOffered: Bool, _ words: Words) {
        let outcome = isOffered ? check.outcome : .notOffered
        let both = CheckSides(check, words)
        name = PageText.safe(check.check + (check.isHidden == true ? " (\(words(.hidden)))" : ""))
        self.outcome = outcome.rawValue
        mark = outcome.mark
        label = words(outcome.label)
        polarity = words(check.polarity == "forbid" ? .forbidAt : .expectAt)
        question = PageText.safe(check.question)
        points = "\(words.points(check.points))/\(words.points(check.maxPoints))"
        hasPoints = check.maxPoints > 0
        isOpen = outcome == .failed
        reason = PageText.prose(check.sentence(words))
        hasReason = isOffered && !check.sentence(words).isEmpty
        sides = both.rows.map {
            Side(label: $0.label, text: PageText.safe($0.text), quality: $0.isFine ? "fine" : "off")
        }
        // Without terms the question itself is all there is to say, and it stands above.
        hasSides = !check.terms.isEmpty
        looked = PageText.safe(both.looked)
        hasLooked = !both.looked.isEmpty
        provenance =
            switch check.provenance {
            case .recomputed: words(.recomputed)
            case .attested: words(.attested)
            case .simulated: words(.simulated)
            case .selfReported: words(.selfReported)
            }
        source = PageText.safe(check.file.isEmpty ? "" : "\(check.file):\(check.line)")
        let drawn = SourceDrawing(check.display)
        let lines = drawn.lines(columns: 72).map(\.line) + drawn.notes
        drawing = lines.map(PageText.safe).joined(separator: "\n")
        hasDrawing = !lines.isEmpty
    }
}
