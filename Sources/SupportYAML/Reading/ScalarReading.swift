import SupportDiagnostics

/// Typed reading of one node. Each returns nil after reporting what was expected and what was found; `name` is what the
/// message calls the value: "`port` of `proxy`".
extension YAMLNode {
    /// Any text or number, as it was written: `no` and `010` are themselves.
    package func text(_ name: @autoclosure () -> String, _ problems: Problems) -> SourceText? {
        guard let scalar = expectScalar("text", name(), problems) else { return nil }
        return scalar.source
    }

    package func string(_ name: @autoclosure () -> String, _ problems: Problems) -> Located<String>? {
        text(name(), problems).map { Located($0.text, at: span) }
    }

    /// A whole number, decimal or `0x…`.
    package func integer(
        _ name: @autoclosure () -> String, in range: ClosedRange<Int> = Int.min...Int.max, _ problems: Problems
    ) -> Located<Int>? {
        guard let scalar = expectScalar("a whole number", name(), problems) else { return nil }
        switch scalar.look {
        case .integer: break
        case .octal: return trap(octal(scalar), problems)
        case .exponent: return trap(exponent(scalar, in: range, name()), problems)
        case .sexagesimal: return trap(sexagesimal(scalar, expected: "a whole number", name()), problems)
        default: return mismatch("a whole number", name(), problems)
        }
        let isNegative = scalar.text.hasPrefix("-")
        let digits = scalar.text.drop { $0 == "-" || $0 == "+" }
        let magnitude = digits.hasPrefix("0x") ? Int(digits.dropFirst(2), radix: 16) : Int(digits)
        guard let value = magnitude.map({ isNegative ? 0 - $0 : $0 }), range.contains(value) else {
            problems.report(
                Diagnostic(
                    "field.range", "\(name()) must be \(Self.describe(range)), found `\(scalar.text)`", at: span))
            return nil
        }
        return Located(value, at: span)
    }

    package func double(
        _ name: @autoclosure () -> String, atLeast least: Double = -.infinity, _ problems: Problems
    ) -> Located<Double>? {
        guard let scalar = expectScalar("a number", name(), problems) else { return nil }
        switch scalar.look {
        case .integer, .float, .exponent:
            guard let value = Double(scalar.text), value.isFinite else { return mismatch("a number", name(), problems) }
            guard value >= least else {
                problems.report(
                    Diagnostic(
                        "field.range",
                        "\(name()) must be at least \(least == 0 ? "0" : "\(least)"), found `\(scalar.text)`",
                        at: span))
                return nil
            }
            return Located(value, at: span)
        case .octal: return trap(octal(scalar), problems)
        case .sexagesimal: return trap(sexagesimal(scalar, expected: "a number", name()), problems)
        default: return mismatch("a number", name(), problems)
        }
    }

    /// `true` or `false`; the other booleans of YAML 1.1 are refused with the right spelling.
    package func boolean(_ name: @autoclosure () -> String, _ problems: Problems) -> Located<Bool>? {
        guard let scalar = expectScalar("`true` or `false`", name(), problems) else { return nil }
        switch scalar.look {
        case .boolean(let value): return Located(value, at: span)
        case .doubtfulBoolean(let value):
            problems.report(
                Diagnostic(
                    "field.boolean", "\(name()) must be `true` or `false`, found `\(scalar.text)`", at: span,
                    label: "write `\(value)`", fix: .init(replace: span, with: "\(value)")))
            return nil
        default: return mismatch("`true` or `false`", name(), problems)
        }
    }

    /// A span of time with its unit: `50ms`, `1.5s`, `2min`. Never negative.
    package func duration(_ name: @autoclosure () -> String, _ problems: Problems) -> Located<Duration>? {
        quantity(
            "a time with a unit, such as `50ms` or `1.5s`", units: "`ns`, `us`, `ms`, `s`, `min`, `h`, `d`", name(),
            problems
        ) {
            if case .duration(let nanoseconds) = $0, nanoseconds >= 0 { .nanoseconds(nanoseconds) } else { nil }
        }
    }

    /// A number of bytes with its unit: `512B`, `10MB`, `3 KiB`.
    package func size(_ name: @autoclosure () -> String, _ problems: Problems) -> Located<Int>? {
        quantity(
            "a size with a unit, such as `10MB` or `64KiB`", units: "`B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`",
            name(),
            problems
        ) {
            if case .size(let bytes) = $0 { Int(exactly: bytes) } else { nil }
        }
    }

