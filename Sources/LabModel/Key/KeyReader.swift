import SupportDiagnostics
import SupportYAML

/// Reads a key file. What it says of steps and checks is held against the lab once that has been read.
struct KeyReader {
    let file: SourceFile
    let problems: Problems
    private(set) var key: LabKey
    private(set) var hidden = HiddenChecks()
    /// Step ids with their places, to be held against the lab.
    private var answers: [Located<String>] = []
    private var rubric: [Located<String>] = []

    init(_ file: SourceFile, _ root: YAMLNode?, lab: String, _ problems: Problems) {
        self.file = file
        self.problems = problems
        key = LabKey(file: file)
        guard let root, var fields = FieldReader(root, of: "the key file", declared: LabGrammar.key.names, problems)
        else { return }
        _ = fields.integer("format", in: 1...1, required: true)
        if let name = fields.string("lab", required: true), name.value != lab {
            problems.report(
                Diagnostic(
                    "key.other-lab", "this key belongs to the lab `\(name.value)`, but lies beside `\(lab)`",
                    at: name.span, fix: .init(replace: name.span, with: lab)))
        }
        hidden.read(&fields, problems)
        readAnswers(&fields)
        readRubric(&fields)
        for pair in fields.map("wrong") ?? [] {
            if let run = wrongRun(pair) { key.wrong.append(run) }
        }
        fields.finish(help: "`lab explain key` lists what a key file may have")
    }

    private mutating func readAnswers(_ fields: inout FieldReader) {
        for pair in fields.map("answers") ?? [] {
            guard let answer = KeyAnswer(pair.value) else {
                problems.report(.noAnswer(at: pair.value.span))
                continue
            }
            answers.append(Located(pair.key.text, at: pair.key.span))
            key.answers[pair.key.text] = Located(answer, at: pair.value.span)
        }
    }

    private mutating func readRubric(_ fields: inout FieldReader) {
        for pair in fields.map("rubric") ?? [] {
            rubric.append(Located(pair.key.text, at: pair.key.span))
            let items = pair.value.list("the rubric of `\(pair.key.text)`", problems) ?? []
            let read = items.compactMap { item -> RubricItem? in
                guard
                    var fields = FieldReader(
                        item, of: "the line of the rubric", declared: LabGrammar.rubricLine.names, problems)
                else { return nil }
                let text = fields.string("text", required: true)
                let points = fields.double("points", required: true)
                fields.finish()
                guard let text, let points else { return nil }
                return RubricItem(text: text.value, points: points.value, span: text.span)
            }
            key.rubric.append((pair.key.text, read))
        }
    }

    private func wrongRun(_ pair: YAMLPair) -> WrongRun? {
        let name = pair.key.text
        guard
            var fields = FieldReader(
                pair.value, of: "the wrong run `\(name)`", declared: LabGrammar.wrongRun.names, problems)
        else { return nil }
        let because = fields.string("because", required: true)
        let change = fields.node("change", required: true)
        let fails = fields.strings("fails", required: true)
        fields.finish()
        guard let because, let change, let fails,
            let read = ChangeReader(run: name, problems: problems).read(change)
        else { return nil }
        if fails.isEmpty {
            problems.report(
                Diagnostic(
                    "key.fails-nothing", "the wrong run `\(name)` fails nothing", at: pair.key.span,
                    help: ["name the checks that must fail: `fails: [step.check]`"]))
        }
        return WrongRun(name: name, because: because.value, change: read, fails: fails, span: pair.key.span)
    }

    // MARK: Against the lab

    /// Holds what the key says against the lab, and gives the lab what belongs to it.
    ///
    /// - Parameters:
    ///   - references: what is known before a run.
    ///   - readFile: a file of the lab's folder; nil where there is none, or where its path leads elsewhere.
    mutating func finish(
        _ lab: inout LabDefinition, references: [String: Value], readFile: @escaping (String) -> [UInt8]?
    ) {
        let ids = lab.steps.map(\.id)
        for step in hidden.additions.map(\.step) where !ids.contains(step.value) {
            problems.report(.unknownStep(step, "hidden checks", among: ids))
        }
        hidden.mark(&lab.steps, from: file)
        for step in rubric where lab.step(step.value) == nil {
            problems.report(.unknownStep(step, "a rubric", among: ids))
        }
        let checks = KeyAnswerChecks(lab: lab, references: references, problems: problems, readFile: readFile)
        finishAnswers(checks)
        for index in key.wrong.indices { key.wrong[index].change = finished(key.wrong[index].change, checks) }
        lab.key = key
    }

    private mutating func finishAnswers(_ checks: KeyAnswerChecks) {
        for step in answers {
            guard let answer = key.answers[step.value] else { continue }
            guard let (meant, bytes) = checks.verify(answer, of: step, mayBeNothing: false) else {
                key.answers[step.value] = nil
                continue
            }
            key.answers[step.value] = Located(meant, at: answer.span)
            if case .file(let path) = meant { key.files[path] = bytes }
        }
    }

    private mutating func finished(_ change: WrongChange, _ checks: KeyAnswerChecks) -> WrongChange {
        var change = change
        for (step, answer) in change.answers.sorted(by: { $0.key < $1.key }) {
            let place = change.spans[step] ?? file.span
            let found = checks.verify(
                Located(answer, at: change.answerSpans[step] ?? place), of: Located(step, at: place),
                mayBeNothing: true)
            guard let (meant, bytes) = found else {
                change.isPartial = true
                continue
            }
            change.answers[step] = meant
            if case .file(let path) = meant { key.files[path] = bytes }
        }
        return change
    }
}

extension Diagnostic {
    static func noAnswer(at span: SourceSpan) -> Diagnostic {
        Diagnostic(
            "key.answer", "this is no answer", at: span,
            help: ["an answer is a text, a number, a list of options, or for a `file` step `{ text: … }`"])
    }

    static func unknownStep(_ step: Located<String>, _ what: String, among ids: [String]) -> Diagnostic {
        let nearest = Suggestion.nearest(to: step.value, among: ids)
        return Diagnostic(
            "key.unknown-step", "\(what) for `\(step.value)`, but the lab has no step of this id", at: step.span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "",
            help: nearest == nil ? ["the step needs an `id` in the lab"] : [],
            fix: .spelling(of: step.value, as: nearest, at: step.span))
    }

    static func unknownCheck(_ check: Located<String>, in lab: LabDefinition) -> Diagnostic {
        let names = lab.steps.flatMap { step in step.checks.map { "\(step.id).\($0.name)" } }
        let nearest = Suggestion.nearest(to: check.value, among: names)
        return Diagnostic(
            "key.unknown-check", "the lab has no check `\(check.value)`", at: check.span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "", help: ["a check is named `step.check`"],
            fix: .spelling(of: check.value, as: nearest, at: check.span))
    }
}

extension Value {
    /// The node as JSON would hold it.
    package init(_ node: YAMLNode) {
        switch node.content {
        case .sequence(let items): self = .list(items.map { Value($0) })
        case .mapping(let pairs):
            self = .map(
                Dictionary(pairs.map { ($0.key.text, Value($0.value)) }, uniquingKeysWith: { first, _ in first }))
        case .scalar(let scalar):
            switch scalar.look {
            case .null: self = .null
            case .boolean(let flag): self = .bool(flag)
            case .integer: self = Int64(scalar.text).map { .int($0) } ?? .string(scalar.text)
            default: self = .string(scalar.text)
            }
        }
    }
}
