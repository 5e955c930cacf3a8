import SupportDiagnostics
import SupportYAML

/// Holds each declared wrong run against the lab: what it names must be there, what it changes must be readable, and it
/// must change something.
struct WrongRunChecks {
    let lab: LabDefinition
    let loaded: LoadedLab
    let catalogue: [StepSchema]
    let problems: Problems
    /// Reads the lab once more with a change.
    let reload: (LabEdits, [String: String]) -> LoadedLab

    func verify(_ run: WrongRun) {
        let before = problems.all.count
        verifyNames(run)
        guard problems.all.count == before, !run.change.isPartial, isReadable else { return }
        let changed = reload(run.change.edits(of: lab, catalogue: catalogue), run.change.variables)
        let known = Set(problems.all.map(\.identity))
        let errors = changed.problems.filter { $0.severity == .error && !known.contains($0.identity) }
        // One change, one problem: what follows from the first is not worth telling.
        if let first = errors.first { problems.report(told(first, of: run)) }
        guard errors.isEmpty, let other = changed.lab, run.change.evidence.isEmpty, run.change.skipped.isEmpty,
            !changesAnswers(run), LabInputs.digest(other, changed) == LabInputs.digest(lab, loaded)
        else { return }
        problems.report(
            Diagnostic(
                "key.changes-nothing", "the wrong run `\(run.name)` changes nothing: everything is done as before",
                at: run.span))
    }

    /// With a lab that has errors of its own nothing can be said about what a change does to it.
    private var isReadable: Bool {
        problems.all.allSatisfy { $0.severity != .error || $0.primary?.span.file === lab.key?.file }
    }

    private func changesAnswers(_ run: WrongRun) -> Bool {
        run.change.answers.contains { lab.key?.answers[$0.key]?.value != $0.value }
    }

    private func verifyNames(_ run: WrongRun) {
        let ids = lab.steps.map(\.id)
        let change = run.change
        let inserted = change.insertions.flatMap(\.steps).compactMap { $0.value(of: "id")?.scalar?.text }
        let places = (change.moves.map(\.place) + change.insertions.map(\.place)).map(\.step)
        let steps = change.plans.map(\.step) + change.skipped + change.moves.map(\.step) + places
        for step in steps where !ids.contains(step) && !inserted.contains(step) {
            problems.report(unknown("key.unknown-step", "step", step, among: ids, run))
        }
        let variables = lab.variables.map(\.name)
        for name in change.variables.keys.sorted() where !variables.contains(name) {
            problems.report(unknown("key.unknown-variable", "variable", name, among: variables, run))
        }
        for evidence in change.evidence { verify(evidence, run) }
        for check in run.fails {
            guard lab.check(check.value) != nil else {
                problems.report(.unknownCheck(check, in: lab))
                continue
            }
            let step = String(check.value.prefix { $0 != "." })
            if change.skipped.contains(step) {
                problems.report(
                    Diagnostic(
                        "key.fails-skipped",
                        "`\(check.value)` cannot fail where `\(step)` is skipped: what nobody did is not done",
                        at: check.span))
            }
        }
    }

    private func verify(_ evidence: EvidenceChange, _ run: WrongRun) {
        var names = [evidence.result]
        if case .result(let name) = evidence.source { names.append(name) }
        let known = lab.steps.flatMap { step in
            (catalogue.first { $0.name == step.kind }?.results ?? []).map { "\(step.id).\($0.name)" }
        }
        for name in names where !known.contains(name) {
            let nearest = Suggestion.nearest(to: name, among: known)
            problems.report(
                Diagnostic(
                    "key.unknown-result", "no step gives `\(name)`", at: evidence.span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "",
                    help: ["an artefact is named by the result that leads to it: `again.keylog`"]))
        }
    }

    private func unknown(_ code: String, _ what: String, _ name: String, among known: [String], _ run: WrongRun)
        -> Diagnostic
    {
        let nearest = Suggestion.nearest(to: name, among: known)
        let span = run.change.spans[name] ?? run.span
        return Diagnostic(
            code,
            "the wrong run `\(run.name)` changes the \(what) `\(name)`, which the lab does not have", at: span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "", fix: .spelling(of: name, as: nearest, at: span))
    }

    /// A problem that the change made, told where the change stands.
    private func told(_ error: Diagnostic, of run: WrongRun) -> Diagnostic {
        guard error.primary?.span.file !== run.span.file else { return error }
        if error.code == "lab.bad-setting" {
            // Its words are those of `--set`, which nobody wrote here.
            let name = run.change.variables.keys.sorted().first { error.message.hasPrefix("`--set \($0)=") } ?? ""
            return Diagnostic(
                "key.broken-lab",
                "`\(run.name)` gives a variable a value it cannot have: \(error.message.replacing("--set ", with: ""))",
                at: run.change.spans[name] ?? run.span, secondary: error.secondary)
        }
        return Diagnostic(
            "key.broken-lab", "with the change of `\(run.name)` the lab cannot be read: \(error.message)", at: run.span,
            secondary: error.primary.map { [.init($0.span, "here")] } ?? [])
    }
}

extension Diagnostic {
    /// The same problem of the same text, read twice.
    fileprivate var identity: String {
        "\(code) \(primary?.span.file.name ?? "") \(primary?.span.range.lowerBound ?? 0) \(message)"
    }
}

/// What decides a run apart from its checks.
package enum LabInputs {
    /// Equal for labs that do the same in the same world.
    package static func digest(_ lab: LabDefinition, _ loaded: LoadedLab) -> String {
        let steps = lab.steps.map { step in
            let plan = step.plan.mapValues { node in (try? node.resolve(loaded.references)) ?? node.written }
            let known = Value.map(plan).text
            return "\(step.id) \(step.kind) \(step.host) \(known)"
        }
        let references = loaded.references.filter { !$0.key.hasPrefix("world.") }.map { "\($0.key)=\($0.value.text)" }
        let world = loaded.tree.world?.canonical ?? ""
        return (steps + references.sorted() + [world]).joined(separator: "\n")
    }
}

extension LabDefinition {
    /// A check by `step.check`, hidden or not.
    package func check(_ name: String) -> (check: CheckDefinition, step: StepDefinition)? {
        for step in steps {
            for check in step.checks where "\(step.id).\(check.name)" == name { return (check, step) }
        }
        return nil
    }
}
