import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions
import WireSessions

/// Gives verdicts on the checks of a lab from the evidence of one run: the same code while the run goes on and on any
/// machine afterwards.
package struct Judge {
    let lab: LabDefinition
    let run: String
    let events: StepEvents
    /// Whether checks whose control comes later may still be waiting for it.
    let isLive: Bool
    /// Values of variables, the world and all steps' results and columns.
    private(set) var references: [String: Value]
    let frames: FrameEvidence
    private let redaction: Redaction
    private let memory: EvidenceMemory?
    private var derived: [String: Derived] = [:]
    private let places: [String: Int]

    /// - Parameters:
    ///   - run: the run folder, absolute.
    ///   - references: values known from the lab alone, secrets as their masks.
    ///   - redaction: masks evidence that is not masked yet, in a run that goes on.
    ///   - memory: the evidence of a run that has no folder.
    ///   - known: what was derived for an earlier judge of this very run.
    package init(
        lab: LabDefinition, run: String, references: [String: Value], events: EventLog, isLive: Bool,
        redaction: Redaction = .none, memory: EvidenceMemory? = nil, known: DerivedSteps = DerivedSteps()
    ) {
        self.redaction = redaction
        self.memory = memory
        places = Dictionary(lab.steps.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.lab = lab
        self.run = run
        self.isLive = isLive
        let events = StepEvents(events)
        self.events = events
        self.references = references.merging(events.references) { $1 }
        frames = FrameEvidence(lab: lab, run: run, memory: memory)
        for step in lab.steps {
            guard let record = events.performed[step.id], let kind = StepCatalog.kind(named: step.kind) else {
                continue
            }
            let results = record.failure == nil ? record.results : [:]
            for (name, value) in StepReferences.values(of: results, step: step.id, schema: kind.schema) {
                self.references[name] = value
            }
            let wanted = Set(step.checks.map(\.question.table.name))
            let derived = known.derived(
                of: record, by: kind, wanted: wanted,
                from: record.evidence(in: run, redaction: redaction, wanted: wanted, memory: memory))
            for (name, column) in derived.columns { self.references["\(step.id).\(name)"] = .list(column) }
            self.derived[step.id] = derived
        }
    }

    /// All steps in the lab's order.
    package func judge() -> [StepResult] { lab.steps.map(judge) }

    package func judge(_ step: StepDefinition) -> StepResult {
        var result = StepResult(
            id: step.id, title: step.title.rendered(references), section: step.section, kind: step.kind,
            host: step.host, task: shownTask(of: step), explain: step.explain.rendered(references),
            byHand: step.byHand.map { .init(tool: $0.tool, command: $0.command.rendered(references)) },
            hints: step.hints.map { $0.text.rendered(references) })
        if step.hints.contains(where: { $0.costs > 0 }) { result.hintCosts = step.hints.map(\.costs) }
        result.isSelected = isSelected(step) ? nil : false
        if let record = events.performed[step.id] {
            result.actor = record.actor
            result.status = record.failure == nil ? .done : .failed
            result.reason = record.failure.map { $0.message + ($0.help.isEmpty ? "" : "; \($0.help)") } ?? ""
            result.startedAt = record.startedAt
            result.duration = record.finishedAt == Int64.max ? 0 : record.finishedAt - record.startedAt
            result.waited = record.waited
            result.results = record.results
            result.notes = record.notes + (derived[step.id]?.notes ?? [])
            if tellsStory(of: step) { result.notes += derived[step.id]?.story ?? [] }
            result.evidence = record.artefacts.map(\.path)
            if let retry = step.retry, record.attempt > 1 {
                result.attempts = record.attempt
                result.retriedBecause = retry.because
            }
        } else if let skipped = events.skipped[step.id] {
            // Only what is optional may be left out without a word in the marks.
            result.status = skipped.status == .notOffered && !step.isOptional ? .notDone : skipped.status
            result.reason = skipped.reason
            result.why = skipped.why
        }
        if let condition = conditionNotMet(by: step) {
            result.status = .notOffered
            let why = Reason.notTaken(condition: condition.text)
            result.reason = why.english
            result.why = why
        }
        if result.status != .notOffered { result.checks = step.checks.map { verdict(on: $0, of: step) } }
        if !step.givesPartialCredit, result.checks.contains(where: { $0.verdict != .passed }) {
            for index in result.checks.indices { result.checks[index].points = 0 }
        }
        return result
    }

    /// What routers and links did is told where it answers nothing that the lab keeps back: no check of the step is hidden
    /// or told later, and no step asks a question.
    private func tellsStory(of step: StepDefinition) -> Bool {
        step.checks.allSatisfy { $0.visibility == .always && !$0.isHidden } && !lab.steps.contains { $0.asked != nil }
    }

    /// What there was to do; for a step that asks, the question where nothing else is said.
    private func shownTask(of step: StepDefinition) -> String {
        let task = step.task.rendered(references)
        return task.isEmpty ? step.asked?.question.rendered(references) ?? "" : task
    }

    // MARK: Conditions

    /// The first condition of a step that does not hold and leaves marks alone: one that was known before the run, or
    /// any of an optional step that was not performed. It is held against the lab, not believed.
    private func conditionNotMet(by step: StepDefinition) -> ConditionDefinition? {
        let isOpen = step.isOptional && events.performed[step.id] == nil
        return step.conditions.first { ($0.isKnownBeforeRun || isOpen) && !holds($0) }
    }

    /// The first condition of a step that does not hold by what is known now.
    package func unmetCondition(of step: StepDefinition) -> ConditionDefinition? {
        step.conditions.first { !holds($0) }
    }

    private func holds(_ condition: ConditionDefinition) -> Bool {
        condition.holds(references: references, hasPassed: hasPassed)
    }

    /// Whether a check, or every check of a step, passed; a step without checks has to be done.
    private func hasPassed(_ name: String) -> Bool {
        if let place = places[name] {
            let step = lab.steps[place]
            guard let record = events.performed[name], record.failure == nil else { return false }
            return step.checks.allSatisfy { verdict(on: $0, of: step).verdict == .passed }
        }
        guard let (check, step) = find(name) else { return false }
        return verdict(on: check, of: step).verdict == .passed
    }

    // MARK: Selection

    private func isSelected(_ step: StepDefinition) -> Bool {
        events.only.isEmpty || events.only.contains(step.id)
            || step.checks.contains { events.only.contains("\(step.id).\($0.name)") }
    }

    private func isSelected(_ check: CheckDefinition, of step: StepDefinition) -> Bool {
        events.only.isEmpty || events.only.contains(step.id) || events.only.contains("\(step.id).\(check.name)")
    }

    // MARK: One check

    func verdict(on check: CheckDefinition, of step: StepDefinition) -> CheckResult {
        var result = blank(check, of: step)
        guard let record = events.performed[step.id] else {
            let skipped = events.skipped[step.id]
            result.cause = skipped?.status == .blocked ? .blocked : .notDone
            result.explain(.nobodyDidIt)
            if let skipped {
                result.reason = skipped.reason
                result.why = skipped.why
            }
            return result
        }
        if let failure = record.failure, failure.fault != .subject {
            result.cause = .machine
            result.explain(.machineFailed(message: failure.message))
            return result
        }
        let question: BoundQuestion
        do {
            question = try bind(check)
        } catch {
            result.cause = .blocked
            result.reason = error.message
            result.why = error.why
            return result
        }
        let (rows, provenance) = rows(of: check.question.table.name, for: step, record)
        result.rows = rows.count
        result.provenance = events.isSimulated && provenance != .selfReported ? .simulated : provenance
        let holds = rows.contains { question.holds(on: $0) }
        switch check.polarity {
        case .expect: judgePresence(holds, rows, question, check, record, &result)
        case .forbid: judgeAbsence(holds, rows, question, check, &result)
        }
        result.points = result.verdict == .passed && earns(record, step) ? result.maxPoints : 0
        return result
    }

    private func earns(_ record: PerformedStep, _ step: StepDefinition) -> Bool {
        lab.credit == .run || record.actor == .student
    }

    private func judgePresence(
        _ holds: Bool, _ rows: [Row], _ question: BoundQuestion, _ check: CheckDefinition, _ record: PerformedStep,
        _ result: inout CheckResult
    ) {
        guard !holds else {
            result.verdict = .passed
            return
        }
        result.verdict = .failed
        result.terms = Terms.nearest(question, rows)
        result.display = Explanation.display(question.failure(of: rows))
        Explanation.ofAbsence(
            check, rows: rows, derived: derived[record.step], failure: record.failure, into: &result)
    }

    private func judgeAbsence(
        _ holds: Bool, _ rows: [Row], _ question: BoundQuestion, _ check: CheckDefinition, _ result: inout CheckResult
    ) {
        guard !holds else {
            result.verdict = .failed
            result.terms = Terms.nearest(question, rows)
            if let row = rows.first(where: { question.holds(on: $0) }) {
                result.display = Explanation.display(question.violation(on: row))
            }
            result.explain(.mustNotHappen)
            return
        }
        guard let name = check.control, let (control, owner) = find(name) else {
            result.cause = .machine
            result.explain(.noControl)
            return
        }
        let verdict = self.verdict(on: control, of: owner)
        if verdict.verdict == .passed {
            result.verdict = .passed
        } else if isLive, events.performed[owner.id] == nil, events.skipped[owner.id] == nil {
            result.cause = .notDone
            result.explain(.awaitsControl(check: name))
        } else {
            result.cause = verdict.cause ?? .blocked
            result.explain(.controlDidNotPass(check: name))
        }
    }

    private func find(_ name: String) -> (CheckDefinition, StepDefinition)? {
        guard let dot = name.firstIndex(of: "."), let place = places[String(name[..<dot])] else { return nil }
        let step = lab.steps[place]
        return step.checks.first { $0.name == name[name.index(after: dot)...] }.map { ($0, step) }
    }

    private func blank(_ check: CheckDefinition, of step: StepDefinition) -> CheckResult {
        let start = check.span.start
        var result = CheckResult(
            name: "\(step.id).\(check.name)", step: step.id, check: check.name, polarity: check.polarity.rawValue,
            question: check.shown(references),
            verdict: .inconclusive, provenance: .attested, points: 0, maxPoints: step.isOptional ? 0 : check.points,
            reason: "", table: check.question.table.name, rows: 0, file: check.span.file.name, line: start.line,
            column: start.column, display: "",
            isHidden: check.isHidden ? true : nil)
        result.visibility = check.visibility == .always ? nil : check.visibility
        result.isSelected = isSelected(check, of: step) ? nil : false
        return result
    }

    // MARK: Evidence

    /// The rows of a table within a step: the kind's own where it has that table, otherwise what happened meanwhile.
    private func rows(of table: String, for step: StepDefinition, _ record: PerformedStep) -> ([Row], Provenance) {
        let own = derived[step.id]?.tables.filter { $0.table.name == table } ?? []
        if let first = own.first { return (own.flatMap(\.rows), first.provenance) }
        let evidence = record.evidence(in: run, redaction: redaction, memory: memory)
        switch table {
        case FrameTable.table.name: return (frames.rows(host: record.host, during: evidence.window), .recomputed)
        case SharedTables.visit.name: return (VisitRecords.rows(during: evidence), .attested)
        default:
            let proxies = lab.steps.filter { $0.kind == ProxyKind.schema.name }.map(\.id)
            let tables = ProxyRecords.rows(of: proxies, during: evidence).filter { $0.table.name == table }
            return (tables.flatMap(\.rows), .attested)
        }
    }

    /// The question with the values of what it refers to.
    private func bind(_ check: CheckDefinition) throws(UnboundReference) -> BoundQuestion {
        var values: [String: [FieldValue]] = [:]
        for name in check.question.unboundReferences {
            let global = check.names[name] ?? name
            guard let value = references[global], let found = FieldValue.values(of: value, as: type(of: global)) else {
                throw UnboundReference(why: .noValue(reference: global))
            }
            values[name] = found
        }
        do {
            return try check.question.bound(to: values)
        } catch {
            throw UnboundReference(message: error.diagnostic.message)
        }
    }

    /// The declared type of a step's result; nil for all else.
    private func type(of name: String) -> FieldType? {
        if name == "world.roots.sha256" { return .bytes }
        guard let place = places[String(name.prefix { $0 != "." })],
            let schema = StepCatalog.kind(named: lab.steps[place].kind)?.schema
        else { return nil }
        let step = lab.steps[place]
        if name == step.id { return schema.results.first?.type }
        return schema.result(String(name.dropFirst(step.id.count + 1)))?.type
    }
}

private struct UnboundReference: Error {
    let message: String
    let why: Reason?

    init(message: String) {
        self.message = message
        why = nil
    }

    init(why: Reason) {
        message = why.english
        self.why = why
    }
}
