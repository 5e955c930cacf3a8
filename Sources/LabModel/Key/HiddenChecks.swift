import SupportDiagnostics
import SupportYAML

/// The `checks` of a key file: put into the steps of the lab before those are read, so that they are checks like all
/// others, with the place where they stand in the key file.
struct HiddenChecks {
    struct Addition {
        var step: Located<String>
        var expect: [YAMLPair] = []
        var forbid: [YAMLPair] = []
    }

    var additions: [Addition] = []
    /// By `step.check`.
    private(set) var points: [String: Double] = [:]

    mutating func read(_ fields: inout FieldReader, _ problems: Problems) {
        for pair in fields.map("checks") ?? [] {
            let step = pair.key.text
            guard
                var reader = FieldReader(
                    pair.value, of: "the hidden checks of `\(step)`", declared: LabGrammar.hiddenChecks.names, problems)
            else { continue }
            var addition = Addition(step: Located(step, at: pair.key.span))
            addition.expect = (reader.map("expect") ?? []).map { worthNothing($0, step: step, problems) }
            addition.forbid = (reader.map("forbid") ?? []).map { worthNothing($0, step: step, problems) }
            reader.finish()
            additions.append(addition)
        }
    }

    /// What a step's points are shared by are the checks that students see; hidden ones come on top of them.
    private mutating func worthNothing(_ pair: YAMLPair, step: String, _ problems: Problems) -> YAMLPair {
        let name = "\(step).\(pair.key.text)"
        let span = pair.key.span
        let nothing = YAMLNode.text("0", at: span)
        guard pair.value.mapping != nil else {
            points[name] = 1
            guard pair.value.scalar.map({ !$0.isNull }) ?? false else { return pair }
            let question = YAMLPair(key: .text("is", at: span), value: pair.value)
            let worth = YAMLPair(key: .text("points", at: span), value: nothing)
            return YAMLPair(key: pair.key, value: .mapping([question, worth], at: pair.value.span))
        }
        let own = pair.value.value(of: "points")
        points[name] = own.flatMap { $0.double("`points` of `\(name)`", problems)?.value } ?? 1
        return YAMLPair(key: pair.key, value: pair.value.setting("points", to: nothing, at: span))
    }

    func added(to steps: [YAMLNode]) -> [YAMLNode] {
        guard !additions.isEmpty else { return steps }
        return steps.map { step in
            guard let id = step.value(of: "id")?.scalar?.text else { return step }
            var step = step
            for addition in additions where addition.step.value == id {
                step = Self.adding(addition.expect, under: "expect", to: step, addition.step.span)
                step = Self.adding(addition.forbid, under: "forbid", to: step, addition.step.span)
            }
            return step
        }
    }

    private static func adding(
        _ checks: [YAMLPair], under key: String, to step: YAMLNode, _ span: SourceSpan
    ) -> YAMLNode {
        guard !checks.isEmpty else { return step }
        let old = step.value(of: key)
        // Where the lab's own checks are no mapping, that is what is told.
        if let old, old.mapping == nil { return step }
        let all = YAMLNode.mapping((old?.mapping ?? []) + checks, at: old?.span ?? span)
        return step.setting(key, to: all, at: span)
    }

    /// Marks what came from the key file, and gives it its points.
    func mark(_ steps: inout [StepDefinition], from file: SourceFile) {
        for step in steps.indices {
            for check in steps[step].checks.indices where steps[step].checks[check].span.file === file {
                steps[step].checks[check].isHidden = true
                steps[step].checks[check].points = points["\(steps[step].id).\(steps[step].checks[check].name)"] ?? 1
            }
        }
    }
}