    /// One of the cases of an enumeration, by its raw value.
    package func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: @autoclosure () -> String, as type: Choice.Type = Choice.self, _ problems: Problems
    ) -> Located<Choice>? {
        let names = Choice.allCases.map(\.rawValue)
        var listed: String { names.map { "`\($0)`" }.joined(separator: ", ") }
        guard let scalar = expectScalar("one of \(listed)", name(), problems) else { return nil }
        if let value = Choice(rawValue: scalar.text) { return Located(value, at: span) }
        let nearest = Suggestion.nearest(to: scalar.text, among: names)
        problems.report(
            Diagnostic(
                "field.choice", "\(name()) must be one of \(listed), found \(described)", at: span,
                label: nearest.map { "did you mean `\($0)`?" } ?? "",
                fix: .spelling(of: scalar.text, as: nearest, at: span)))
        return nil
    }

    /// A list of texts; one text alone is a list of one.
    package func strings(_ name: @autoclosure () -> String, _ problems: Problems) -> [Located<String>]? {
        switch content {
        case .scalar: string(name(), problems).map { [$0] }
        case .sequence(let items): items.compactMap { $0.string("each item of \(name())", problems) }
        case .mapping: mismatch("text or a list of texts", name(), problems)
        }
    }

    /// The items of a list.
    package func list(_ name: @autoclosure () -> String, _ problems: Problems) -> [YAMLNode]? {
        sequence ?? mismatch("a list", name(), problems)
    }

    /// The pairs of a mapping, in the order of the file.
    package func pairs(_ name: @autoclosure () -> String, _ problems: Problems) -> [YAMLPair]? {
        mapping ?? mismatch("a mapping", name(), problems)
    }

    // MARK: Problems

    /// Reports that this is not what was expected; always nil.
    package func mismatch<Value>(_ expected: String, _ name: @autoclosure () -> String, _ problems: Problems) -> Value?
    {
        if isFlawed { return nil }
        problems.report(
            Diagnostic(
                "field.type", "\(name()) must be \(expected), found \(described)", at: markedSpan,
                label: "expected \(expected)"))
        return nil
    }

    /// The whole node where it is a scalar, otherwise its first character: nobody wants half a file underlined.
    private var markedSpan: SourceSpan {
        guard scalar == nil else { return span }
        let lower = span.range.lowerBound
        return span.file.span(lower..<min(lower + 1, span.range.upperBound))
    }

    private func expectScalar(
        _ expected: @autoclosure () -> String, _ name: @autoclosure () -> String, _ problems: Problems
    ) -> YAMLScalar? {
        if isFlawed { return nil }
        guard let scalar, !scalar.isNull else { return mismatch(expected(), name(), problems) }
        return scalar
    }

    private func trap<Value>(_ diagnostic: Diagnostic, _ problems: Problems) -> Value? {
        problems.report(diagnostic)
        return nil
    }

    private func octal(_ scalar: YAMLScalar) -> Diagnostic {
        let digits = scalar.text.drop { $0 == "-" || $0 == "+" || $0 == "0" || $0 == "o" }
        let plain = digits.isEmpty ? "0" : String(digits)
        return Diagnostic(
            "field.octal", "a number with a leading zero is octal to some readers of YAML", at: span,
            label: "write `\(plain)`",
            help: ["put it in quotes where the zeros matter, as in a phone number"],
            fix: .init(replace: span, with: plain))
    }

    private func exponent(_ scalar: YAMLScalar, in range: ClosedRange<Int>, _ name: @autoclosure () -> String)
        -> Diagnostic
    {
        let plain = Double(scalar.text).flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? String($0) : nil }
        return Diagnostic(
            "field.exponent", "\(name()) must be a whole number, found `\(scalar.text)`", at: span,
            label: plain.map { "write `\($0)`" } ?? "",
            notes: ["a number with an exponent is a text to some readers of YAML"], help: ["write the number out"],
            fix: plain.map { .init(replace: span, with: $0) })
    }

    private func sexagesimal(_ scalar: YAMLScalar, expected: String, _ name: @autoclosure () -> String) -> Diagnostic {
        Diagnostic(
            "field.sexagesimal", "\(name()) must be \(expected), found the text `\(scalar.text)`", at: span,
            notes: ["YAML 1.1 reads numbers with colons in base 60"])
    }

    private func quantity<Value>(
        _ expected: String, units: String, _ name: @autoclosure () -> String, _ problems: Problems,
        _ convert: (Quantity) -> Value?
    ) -> Located<Value>? {
        guard let scalar = expectScalar(expected, name(), problems) else { return nil }
        do {
            if let value = convert(try Quantity(scalar.text)) { return Located(value, at: span) }
            return mismatch(expected, name(), problems)
        } catch Quantity.Problem.noUnit {
            problems.report(
                Diagnostic(
                    "field.unit", "\(name()) must be \(expected), found `\(scalar.text)` without a unit", at: span,
                    help: ["units are \(units)"]))
        } catch Quantity.Problem.unknownUnit(let unit, let nearest) {
            problems.report(
                Diagnostic(
                    "field.unit", "\(name()) has the unknown unit `\(unit)`", at: span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "", help: ["units are \(units)"]))
        } catch Quantity.Problem.outOfRange {
            problems.report(Diagnostic("field.range", "\(name()) is too large", at: span))
        } catch {
            return mismatch(expected, name(), problems)
        }
        return nil
    }

    private static func describe(_ range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (Int.min, Int.max): "a whole number below 2^63"
        case (let low, Int.max): "a whole number of at least \(low)"
        case (Int.min, let high): "a whole number of at most \(high)"
        case (let low, let high): "a whole number from \(low) to \(high)"
        }
    }
}
