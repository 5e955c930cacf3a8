import Foundation
import LabModel
import LabSteps
import SupportDiagnostics

/// Labs with all that belongs to them, out of memory: YAML, structure, includes, variables, questions.
///
/// An input is the main file; what follows a line `%%% NAME` is another file of that name.
struct LabTarget: FuzzTarget {
    let name = "lab"
    let longestInput = 4_000

    var dictionary: [String] {
        [
            "format: 1", "lab: x", "title: x", "credit: run", "world:", "at: h", "vars:", "steps:", "- section: x",
            "- id: a", "task: x", "explain: x", "by-hand:", "expect:", "forbid:", "points: 1", "hint:",
            "optional: true",
            "needs: [a]", "when:", "retry:", "use:", "groups:", "foreach:", "include:", "pick: token", "pick: port",
            "pick: subnet", "default:", "type: port", "control: a.b", "is:", "secret: true", "$student", "$a", "${a}",
            "hosts:", "routers:", "links:", "sites:", "names:", "&a", "*a", "<<: *a", "!tag", "|\n", ">\n", "? ", "\t",
            "---\n", "...\n", "\u{FEFF}", "%%% part.yml\n", "%%% worlds/w.yml\n", "1e3", "0777", "22:22", "~",
        ] + StepCatalog.schemas.map { "  \($0.name): " }
    }

    func run(_ input: [UInt8]) {
        let files = Self.files(input)
        let loader = LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all, readFile: { files[$0] })
        let loaded = loader.load("lab.yml", settings: LabSettings(student: "ada", seed: 7))
        loaded.problems.forEach(Checks.hold)
        precondition(loaded.lab != nil || loaded.hasErrors, "a lab that cannot be used, and nothing said why")
        PlantedBug.spring(loaded)
    }

    private static func files(_ input: [UInt8]) -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        var name = "lab.yml"
        var current: [UInt8] = []
        for line in input.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            if line.starts(with: "%%% ".utf8) {
                files[name] = current
                name = String(decoding: line.dropFirst(4), as: UTF8.self)
                current = []
            } else {
                current += line + [UInt8(ascii: "\n")]
            }
        }
        files[name] = current
        return files
    }
}
