import Foundation
import LabAuthoring
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

@Suite("The schema for editors")
struct SchemaTests {
    @Test("the published copies are current", arguments: EditorSchema.allCases)
    func published(schema: EditorSchema) throws {
        try Golden.compare(try schema.render(), with: "Labs/schema/\(schema.fileName)")
    }

    @Test("every field of every kind is there with its documentation, and nothing else is allowed")
    func complete() throws {
        let definitions = try #require(EditorSchema.lab.document["$defs"])
        for kind in StepCatalog.schemas {
            let plan = try #require(definitions["kind-\(kind.name)"])
            let object = try #require(plan["anyOf"]?.list?.last ?? plan)
            #expect(object["additionalProperties"] == false)
            for field in kind.fields {
                let text = object["properties"]?[field.name]?["markdownDescription"]?.string
                #expect(text?.contains(field.type.description) == true, "\(kind.name).\(field.name)")
            }
            #expect(
                definitions["step"]?["properties"]?[kind.name]?["markdownDescription"]?.string?.contains("```yaml")
                    == true)
        }
    }

    @Test("`lab schema` prints it, and writes it where it is told")
    func command() async throws {
        let folder = TemporaryFolder()
        let printed = try await BuiltLab.run(["schema"], in: folder.path)
        #expect(printed.outputBytes == (try EditorSchema.lab.render()))
        let written = try await BuiltLab.run(["schema", "world", "--out", "world.json"], in: folder.path)
        #expect(written.status == 0 && written.output == "")
        #expect(folder.read("world.json") == (try EditorSchema.world.render()))
        let refused = try await BuiltLab.run(["schema", "--out", "no/such/folder/a.json"], in: folder.path)
        #expect(refused.status == 64 && refused.errors.contains("no/such/folder/a.json"))
    }
}

@Suite(
    "The schema for editors, before jsonschema",
    .enabled("python3-jsonschema or python3-yaml is not installed") { await SchemaValidation.isPossible() })
struct SchemaAgreementTests {
    @Test("every valid lab and world passes it")
    func valid() async throws {
        var validation = SchemaValidation()
        for name in try files("Labs") { validation.add("\(Repository.root)/Labs/\(name)", as: .lab) }
        for name in try files("Labs/worlds") { validation.add("\(Repository.root)/Labs/worlds/\(name)", as: .world) }
        for name in try files("Labs", sidecars: true) {
            validation.add("\(Repository.root)/Labs/\(name)", as: name.hasSuffix(".key.yml") ? .key : .translation)
        }
        for kind in StepCatalog.schemas {
            validation.add(ExampleLab.around(kind.guide.example), named: "example-\(kind.name).yml", as: .lab)
        }
        validation.add(ExampleLab.around(Self.unusual), named: "unusual.yml", as: .lab)
        #expect(AuthoringLoader.load(ExampleLab.around(Self.unusual)).hasErrors == false)
        validation.add(ExampleLab.world, named: "example-world.yml", as: .world)
        let problems = try await validation.problems()
        #expect(problems.count >= StepCatalog.schemas.count + 4)
        #expect(problems.filter { !$0.value.isEmpty } == [:])
    }

    /// What is allowed, though hardly anybody writes it.
    static let unusual = """
        - { id: true, title: 2026, task: no, request: http://www.example.test/ }
        - request: { url: http://$site/, version: 1.1, pages: /, within: 1.5 s }
          hint: { text: 22:22, costs: 0.5 }
          points: 1
          expect: { a: http }
        - ping: { to: $site, count: $port, interval: 1ms }
          needs: "true"
        - section: 5
        - wait: $port

        """.replacing("count: $port", with: "count: 0x2")

    @Test("what it refuses, lint refuses, over the gallery of broken labs")
    func broken() async throws {
        var validation = SchemaValidation()
        for lab in BrokenLab.all { validation.add("\(BrokenLab.folder)/\(lab.name).yml", as: .lab) }
        for name in try files("Fixtures/Labs/broken", sidecars: true) {
            validation.add("\(BrokenLab.folder)/\(name)", as: name.hasSuffix(".key.yml") ? .key : .translation)
        }
        let problems = try await validation.problems()
        var refused = 0
        for lab in BrokenLab.all {
            let sidecars = problems.filter {
                $0.key.hasPrefix(lab.name + ".") && $0.key.split(separator: ".").count == 3
            }
            let found = try #require(problems[lab.name + ".yml"]) + sidecars.values.flatMap { $0 }
            let lint = lab.problems().filter { $0.severity == .error }
            if !found.isEmpty {
                refused += 1
                #expect(!lint.isEmpty, "\(lab.name): \(found)")
            }
            let structural: Set = [
                "field.unknown", "field.missing", "step.two-kinds", "step.no-kind", "step.unknown-kind",
            ]
            let isOwn = lint.contains {
                structural.contains($0.code) && $0.primary?.span.file.name == lab.name + ".yml"
            }
            if isOwn { #expect(!found.isEmpty, "\(lab.name) passes the schema") }
        }
        #expect(refused >= 40)
    }

    /// - Parameter sidecars: `NAME.key.yml` and `NAME.es.yml` in place of `NAME.yml`.
    private func files(_ folder: String, sidecars: Bool = false) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(Repository.root)/\(folder)").filter {
            $0.hasSuffix(".yml") && $0.split(separator: ".").count == (sidecars ? 3 : 2)
        }.sorted()
    }
}
