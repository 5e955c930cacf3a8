import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("What a lab file cannot show")
struct SettingTests {
    private static let text = """
        format: 1
        lab: first
        title: A first lab
        vars:
          port: { default: 9000, type: port }
        steps:
        - id: wait
          wait: { port: $port }
          expect:
            open: lab.listen.open == true
        """

    private func load(_ path: String = "first.yml", _ settings: [String: String] = [:]) -> [Diagnostic] {
        LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { $0 == "first.yml" ? Array(Self.text.utf8) : nil }
        ).load(path, settings: LabSettings(overrides: settings)).problems
    }

    @Test("settings that do not fit are refused")
    func settings() {
        #expect(load().isEmpty)
        #expect(load("first.yml", ["port": "9001"]).isEmpty)
        #expect(load("first.yml", ["port": "many"]).map(\.code) == ["lab.bad-setting"])
        #expect(load("first.yml", ["prot": "9001"]).map(\.code) == ["lab.unknown-setting"])
    }

    @Test("a lab that is not there is told")
    func absent() {
        #expect(load("second.yml").map(\.code) == ["lab.no-file"])
    }

    @Test("a question where nothing is recorded is refused")
    func nothing() throws {
        let question = try Question.parse(SourceText("tcp.port == 80", name: "question"))
        do throws(Diagnostics) {
            _ = try CompiledQuestion.compile(question, against: [])
            Issue.record("accepted")
        } catch {
            #expect(error.all.map(\.code) == ["question.no-table"])
        }
    }

    @Test("a name without a value, and one that is empty, are told at their place")
    func values() throws {
        let table = Table("listen", "ports", fields: [Field("lab.listen.port", .unsigned, "the port")])
        let question = try Question.parse(SourceText("lab.listen.port == $port", name: "question"))
        let compiled = try CompiledQuestion.compile(
            question, against: [table], references: ["port": QuestionReference(type: .unsigned)])
        for values in [[:], ["port": []]] as [[String: [FieldValue]]] {
            do throws(ReferenceProblem) {
                _ = try compiled.bound(to: values)
                Issue.record("bound")
            } catch {
                let problem = error.diagnostic
                #expect(problem.code == "question.no-value")
                #expect(problem.primary?.span.text == "$port")
            }
        }
    }
}
