import SupportCrypto

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

    /// SHA-256 over kinds, plans, questions, points and credit: fixing a typo in a task leaves it as it is.
    package static func judging(of lab: LabDefinition) -> String {
        let steps = lab.steps.map { step -> Value in
            [
                "id": .string(step.id), "kind": .string(step.kind), "host": .string(step.host),
                "optional": .bool(step.isOptional), "plan": .map(step.plan.mapValues(\.written)),
                "checks": .list(
                    step.checks.map { check in
                        [
                            "name": .string(check.name), "polarity": .string(check.polarity.rawValue),
                            "question": .string(check.text), "points": .double(check.points),
                            "control": check.control.map { .string($0) } ?? .null,
                        ]
                    }),
            ]
        }
        let judged: Value = ["credit": .string(lab.credit.rawValue), "steps": .list(steps)]
        // A value made of strings, numbers and lists always has a JSON form.
        let bytes = (try? JSON.encode(judged)) ?? []
        return Hex.string(DigestAlgorithm.sha256.digest(of: bytes))
    }
}

extension PlanNode {
    /// The node as it was written, references unresolved.
    var written: Value {
        switch self {
        case .scalar(let template, _, _): .string(template.source)
        case .value(let value): value
        case .step(let id): .string("$" + id)
        case .list(let nodes): .list(nodes.map(\.written))
        case .map(let nodes): .map(nodes.mapValues(\.written))
        }
    }
}
