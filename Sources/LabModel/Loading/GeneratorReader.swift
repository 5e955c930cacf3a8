import SupportDiagnostics
import SupportYAML

/// Reads `pick` and the fields that go with it.
struct GeneratorReader {
    let problems: Problems

    func read(_ node: YAMLNode, _ fields: inout FieldReader) -> Generator? {
        guard let name = node.choice("`pick` of \(fields.owner)", as: Generator.Name.self, problems) else {
            fields.expect(["of", "in", "under", "prefix", "length", "min", "max"])
            return nil
        }
        switch name.value {
        case .token: return .token(length: fields.integer("length", in: 4...32)?.value ?? 10)
        case .port: return range(&fields, Generator.ports, within: 1...65_535).map { .port($0) }
        case .number:
            return range(&fields, Generator.numbers, within: Int64.min...Int64.max).map { .number($0) }
        case .hostname: return hostname(&fields)
        case .subnet: return subnet(&fields)
        case .address:
            return prefix(&fields, fallback: "203.0.113.0/24").map { .address(within: $0) }
        case .choice: return choice(&fields, at: node.span)
        }
    }

    private func range(
        _ fields: inout FieldReader, _ usual: ClosedRange<Int64>, within limits: ClosedRange<Int64>
    ) -> Generator.Range? {
        let bounds = Int(clamping: limits.lowerBound)...Int(clamping: limits.upperBound)
        let least = fields.integer("min", in: bounds)
        let most = fields.integer("max", in: bounds)
        let low = least.map { Int64($0.value) } ?? min(usual.lowerBound, most.map { Int64($0.value) } ?? Int64.max)
        let high = most.map { Int64($0.value) } ?? max(usual.upperBound, low)
        guard low <= high else {
            problems.report(
                Diagnostic(
                    "variable.bounds", "nothing can be drawn between `min: \(low)` and `max: \(high)`",
                    at: most?.span ?? least?.span, secondary: least.map { [.init($0.span)] } ?? []))
            return nil
        }
        return low...high
    }

    private func hostname(_ fields: inout FieldReader) -> Generator? {
        guard let parent = fields.string("under") else { return .hostname(under: "example.test") }
        let isFree =
            parent.value == "test" || parent.value.hasSuffix(".test")
            || ["example.com", "example.net", "example.org"].contains {
                parent.value == $0 || parent.value.hasSuffix("." + $0)
            }
        guard VariableType.isHostName(parent.value), isFree else {
            problems.report(
                Diagnostic(
                    "variable.not-reserved", "`\(parent.value)` may belong to somebody", at: parent.span,
                    help: ["names are drawn below `.test`, `example.com`, `example.net` and `example.org` (RFC 2606)"]))
            return nil
        }
        return .hostname(under: parent.value)
    }

    private func subnet(_ fields: inout FieldReader) -> Generator? {
        let length = fields.integer("prefix", in: 1...126)
        guard let range = prefix(&fields, fallback: "198.18.0.0/15") else { return nil }
        let wanted = length?.value ?? max(range.length, range.isIPv6 ? 64 : 24)
        guard range.subnet(length: wanted, number: 0) != nil else {
            problems.report(
                Diagnostic(
                    "variable.bounds", "`\(range.text)` has no subnets of /\(wanted)",
                    at: length?.span ?? fields.node.span))
            return nil
        }
        return .subnet(within: range, length: wanted)
    }

    /// The range to draw from: addresses of nobody, so that no lab reaches a stranger.
    private func prefix(_ fields: inout FieldReader, fallback: String) -> AddressPrefix? {
        guard let text = fields.string("in") else { return AddressPrefix(fallback) }
        guard let range = AddressPrefix(text.value) else {
            problems.report(
                Diagnostic(
                    "field.type",
                    "\(fields.name("in")) must be \(VariableType.subnet.description), found `\(text.value)`",
                    at: text.span))
            return nil
        }
        guard range.isReserved, range.host(number: 0) != nil else {
            let listed = AddressPrefix.reserved.map { "`\($0.text)`" }.joined(separator: ", ")
            problems.report(
                Diagnostic(
                    "variable.not-reserved",
                    range.isReserved
                        ? "`\(range.text)` has no room for a host" : "`\(range.text)` may belong to somebody",
                    at: text.span, help: ["the ranges for documentation and benchmarks are \(listed)"]))
            return nil
        }
        return range
    }

    private func choice(_ fields: inout FieldReader, at span: SourceSpan) -> Generator? {
        let items = fields.list("of", required: true) ?? []
        let values = items.compactMap { item -> Value? in
            guard let scalar = item.scalar, !scalar.isNull else {
                return item.mismatch("a text or a number", "each item of \(fields.name("of"))", problems)
            }
            return .string(scalar.text)
        }
        if values.isEmpty, !items.isEmpty || fields.node("of") == nil { return nil }
        guard !values.isEmpty else {
            problems.report(Diagnostic("variable.no-choice", "`of` has nothing to choose from", at: span))
            return nil
        }
        return .choice(values)
    }
}

extension Generator {
    typealias Range = ClosedRange<Int64>
}
