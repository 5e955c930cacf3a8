import LabAuthoring
import LabModel
import LabSteps
import SupportQuestions
import Testing

@Suite("What `lab explain` says")
struct ExplainTests {
    @Test("every kind is explained with all of its fields", arguments: StepCatalog.schemas.map(\.name))
    func fields(kind: String) throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        let text = SchemaText.render(schema)
        for field in schema.fields { #expect(text.contains("  \(field.name): ")) }
        for table in schema.tables { #expect(text.contains("Table `\(table.name)`")) }
    }
}
