import SupportDiagnostics
import SupportYAML

/// Reads `foreach`: one turn for every item, or for every combination where several names have items.
struct ForeachReader {
    let problems: Problems

    private struct Axis {
        var name: String
        var items: [(value: Value, suffix: String)]
    }

    func turns(_ node: YAMLNode, in place: Expansion.Place) -> [Expansion.Place] {
        var axes: [Axis] = []
        if let items = node.sequence {
            axes = [axis("item", items, node)]
        } else {
            for pair in node.pairs("`foreach`", problems) ?? [] {
                guard Names.isVariable(pair.key.text), pair.key.text == "item" || Names.reserved[pair.key.text] == nil
                else {
                    problems.report(
                        Diagnostic(
                            "foreach.name",
                            "the name of an item is made of letters, digits and `_` and begins with a letter",
                            at: pair.key.span))
                    continue
                }
                guard let items = pair.value.list("`\(pair.key.text)` of `foreach`", problems) else { continue }
                axes.append(axis(pair.key.text, items, pair.value))
            }
        }
        guard !axes.isEmpty, axes.allSatisfy({ !$0.items.isEmpty }) else { return [] }
        return combine(axes, node, place)
    }

    private func axis(_ name: String, _ nodes: [YAMLNode], _ list: YAMLNode) -> Axis {
        var axis = Axis(name: name, items: [])
        var seen: [String: SourceSpan] = [:]
        if nodes.isEmpty {
            problems.report(Diagnostic("foreach.empty", "there is nothing to repeat for", at: list.span))
        }
        for node in nodes {
            guard let scalar = node.scalar, !scalar.isNull else {
                let _: Int? = node.mismatch("a text or a number", "each item of `foreach`", problems)
                continue
            }
            if scalar.text.contains("$") {
                problems.report(
                    Diagnostic(
                        "foreach.reference", "an item of `foreach` is a plain value, found `\(scalar.text)`",
                        at: node.span,
                        notes: ["ids are made of the items, and ids are the same for every student"]))
                continue
            }
            let suffix = Self.suffix(scalar.text)
            if let first = seen[suffix] {
                problems.report(
                    Diagnostic(
                        "foreach.same-item", "two items would give their steps the same id, ending with `\(suffix)`",
                        at: node.span, secondary: [.init(first, "the first")]))
                continue
            }
            seen[suffix] = node.span
            axis.items.append((Self.value(scalar), suffix))
        }
        return axis
    }

    private static func value(_ scalar: YAMLScalar) -> Value {
        switch scalar.look {
        case .integer: Int64(scalar.text).map { .int($0) } ?? .string(scalar.text)
        case .boolean(let flag): .bool(flag)
        default: .string(scalar.text)
        }
    }

    /// An item as part of an id: `www.example.test` gives `-www-example-test`.
    private static func suffix(_ text: String) -> String {
        var result = ""
        for byte in text.utf8.prefix(200) {
            if Names.isAlphanumeric(byte) || byte == UInt8(ascii: "_") {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else if !result.hasSuffix("-") {
                result += "-"
            }
        }
        let trimmed = result.drop { $0 == "-" }
        return "-" + (trimmed.hasSuffix("-") ? trimmed.dropLast() : trimmed)
    }

    private func combine(_ axes: [Axis], _ node: YAMLNode, _ place: Expansion.Place) -> [Expansion.Place] {
        let count = axes.reduce(1) { min($0 * $1.items.count, Expansion.limit + 1) }
        guard count <= Expansion.limit else {
            problems.report(
                Diagnostic(
                    "lab.too-many-steps", "`foreach` comes to more than \(Expansion.limit) turns",
                    at: node.span.startPoint)
            )
            return []
        }
        return (0..<count).map { number in
            var rest = number
            var bindings: [String: Scope.Binding] = [:]
            var suffix = ""
            // The last name changes fastest.
            for axis in axes.reversed() {
                let item = axis.items[rest % axis.items.count]
                rest /= axis.items.count
                suffix = item.suffix + suffix
                bindings[axis.name] = .value(item.value)
            }
            var turn = place
            turn.suffix += suffix
            turn.scope = Scope(items: bindings, in: place.scope)
            return turn
        }
    }
}
