import SupportDiagnostics
import SupportYAML

/// Reads `retry` of a step.
struct RetryReader {
    let problems: Problems

    static let mostTimes = 100
    static let longest: Int64 = 600_000_000_000

    func read(_ node: YAMLNode, kind: StepSchema) -> RetryDefinition? {
        guard var fields = FieldReader(node, of: "`retry`", declared: LabGrammar.retry.names, problems) else {
            return nil
        }
        let because = fields.string("because", required: true)
        let times = fields.integer("times", in: 2...Self.mostTimes)
        let within = fields.duration("within")
        let every = fields.duration("every")
        fields.finish(
            help: "`retry: { because: TEXT, times: N, every: 200ms }`, or `within: 5s` in the place of `times`")
        guard kind.isRepeatable else {
            problems.report(
                Diagnostic(
                    "retry.kind", "a `\(kind.name)` step cannot be performed again: it changes what is there",
                    at: node.span.startPoint))
            return nil
        }
        if let because, because.value.allSatisfy({ $0.isWhitespace }) {
            problems.report(
                Diagnostic("retry.no-reason", "`because` says why it is fair to try again", at: because.span))
        }
        if times != nil, let within {
            problems.report(
                Diagnostic("retry.no-limit", "a retry has one limit: `times` or `within`", at: within.span))
            return nil
        }
        if times == nil, within == nil {
            // A limit that cannot be read was told already.
            if fields.node("times") == nil, fields.node("within") == nil {
                problems.report(
                    Diagnostic(
                        "retry.no-limit", "a retry ends, with `times: N` or `within: 5s`",
                        at: fields.node.span.startPoint))
            }
            return nil
        }
        if let within, within.value.wholeNanoseconds > Self.longest || within.value.wholeNanoseconds == 0 {
            problems.report(
                Diagnostic("field.range", "`within` of `retry` must be above 0 and at most 10min", at: within.span))
            return nil
        }
        let pause = every?.value.wholeNanoseconds ?? 200_000_000
        if let every, pause > Self.longest {
            problems.report(Diagnostic("field.range", "`every` of `retry` must be at most 10min", at: every.span))
            return nil
        }
        return RetryDefinition(
            because: because?.value ?? "", times: times?.value, within: within?.value.wholeNanoseconds, pause: pause)
    }
}
