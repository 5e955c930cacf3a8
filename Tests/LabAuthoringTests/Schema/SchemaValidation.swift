import Foundation
import LabAuthoring
import LabModel
import LabTestSupport

/// Files before the independent validator, `Fixtures/Labs/validate.py`.
struct SchemaValidation {
    static let script = Repository.fixture("Labs/validate.py")

    /// Whether python3 has what the script imports; asked once.
    static func isPossible() async -> Bool { await python.value != nil }

    /// The system's, which `bin/test` gives its packages, before any other.
    private static let python = Task { () -> RealTool? in
        for tool in [RealTool(path: "/usr/bin/python3"), RealTool("python3")].compactMap({ $0 }) {
            let tried = try? await tool.run(["-c", "import jsonschema, yaml; jsonschema.Draft202012Validator"])
            if tried?.status == 0 { return tool }
        }
        return nil
    }

    private let folder = TemporaryFolder()
    private var files: [Value] = []

    mutating func add(_ path: String, as schema: EditorSchema) {
        files.append(["path": .string(path), "schema": .string(schema.rawValue)])
    }

    mutating func add(_ text: String, named name: String, as schema: EditorSchema) {
        add(folder.write(Array(text.utf8), to: name), as: schema)
    }

    /// Runs a Python program that may import `jsonschema`.
    static func run(_ program: String, _ arguments: [String], input: [UInt8]) async throws -> [UInt8] {
        guard let python = await python.value else { throw Failed(description: "there is no jsonschema") }
        let outcome = try await python.run(["-c", program] + arguments, input: input)
        guard outcome.status == 0 else { throw Failed(description: outcome.errors) }
        return outcome.outputBytes
    }

    /// The problems of each file by its last name, all in one process.
    func problems() async throws -> [String: [String]] {
        var schemas: [String: Value] = [:]
        for schema in EditorSchema.allCases {
            schemas[schema.rawValue] = .string(folder.write(try schema.render(), to: schema.fileName))
        }
        let task: Value = ["schemas": .map(schemas), "files": .list(files)]
        guard let python = await Self.python.value else { return [:] }
        let outcome = try await python.run([Self.script], input: try JSON.encode(task))
        guard outcome.status == 0 else { throw Failed(description: outcome.errors) }
        let found = try JSON.decode([String: [String]].self, from: outcome.outputBytes)
        return Dictionary(
            found.map { (String($0.key.split(separator: "/").last ?? ""), $0.value) }, uniquingKeysWith: +)
    }

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }
}
