import Foundation
import LabModel
import LabSteps
import LabTestSupport
import SupportQuestions
import Testing

@Suite("The catalogue of step kinds")
struct CatalogueTests {
    /// File names without `Kind.swift`, as in `SystemProxy`.
    private var files: [String] {
        let folder = Repository.root + "/Sources/LabSteps/Kinds"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix("Kind.swift") }.map { String($0.dropLast(10)) }
    }

    @Test("every kind has a file of its own, and every such file is in the catalogue")
    func complete() {
        let types = StepCatalog.all.map { String(String(describing: $0).dropLast(4)) }
        #expect(Set(types) == Set(files))
        #expect(types.count == files.count)
        #expect(types.count > 10)
    }

    @Test("kinds stand in the order of their names, each once, and are found by name")
    func ordered() {
        let names = StepCatalog.schemas.map(\.name)
        #expect(names == Set(names).sorted())
        for name in names { #expect(StepCatalog.kind(named: name)?.schema.name == name) }
        #expect(StepCatalog.kind(named: "no-such-kind") == nil)
    }

    @Test(
        "every kind is performed by a host, by the runner or by the student", arguments: StepCatalog.schemas.map(\.name)
    )
    func performed(name: String) throws {
        let kind = try #require(StepCatalog.kind(named: name))
        let ways = [
            kind is any HostStepKind.Type, kind is any RunnerStepKind.Type, kind is any StudentStepKind.Type,
        ]
        #expect(ways.count { $0 } == 1)
    }

    @Test("every kind, field, result and table is explained", arguments: StepCatalog.schemas.map(\.name))
    func explained(name: String) throws {
        let schema = try #require(StepCatalog.kind(named: name)).schema
        var sentences = [schema.summary]
        sentences += schema.fields.map(\.summary) + schema.results.map(\.summary)
        sentences += schema.tables.flatMap { [$0.summary] + $0.fields.map(\.summary) }
        for sentence in sentences {
            #expect(sentence.count > 3, "\(sentence)")
            #expect(!sentence.hasSuffix("."), "\(sentence)")
        }
        #expect(!schema.tables.isEmpty)
        if let shorthand = schema.shorthand { #expect(schema.field(shorthand) != nil) }
        #expect(Set(schema.fields.map(\.name)).count == schema.fields.count)
        #expect(Set(schema.results.map(\.name)).count == schema.results.count)
        for field in schema.fields where field.isRequired { #expect(field.fallback == nil) }
    }

    @Test("fields of tables are named once each, in lower case, by the field's standard names")
    func fieldNames() {
        let tables = SharedTables.all + StepCatalog.schemas.flatMap(\.tables)
        for table in tables {
            let names = table.fields.map(\.name)
            #expect(Set(names).count == names.count, "\(table.name)")
            #expect(
                names.allSatisfy { $0.wholeMatch(of: /[a-z0-9_.]+/) != nil || table.name == "frame" }, "\(table.name)")
        }
    }
}
