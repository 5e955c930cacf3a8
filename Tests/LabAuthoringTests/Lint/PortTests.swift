import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

@Suite("Ports of steps with conditions") struct PortTests {
    /// The codes that lint finds in a lab with these steps.
    private func codes(_ steps: String) -> [String] {
        let text = """
            format: 1
            lab: ports
            title: Ports
            vars:
              mode: { one-of: [plain, quiet, full] }
              name: ada
              count: 5
            steps:
            - id: page
              request: http://www.example.test/
              expect: { answered: lab.http.code == 200, body: lab.http.body contains "x" }
            \(steps)
            """
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { $0 == "ports.yml" ? Array(text.utf8) : nil }
        ).load("ports.yml").problems.map(\.code)
    }

    private func proxy(_ id: String, _ condition: String) -> String {
        "- { id: \(id), proxy: 9000\(condition.isEmpty ? "" : ", when: \(condition)") }\n"
    }

    @Test(
        "two steps that no run takes together may listen on one port",
        arguments: [
            ("'$mode == \"plain\"'", "'$mode == \"quiet\"'"), ("'$mode == \"plain\"'", "'$mode != \"plain\"'"),
            ("{ passed: page.answered }", "{ not-passed: page.answered }"),
            ("{ passed: page }", "{ not-passed: page.body }"), ("{ not-passed: page.body }", "{ passed: page }"),
            ("'$name == \"ada\"'", "'$name == \"eve\"'"), ("'$count > 3'", "'$count <= 3'"),
            ("['$mode == \"plain\"', { passed: page.body }]", "['$mode == \"full\"', { passed: page.body }]"),
        ])
    func apart(first: String, second: String) {
        #expect(codes(proxy("one", first) + proxy("two", second)) == [])
    }

    @Test(
        "two steps that a run can take together may not",
        arguments: [
            ("", ""), ("'$mode == \"plain\"'", ""), ("", "{ passed: page.body }"),
            ("'$mode != \"plain\"'", "'$mode != \"quiet\"'"), ("'$mode == \"plain\"'", "'$name == \"ada\"'"),
            ("{ passed: page.answered }", "{ passed: page.body }"),
            ("{ passed: page.answered }", "{ not-passed: page.body }"), ("'$count > 3'", "'$count > 5'"),
            ("{ passed: page.body }", "{ passed: page }"),
        ])
    func together(first: String, second: String) {
        #expect(codes(proxy("one", first) + proxy("two", second)) == ["step.port-taken"])
    }

    @Test("a step that builds on another is taken only where that one is")
    func needs() {
        let steps = """
            - { id: base, request: http://www.example.test/, when: '$mode == "plain"' }
            - { id: one, proxy: 9000, needs: base }
            - { id: two, proxy: 9000, when: '$mode == "full"' }

            """
        #expect(codes(steps) == [])
    }

    @Test(
        "a port is free where the step that stops its holder is always taken with it",
        arguments: [
            ("", "", [String]()), ("", "'$mode == \"full\"'", ["step.port-taken"]),
            ("'$mode == \"full\"'", "'$mode == \"full\"'", []),
            ("'$mode == \"full\"'", "'$mode != \"plain\"'", []),
            ("'$mode != \"plain\"'", "'$mode == \"full\"'", ["step.port-taken"]),
            ("{ passed: page.body }", "{ passed: page.body }", []),
        ])
    func stopped(holder: String, stop: String, expected: [String]) {
        let stopping = "- { id: quit, stop: $one\(stop.isEmpty ? "" : ", when: \(stop)") }\n"
        #expect(codes(proxy("one", holder) + stopping + proxy("two", "")) == expected)
    }

    @Test("with more variables than can be tried nothing is excluded")
    func many() {
        let all = (0..<12).map { "{ passed: page.answered }, '$name != \"n\($0)\"', '$count != \($0)'" }
            .joined(separator: ", ")
        #expect(codes(proxy("one", "[\(all)]") + proxy("two", "'$mode == \"full\"'")) == ["step.port-taken"])
    }
}
