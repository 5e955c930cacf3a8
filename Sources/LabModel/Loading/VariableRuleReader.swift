import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads what a variable or a parameter must be: `min`, `max`, `matches`, `one-of`, `length`.
struct VariableRuleReader {
    let problems: Problems

    func read(_ fields: inout FieldReader, type: VariableType, at span: SourceSpan) -> VariableRule {
        var rule = VariableRule(type)
        if let node = fields.node("one-of") {
            rule.choices = (node.list(fields.name("one-of"), problems) ?? []).compactMap {
                type.read($0, "each item of \(fields.name("one-of"))", problems)
            }
            if rule.choices.isEmpty, node.sequence?.isEmpty ?? false {
                problems.report(Diagnostic("variable.no-choice", "`one-of` allows nothing", at: node.span))
            }
        } else if type == .choice {
            problems.report(
                Diagnostic(
                    "variable.no-choice", "a choice needs `one-of: […]`, the values there are to choose from", at: span)
            )
        }
        let minimum = bound("min", &fields, type)
        let maximum = bound("max", &fields, type)
        if let minimum, let maximum, minimum.value > maximum.value {
            problems.report(
                Diagnostic(
                    "variable.bounds", "nothing lies between `min: \(minimum.text)` and `max: \(maximum.text)`",
                    at: maximum.span, secondary: [.init(minimum.span)]))
            return rule
        }
        (rule.minimum, rule.minimumText) = (minimum?.value, minimum?.text ?? "")
        (rule.maximum, rule.maximumText) = (maximum?.value, maximum?.text ?? "")
        if let source = fields.text("matches") {
            do { rule.pattern = try TextPattern(source) } catch { problems.report(error) }
        }
        rule.length = length(&fields)
        return rule
    }

    private func bound(
        _ key: String, _ fields: inout FieldReader, _ type: VariableType
    ) -> (value: Int64, text: String, span: SourceSpan)? {
        guard let node = fields.node(key) else { return nil }
        let name = fields.name(key)
        guard [.number, .port, .duration].contains(type) else {
            problems.report(
                Diagnostic(
                    "variable.bounds", "`\(key)` is for numbers, ports and durations, but this is a \(type.rawValue)",
                    at: node.span, help: ["`length` and `matches` say what a text must be"]))
            return nil
        }
        guard let value = type.read(node, name, problems),
            let amount = type == .duration ? VariableType.nanoseconds(value.text) : value.int
        else { return nil }
        return (amount, value.text, node.span)
    }

    /// `length: 8`, or `{ min: 8, max: 64 }`.
    private func length(_ fields: inout FieldReader) -> ClosedRange<Int>? {
        guard let node = fields.node("length") else { return nil }
        let name = fields.name("length")
        guard node.mapping != nil else {
            return node.integer(name, in: 0...100_000, problems).map { $0.value...$0.value }
        }
        guard var length = FieldReader(node, of: name, problems) else { return nil }
        let least = length.integer("min", in: 0...100_000)?.value ?? 0
        let most = length.integer("max", in: 0...100_000)
        length.finish()
        if let most, most.value < least {
            problems.report(
                Diagnostic(
                    "variable.bounds", "no text is at least \(least) and at most \(most.value) long", at: most.span))
            return nil
        }
        return least...(most?.value ?? Int.max)
    }
}
