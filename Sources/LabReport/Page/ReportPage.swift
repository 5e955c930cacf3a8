internal import LabModel

/// What the page shows, ready for templates that only insert and repeat: every text is safe for double braces, every
/// choice is made. The names of the properties are the names in `PageTemplate`.
struct ReportPage {
    let style = PageStyle.css
    /// The language of the lab's texts, for browsers and screen readers.
    let language: String
    let title: String
    let lab: String
    let student: String
    let hasStudent: Bool
    let when: String
    let outcome: String
    let mark: String
    let headline: String
    let points: String
    let time: String
    let pieces: [Piece]
    let next: String
    let findings: [String]
    let hasFindings: Bool
    let isHandsOn: Bool
    let sections: [Section]
    let variables: [Fact]
    let hasVariables: Bool
    let capabilities: [Fact]
    let hasCapabilities: Bool
    let provenance: [Fact]
    let again: String

    /// One check in the strip of the summary.
    struct Piece {
        let outcome: String
        let link: String
        let label: String
    }

    struct Fact {
        let name: String
        let value: String
    }

    struct Section {
        let title: String
        let hasTitle: Bool
        let anchor: String
        let steps: [StepCard]
    }

    init(_ record: RunRecord, _ context: ReportContext) {
        let words = record.words
        let summary = RunSummary(record, folder: context.shownFolder, words)
        language = LanguageTag(record.language ?? "")?.text ?? LanguageTag.english.text
        title = PageText.safe(record.lab.title.isEmpty ? record.lab.name : record.lab.title)
        lab = PageText.safe(record.lab.name)
        student = PageText.safe(record.student)
        hasStudent = !record.student.isEmpty
        when = words(.date(UTCTime(nanoseconds: record.startedAt)))
        outcome = summary.outcome.rawValue
        mark = summary.outcome.mark
        headline = summary.headline
        points = summary.pointsLine
        time = summary.timeLine
        next = PageText.safe(summary.nextInReport)
        findings = record.findings.map(PageText.safe)
        hasFindings = !record.findings.isEmpty
        isHandsOn = record.credit == .handsOn
        let cards = record.steps.enumerated().map { index, step in
            StepCard(step, number: index + 1, credit: record.credit, base: context.evidenceBase, words)
        }
        sections = Self.sections(record.steps, cards, words)
        pieces = zip(record.steps, cards).flatMap { step, card in
            step.status == .notOffered
                ? []
                : step.checks.map { check in
                    Piece(
                        outcome: check.outcome.rawValue, link: "#" + card.anchor,
                        label: PageText.safe("\(check.name): \(words(check.outcome.label))"))
                }
        }
        variables = Self.facts(record.variables)
        hasVariables = !record.variables.isEmpty
        capabilities = Self.facts(record.capabilities)
        hasCapabilities = !record.capabilities.isEmpty
        provenance = Self.provenance(record, words)
        again = PageText.safe("lab check \(context.shownFolder)")
    }

    private static func sections(_ steps: [StepResult], _ cards: [StepCard], _ words: Words) -> [Section] {
        var groups: [(title: String, cards: [StepCard])] = []
        for (step, card) in zip(steps, cards) {
            if groups.last.map({ $0.title == step.section }) ?? false {
                groups[groups.count - 1].cards.append(card)
            } else {
                groups.append((step.section, [card]))
            }
        }
        return groups.enumerated().map { index, group in
            Section(
                title: PageText.safe(group.title.isEmpty ? words(.steps) : group.title), hasTitle: !group.title.isEmpty,
                anchor: "section-\(index + 1)", steps: group.cards)
        }
    }

    private static func facts(_ values: [String: Value]) -> [Fact] {
        values.sorted { $0.key < $1.key }.map { Fact(name: PageText.safe($0.key), value: PageText.safe($0.value.text)) }
    }

    private static func provenance(_ record: RunRecord, _ words: Words) -> [Fact] {
        let sessions = record.sessions.map { session in
            words(
                .session(
                    from: UTCTime(nanoseconds: session.startedAt).text,
                    to: UTCTime(nanoseconds: session.finishedAt).text, byStudent: session.actor == .student))
        }
        let facts: [(Label, String)] = [
            (.run, record.id), (.seed, String(record.seed)),
            (.credit, words(record.credit == .handsOn ? .creditHandsOn : .creditRun)),
            (.sessions, sessions.joined(separator: "; ")), (.labFile, record.lab.file),
            (.judgingDigest, record.lab.judgingDigest), (.textDigest, record.lab.textDigest),
            (.runner, record.runner.version), (.kernel, record.runner.kernel),
            (.eventChain, words(.chain(events: record.chain.events, head: record.chain.head))),
        ]
        return facts.filter { !$0.1.isEmpty }.map { Fact(name: words($0.0), value: PageText.safe($0.1)) }
    }
}
