import Foundation
import LabAuthoring
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

/// What a reader may paste works: every example of a kind is linted, and run where this machine gives worlds.
@Suite("The examples of the step kinds")
struct ExampleTests {
    static let kinds = StepCatalog.schemas.map(\.name)

    @Test("every example lints without a word, and uses its kind", arguments: kinds)
    func lints(kind: String) throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        let loaded = AuthoringLoader.load(ExampleLab.around(schema.guide.example))
        #expect(loaded.problems.map { DiagnosticText(color: false).render($0) } == [])
        #expect(loaded.lab?.steps.contains { $0.kind == kind && !$0.checks.isEmpty } == true)
    }
}

@Suite(
    "The examples of the step kinds, run", .serialized,
    .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ExampleRunTests {
    @Test("every example runs, and all its checks pass", arguments: ExampleTests.kinds)
    func runs(kind: String) async throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        let folder = TemporaryFolder()
        try Data(ExampleLab.around(schema.guide.example).utf8).write(to: folder.file("example.yml"))
        try Data(ExampleLab.world.utf8).write(to: folder.file("world.yml"))
        var arguments = ["run", "example.yml", "--student", "ada", "--plain"]
        if !schema.guide.answers.isEmpty {
            folder.write(Array(schema.guide.answers.utf8), to: "answers.yml")
            arguments += ["--answers", "answers.yml"]
        }
        if !schema.guide.files.isEmpty {
            folder.makeFolder("mine")
            for (name, text) in schema.guide.files { folder.write(Array(text.utf8), to: "mine/" + name) }
            arguments += ["--hand-in", "mine"]
        }
        let outcome = try await BuiltLab.run(arguments, in: folder.path)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
}

extension TemporaryFolder {
    func file(_ name: String) -> URL { URL(fileURLWithPath: path + "/" + name) }
}

/// Labs as texts, with the example world beside them.
enum AuthoringLoader {
    static func load(_ text: String) -> LoadedLab {
        let files = ["lab.yml": Array(text.utf8), "world.yml": Array(ExampleLab.world.utf8)]
        return LabLoader(catalogue: StepCatalog.schemas, sharedTables: SharedTables.all, readFile: { files[$0] })
            .load("lab.yml")
    }
}
