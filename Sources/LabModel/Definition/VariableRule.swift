import SupportDiagnostics
import SupportQuestions

/// What a variable's value must be besides its type.
package struct VariableRule: Sendable {
    package var type: VariableType
    /// Of a number or a port; nanoseconds of a duration.
    package var minimum: Int64?
    package var maximum: Int64?
    /// The bounds as they were written, for errors.
    package var minimumText = ""
    package var maximumText = ""
    /// A regular expression that is found in the text, as `matches` in a question.
    package var pattern: TextPattern?
    /// All that is allowed; empty: anything.
    package var choices: [Value] = []
    /// Of a text, in characters.
    package var length: ClosedRange<Int>?

    package init(_ type: VariableType) { self.type = type }

    /// The fields that say it.
    package static let keys: Set<String> = ["min", "max", "matches", "one-of", "length"]

    /// Every value there can be, where they are few.
    package var domain: [Value]? {
        if !choices.isEmpty { return choices }
        if type == .boolean { return [.bool(true), .bool(false)] }
        guard let minimum, let maximum, type == .number || type == .port, maximum >= minimum else { return nil }
        let (span, overflows) = maximum.subtractingReportingOverflow(minimum)
        return overflows || span > 100 ? nil : (minimum...maximum).map { .int($0) }
    }

    /// What a value must be and is not, `a whole number of at most 9`; nil where it fits.
    package func violation(of value: Value) -> String? {
        guard let value = type.value(of: value.text) else { return type.description }
        if !choices.isEmpty, !choices.contains(value) {
            return "one of " + choices.map { "`\($0.text)`" }.joined(separator: ", ")
        }
        if let amount = amount(of: value),
            minimum.map({ amount < $0 }) ?? false || maximum.map({ amount > $0 }) ?? false
        {
            return bounds
        }
        if let pattern, !pattern.isFound(in: value.text) { return "something that matches `\(pattern.text)`" }
        if let length, !length.contains(value.text.count) {
            return length.upperBound == Int.max
                ? "at least \(length.lowerBound) characters"
                : length.lowerBound == 0
                    ? "at most \(length.upperBound) characters"
                    : "\(length.lowerBound) to \(length.upperBound) characters"
        }
        return nil
    }

    private func amount(of value: Value) -> Int64? {
        type == .duration ? VariableType.nanoseconds(value.text) : value.int
    }

    private var bounds: String {
        let noun = type == .duration ? "a duration" : "a whole number"
        switch (minimum, maximum) {
        case (nil, _): return "\(noun) of at most \(maximumText)"
        case (_, nil): return "\(noun) of at least \(minimumText)"
        default: return "\(noun) from \(minimumText) to \(maximumText)"
        }
    }
}
