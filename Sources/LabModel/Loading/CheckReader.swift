import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads `expect`, `forbid` and `points` of a step.
struct CheckReader {
    private let schema: StepSchema
    private let catalogue: [StepSchema]
    private let tables: [Table]
    private let scope: Scope
    private let compiled: [CompiledQuestion]
    private let problems: Problems

    init(
        schema: StepSchema, catalogue: [StepSchema], sharedTables: [Table], scope: Scope,
        compiled: [CompiledQuestion], problems: Problems
    ) {
        self.schema = schema
        self.catalogue = catalogue
        tables = Self.tables(of: schema, sharedTables: sharedTables)
        self.scope = scope
        self.compiled = compiled
        self.problems = problems
    }

    /// The kind's own tables come first: where it derives `frame` itself, that one is meant.
    static func tables(of schema: StepSchema, sharedTables: [Table]) -> [Table] {
        let own = schema.tables
        return own + sharedTables.filter { shared in !own.contains { $0.name == shared.name } }
    }

    func read(_ fields: inout FieldReader) -> [CheckDefinition] {
        let pairs = [CheckDefinition.Polarity.expect, .forbid].map { ($0, fields.map($0.rawValue) ?? []) }
        var checks: [CheckDefinition] = []
        // Checks are large, and a lab has many.
        checks.reserveCapacity(pairs.reduce(0) { $0 + $1.1.count })
        var own: [Double?] = []
        for (polarity, pairs) in pairs {
            for pair in pairs {
                guard let (check, points) = check(pair, polarity) else { continue }
                if let other = checks.first(where: { $0.name == check.name }) {
                    problems.report(
                        Diagnostic(
                            "check.duplicate-name", "this step has a check `\(check.name)` already",
                            at: pair.key.span, secondary: [.init(other.span, "the first")]))
                }
                checks.append(check)
                own.append(points)
            }
        }
        distribute(fields.double("points", atLeast: 0), among: &checks, own)
        return checks
    }

    /// A check, and the points that it states itself.
    private func check(
        _ pair: YAMLPair, _ polarity: CheckDefinition.Polarity
    ) -> (check: CheckDefinition, points: Double?)? {
        let name = pair.key.text
        var source: SourceText?
        var points: Double?
        var control: Located<String>?
        var visibility = CheckVisibility.always
        if pair.value.mapping != nil {
            guard
                var check = FieldReader(
                    pair.value, of: "the check `\(name)`", declared: LabGrammar.check.names, problems)
            else { return nil }
            source = check.text("is", required: true)
            if let question = check.node("is") { warnAboutComment(question) }
            points = check.double("points", atLeast: 0)?.value
            control = check.string("control")
            visibility = check.choice("visibility", as: CheckVisibility.self)?.value ?? .always
            check.finish()
        } else {
            source = pair.value.text("the check `\(name)`", problems)
            warnAboutComment(pair.value)
        }
        guard let source else { return nil }
        if polarity == .forbid, control == nil {
            problems.report(
                Diagnostic(
                    "check.no-control", "`\(name)` forbids something, but names no control", at: pair.key.span,
                    help: [
                        "an absence counts only beside a check that did see the same thing: "
                            + "`\(name): { is: …, control: step.check }`"
                    ]))
        }
        guard let (question, names) = compile(source) else { return nil }
        return (
            CheckDefinition(
                name: name, polarity: polarity, text: source.text, span: source.span, question: question,
                points: points ?? 1, control: control.map { scope.id($0.value) }, controlSpan: control?.span,
                visibility: visibility, names: names.names, values: names.values), points
        )
    }

    /// A ` #` within a question ends it for YAML, and half a question may well be a question.
    private func warnAboutComment(_ node: YAMLNode) {
        guard let comment = node.scalar?.comment else { return }
        problems.report(
            Diagnostic(
                "yaml.comment-in-question", "YAML reads from here on as a comment", severity: .warning, at: comment,
                help: ["put the question in quotes where `#` belongs to it"]))
    }

    private func compile(_ source: SourceText) -> (CompiledQuestion, names: Scope.QuestionNames)? {
        // A step that took a variable's name is told, and what names it means the step from then on.
        if let ready = compiled.first(where: { $0.question.source.span == source.span }),
            ready.question.references.allSatisfy({ scope.declarations[$0.value]?.step == nil })
        {
            problems.report(ready.warnings)
            reportSecrets(in: ready)
            return (ready, scope.references(of: ready.question))
        }
        let question: Question
        do {
            question = try Question.parse(source)
        } catch {
            problems.report(error)
            return nil
        }
        let names = scope.references(of: question)
        do {
            let compiled = try CompiledQuestion.compile(
                question, against: tables, references: names.known, language: .expect)
            problems.report(compiled.warnings)
            reportSecrets(in: compiled)
            return (compiled, names)
        } catch {
            problems.report(error.all.map { recordedElsewhere($0, question) })
            return nil
        }
    }

    /// A field that other kinds record is no unknown field: the problem, told with where it is recorded.
    private func recordedElsewhere(_ problem: Diagnostic, _ question: Question) -> Diagnostic {
        guard problem.code == "question.unknown-field", let span = problem.primary?.span else { return problem }
        let kinds = catalogue.filter { kind in kind.tables.contains { $0.slot(of: span.text) != nil } }.map(\.name)
        guard !kinds.isEmpty else { return problem }
        let listed = kinds.map { "`\($0)`" }.joined(separator: ", ")
        return Diagnostic(
            "question.unrecorded-field", "a `\(schema.name)` step records no `\(span.text)`", at: span,
            label: "recorded by \(listed)",
            help: ["ask in such a step, or for a field of this one: `lab explain \(schema.name)` lists them"])
    }

    /// Packets are kept as they were, and a secret must not be kept: later there is nothing to compare them with.
    private func reportSecrets(in question: CompiledQuestion) {
        let isPackets = question.table.name == "frame" || schema.name == "decrypt"
        for reference in question.question.references {
            guard isPackets, case .name(let name)? = scope.lookUp(reference.value),
                scope.declarations[name]?.isSecret ?? false
            else { continue }
            problems.report(
                Diagnostic(
                    "check.secret-in-packets", "a question about packets cannot name the secret `$\(reference.value)`",
                    at: reference.span,
                    notes: ["packets are kept as they are, secrets are not: the question could not be judged again"],
                    help: ["ask what a program printed, or what a site or a client saw"]))
        }
    }

    /// `points` of the step are shared equally by the checks that have none of their own; without it each has one.
    private func distribute(
        _ total: Located<Double>?, among checks: inout [CheckDefinition], _ stated: [Double?]
    ) {
        guard let total else { return }
        let own = stated.compactMap { $0 }.reduce(0, +)
        let open = stated.count { $0 == nil }
        if total.value < own || (open == 0 && total.value != own) {
            problems.report(
                Diagnostic(
                    "check.points",
                    "the checks of this step have \(own) points of their own, but the step has \(total.value)",
                    at: total.span))
            return
        }
        guard open > 0 else { return }
        let share = (total.value - own) / Double(open)
        for index in checks.indices where stated[index] == nil { checks[index].points = share }
    }
}
