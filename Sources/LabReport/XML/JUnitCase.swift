internal import LabModel

/// One `testcase`: a check, or a step that broke before it could be checked.
struct JUnitCase {
    struct Result {
        /// `failure`, `error` or `skipped`.
        let element: String
        /// Nil for `skipped`, which has none.
        let type: String?
        let message: String
        let text: String
    }

    var classname: String
    var name: String
    var time: Int64 = 0
    var file: String
    var line = 0
    var points = 0.0
    var maxPoints = 0.0
    var properties: [(String, String)] = []
    var result: Result?
    var output = ""

    static func cases(of step: StepResult, suite: String, credit: Credit) -> [JUnitCase] {
        let classname = suite + "." + JUnitReport.slug(step.id)
        var cases = step.checks.map { JUnitCase($0, of: step, classname: classname, credit: credit) }
        if cases.isEmpty, step.status == .failed {
            let text = step.reason.isEmpty ? "the step was not brought to its end" : step.reason
            var broken = JUnitCase(classname: classname, name: "step", file: "")
            broken.result = Result(
                element: "error", type: "inconclusive", message: text, text: "\(step.title)\n\(text)")
            cases = [broken]
        }
        // The time belongs to the step; told once, the sum over all test cases is the time of the run.
        if !cases.isEmpty { cases[0].time = step.duration }
        return cases
    }

    static func nothingChecked(suite: String, file: String) -> JUnitCase {
        var nothing = JUnitCase(classname: suite, name: "checks", file: file)
        let text = "nothing was checked in this run"
        nothing.result = Result(element: "error", type: "inconclusive", message: text, text: text)
        return nothing
    }

    private init(classname: String, name: String, file: String) {
        self.classname = classname
        self.name = name
        self.file = file
    }

    private init(_ check: CheckResult, of step: StepResult, classname: String, credit: Credit) {
        self.init(classname: classname, name: check.check, file: check.file)
        line = check.line
        points = check.points
        maxPoints = check.maxPoints
        properties = [
            ("verdict", check.verdict.rawValue), ("cause", check.cause?.rawValue ?? ""),
            ("provenance", check.provenance.rawValue), ("actor", step.actor.rawValue),
        ].filter { !$0.1.isEmpty }
        if step.isDemonstration(credit: credit) { properties.append(("demonstrated", "true")) }
        result = Self.result(check, of: step)
        output = ([step.title] + step.notes + step.evidence.map { "evidence: \($0)" }).joined(separator: "\n")
    }

    private static func result(_ check: CheckResult, of step: StepResult) -> Result? {
        if step.status == .notOffered {
            return Result(
                element: "skipped", type: nil, message: step.sentence(.english), text: step.sentence(.english))
        }
        switch check.verdict {
        case .passed: return nil
        case .failed:
            let text = ([step.title] + PlainText(.english).failure(check)).joined(separator: "\n")
            return Result(element: "failure", type: "failed", message: check.sentence(.english), text: text)
        case .inconclusive:
            let text = [
                step.title, check.sentence(.english), "check: \(check.question)", "source: \(check.file):\(check.line)",
            ]
            return Result(
                element: "error", type: "inconclusive", message: check.sentence(.english),
                text: text.joined(separator: "\n"))
        }
    }

    func write(to xml: inout XMLText) {
        var attributes = [("classname", classname), ("name", name), ("time", Figures.seconds(time))]
        if !file.isEmpty { attributes.append(("file", file)) }
        if line > 0 { attributes.append(("line", String(line))) }
        attributes.append(("assertions", "1"))
        xml.element("testcase", attributes) { xml in
            xml.properties(
                [("points", Figures.points(points)), ("max_points", Figures.points(maxPoints))] + properties)
            if let result {
                var about = [("message", result.message)]
                if let type = result.type { about.append(("type", type)) }
                xml.leaf(result.element, result.text, about)
            }
            if !output.isEmpty { xml.leaf("system-out", output) }
        }
    }
}
