import SupportDiagnostics

/// One step.
package struct StepDefinition: Sendable {
    package var id: String
    package var section: String
    package var kind: String
    package var kindSpan: SourceSpan
    package var title: Template
    package var task: Template
    package var explain: Template
    package var host: String
    package var plan: [String: PlanNode]
    /// What it asks the student, for a step that asks.
    package var asked: AskedText?
    package var byHand: [(tool: String, command: Template)]
    package var checks: [CheckDefinition]
    package var hints: [HintDefinition]
    package var isOptional: Bool
    /// Ids of earlier steps that this one builds on: those it names in `needs` and those its plan refers to.
    package var needs: [String]
    /// All must hold for the step to be taken; those of the groups it comes from first.
    package var conditions: [ConditionDefinition] = []
    package var retry: RetryDefinition?
    /// Whether each passed check earns its points; otherwise all must pass for any.
    package var givesPartialCredit = true
    /// Its id where it has one, otherwise its kind.
    package var idSpan: SourceSpan
    package var span: SourceSpan
    /// Where its kind is written, `lab.yml:18:3`.
    package var place: String { "\(kindSpan.file.name):\(kindSpan.start.line):\(kindSpan.start.column)" }
    /// Where its texts are written, for what compares them with their translations.
    package var textSpans = TextSpans()
}

/// That a step is performed again until its checks pass.
package struct RetryDefinition: Sendable {
    /// Why that is fair, for whoever reads the lab or a report.
    package var because: String
    /// How often the step is performed at most; nil where time is the limit.
    package var times: Int?
    /// Nanoseconds from the first attempt in which another one may begin.
    package var within: Int64?
    /// Nanoseconds between attempts.
    package var pause: Int64

    package init(because: String, times: Int?, within: Int64?, pause: Int64) {
        self.because = because
        self.times = times
        self.within = within
        self.pause = pause
    }

    /// Whether another attempt may begin.
    ///
    /// - Parameters:
    ///   - attempt: which one it would be, from 2.
    ///   - elapsed: nanoseconds since the first one began.
    package func allows(attempt: Int, after elapsed: Int64) -> Bool {
        if let times { return attempt <= times }
        if let within { return elapsed < within }
        return false
    }
}

/// A hint, with what it costs to see it.
package struct HintDefinition: Sendable {
    package var text: Template
    package var costs: Double
}
