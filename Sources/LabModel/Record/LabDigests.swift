import SupportCrypto
import SupportQuestions

/// The two digests of a lab: over its text, and over what decides verdicts.
package enum LabDigests {
    /// SHA-256 over all files with their names, in hexadecimal.
    package static func text(of files: [LabFile]) -> String {
        let digest = RunningDigest(.sha256)
        for file in files.sorted(by: { $0.path < $1.path }) {
            for part in [Array(file.path.utf8), Array(String(file.bytes.count).utf8), file.bytes] {
                (part + [0]).withUnsafeBytes { digest.update($0) }
            }
        }
        return Hex.string(digest.finish())
    }

    /// SHA-256 over kinds, plans, conditions, retries, questions, points, credit and what variables may be: fixing a
    /// typo in a title, a task, an explanation or a hint leaves it as it is, and so does another visibility. Groups and
    /// repetitions count as the steps that they come to.
    package static func judging(of lab: LabDefinition) -> String {
        let judged: Value = [
            "credit": .string(lab.credit.rawValue), "steps": .list(lab.steps.map(step)),
            "variables": .list(lab.variables.map(variable)),
        ]
        // A value made of strings, numbers and lists always has a JSON form.
        let bytes = (try? JSON.encode(judged)) ?? []
        return Hex.string(DigestAlgorithm.sha256.digest(of: bytes))
    }

    private static func step(_ step: StepDefinition) -> Value {
        // How a question is worded is text; what is asked for is not.
        let plan = step.asked == nil ? step.plan : step.plan.filter { $0.key != "question" }
        var judged: [String: Value] = [
            "id": .string(step.id), "kind": .string(step.kind), "host": .string(step.host),
            "optional": .bool(step.isOptional), "plan": .map(plan.mapValues(\.written)),
            "needs": .list(step.needs.sorted().map { .string($0) }), "partial": .bool(step.givesPartialCredit),
            "when": .list(step.conditions.map(condition)), "checks": .list(step.checks.map(check)),
        ]
        if let retry = step.retry {
            judged["retry"] = [
                "times": retry.times.map { .int(Int64($0)) } ?? .null, "within": retry.within.map { .int($0) } ?? .null,
                "pause": .int(retry.pause),
            ]
        }
        return .map(judged)
    }

    private static func check(_ check: CheckDefinition) -> Value {
        [
            "name": .string(check.name), "polarity": .string(check.polarity.rawValue),
            "question": .string(check.text), "points": .double(check.points),
            "control": check.control.map { .string($0) } ?? .null,
            "names": .map(check.names.mapValues { .string($0) }), "values": .map(check.values),
        ]
    }

    private static func condition(_ condition: ConditionDefinition) -> Value {
        switch condition.test {
        case .passed(let name, let wanted): return ["name": .string(name), "passed": .bool(wanted)]
        case .question(_, let operands):
            return [
                "question": .string(condition.text),
                "operands": .list(
                    operands.map {
                        switch $0 {
                        case .value(let value): value
                        case .name(let name): .string("$" + name)
                        }
                    }),
            ]
        }
    }

    private static func variable(_ variable: VariableDefinition) -> Value {
        let rule = variable.rule
        let source: Value =
            switch variable.source {
            case .value(let value): value
            case .pick(let generator): .string("pick \(generator)")
            case .given: .null
            }
        return [
            "name": .string(variable.name), "source": source, "type": .string(rule.type.rawValue),
            "secret": .bool(variable.isSecret), "min": rule.minimum.map { .int($0) } ?? .null,
            "max": rule.maximum.map { .int($0) } ?? .null, "matches": rule.pattern.map { .string($0.text) } ?? .null,
            "one-of": .list(rule.choices),
            "length": rule.length.map { .list([.int(Int64($0.lowerBound)), .int(Int64($0.upperBound))]) } ?? .null,
        ]
    }
}

extension PlanNode {
    /// The node as it was written, references unresolved.
    var written: Value {
        switch self {
        case .scalar(let template, _, _): .string(template.written)
        case .value(let value): value
        case .step(let id): .string("$" + id)
        case .list(let nodes): .list(nodes.map(\.written))
        case .map(let nodes): .map(nodes.mapValues(\.written))
        }
    }
}
