import Foundation
import LabAuthoring
import LabModel
import LabSteps
import LabTestSupport
import SupportQuestions
import Testing

@Suite("What `lab explain` says")
struct ExplainTests {
    static let kinds = StepCatalog.schemas.map(\.name)

    @Test("a kind is explained with its fields, results, tables, example and pitfalls", arguments: kinds)
    func complete(kind: String) throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        let text = try #require(HelpIndex.page(kind)).text(columns: 80)
        for field in schema.fields { #expect(text.contains("\n  \(field.name): ")) }
        for result in schema.results { #expect(text.contains("\n  $id.\(result.name): ")) }
        for table in schema.tables + SharedTables.all { #expect(text.contains("`\(table.name)`")) }
        for table in schema.tables where table.name != "frame" {
            for field in table.fields { #expect(text.contains("\n  \(field.name): ")) }
        }
        #expect(schema.guide.pitfalls.count >= 2)
        #expect(text.contains("    - id: "))
    }

    @Test("codes that pitfalls name are codes that lint has", arguments: kinds)
    func codes(kind: String) throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        for case .lint(let code) in schema.guide.pitfalls.map(\.sign) {
            #expect(CodeCatalog.named(code) != nil, "\(code)")
        }
    }

    @Test("no line of a page is wider than 80 columns, but for examples", arguments: HelpIndex.names)
    func width(name: String) throws {
        let page = try #require(HelpIndex.page(name))
        var examples: Set<String> = []
        for case .code(let code, _) in page.blocks {
            examples.formUnion(code.split(separator: "\n").map { "    " + $0 })
        }
        let wide = page.text(columns: 80).split(separator: "\n").map(String.init).filter {
            $0.count > 80 && !examples.contains($0)
        }
        #expect(wide == [])
    }

    @Test("a field is explained by its name, with who records it")
    func field() throws {
        let page = try #require(HelpIndex.page("lab.hop.rtt")).text()
        #expect(page.contains("a span of time, written `50ms`"))
        #expect(page.contains("`traceroute`"))
        #expect(try #require(HelpIndex.page("tcp.dstport")).text().contains("every step"))
        #expect(HelpIndex.page("lab.hop.rrt") == nil)
    }

    @Test("the command prints pages as text, JSON and Markdown, and says no to what it does not know")
    func command() async throws {
        let text = try await BuiltLab.run(["explain", "ping"], in: "/")
        #expect(text.status == 0 && text.output == HelpIndex.page("ping")?.text())
        let json = try await BuiltLab.run(["explain", "ping", "--format", "json"], in: "/")
        let value = try JSON.decode(Value.self, from: json.outputBytes)
        #expect(value["kind"] == "ping" && value["fields"]?.list?.count == 8)
        let markdown = try await BuiltLab.run(["explain", "world", "--format", "markdown"], in: "/")
        #expect(markdown.output.hasPrefix("# world\n") && markdown.output.contains("| `networks` |"))
        let unknown = try await BuiltLab.run(["explain", "pong"], in: "/")
        #expect(unknown.status == 64 && unknown.errors.contains("did you mean `ping`?"))
        let all = try await BuiltLab.run(["explain"], in: "/")
        for name in HelpIndex.names { #expect(all.output.contains("\n  \(name) ")) }
    }
}
