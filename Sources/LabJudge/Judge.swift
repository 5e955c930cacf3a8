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
    private var derived: [String: Derived] = [:]

    /// - Parameters:
    ///   - run: the run folder, absolute.
    ///   - references: values known from the lab alone.
    package init(lab: LabDefinition, run: String, references: [String: Value], events: EventLog, isLive: Bool) {
        self.lab = lab
        self.run = run
        self.isLive = isLive
        let events = StepEvents(events)
        self.events = events
        self.references = references.merging(events.references) { $1 }
        frames = FrameEvidence(lab: lab, run: run)
        for step in lab.steps {
            guard let record = events.performed[step.id], let kind = StepCatalog.kind(named: step.kind) else {
                continue
            }
            let evidence = record.evidence(in: run)
            let results = record.failure == nil ? record.results : [:]
            for (name, value) in StepReferences.values(of: results, step: step.id, schema: kind.schema) {
                self.references[name] = value
            }
            let derived = kind.derive(evidence)
            for (name, column) in derived.columns { self.references["\(step.id).\(name)"] = .list(column) }
            self.derived[step.id] = derived
        }
    }

    /// All steps in the lab's order.
    package func judge() -> [StepResult] { lab.steps.map(judge) }

    package func judge(_ step: StepDefinition) -> StepResult {
        var result = StepResult(
            id: step.id, title: step.title.rendered(references), section: step.section, kind: step.kind,
            host: step.host, task: step.task.rendered(references), explain: step.explain.rendered(references),
            byHand: step.byHand.map { .init(tool: $0.tool, command: $0.command.rendered(references)) },
            hints: step.hints.map { $0.text.rendered(references) })
        if let record = events.performed[step.id] {
            result.actor = record.actor
            result.status = record.failure == nil ? .done : .failed
            result.reason = record.failure.map { $0.message + ($0.help.isEmpty ? "" : "; \($0.help)") } ?? ""
            result.startedAt = record.startedAt
            result.duration = record.finishedAt == Int64.max ? 0 : record.finishedAt - record.startedAt
            result.waited = record.waited
            result.results = record.results
            result.notes = record.notes + (derived[step.id]?.notes ?? [])
            result.evidence = record.artefacts.map(\.path)
        } else if let skipped = events.skipped[step.id] {
            // Only what is optional may be left out without a word in the marks.
            result.status = skipped.status == .notOffered && !step.isOptional ? .notDone : skipped.status
            result.reason = skipped.reason
            result.why = skipped.why
        }
        if result.status != .notOffered { result.checks = step.checks.map { verdict(on: $0, of: step) } }
        return result
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
        result.provenance = provenance
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
        for step in lab.steps {
            for check in step.checks where "\(step.id).\(check.name)" == name { return (check, step) }
        }
        return nil
    }

    private func blank(_ check: CheckDefinition, of step: StepDefinition) -> CheckResult {
        let start = check.span.start
        return CheckResult(
            name: "\(step.id).\(check.name)", step: step.id, check: check.name, polarity: check.polarity.rawValue,
            question: Template(check.text, isDeclared: { references[$0] != nil }).rendered(references),
            verdict: .inconclusive, provenance: .attested, points: 0, maxPoints: step.isOptional ? 0 : check.points,
            reason: "", table: check.question.table.name, rows: 0, file: check.span.file.name, line: start.line,
            column: start.column, display: "",
            isHidden: check.isHidden ? true : nil)
    }

    // MARK: Evidence

    /// The rows of a table within a step: the kind's own where it has that table, otherwise what happened meanwhile.
    private func rows(of table: String, for step: StepDefinition, _ record: PerformedStep) -> ([Row], Provenance) {
        let own = derived[step.id]?.tables.filter { $0.table.name == table } ?? []
        if let first = own.first { return (own.flatMap(\.rows), first.provenance) }
        let evidence = record.evidence(in: run)
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
            guard let value = references[name], let found = FieldValue.values(of: value, as: type(of: name)) else {
                throw UnboundReference(why: .noValue(reference: name))
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
        guard let step = lab.steps.first(where: { name == $0.id || name.hasPrefix($0.id + ".") }),
            let schema = StepCatalog.kind(named: step.kind)?.schema
        else { return nil }
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
