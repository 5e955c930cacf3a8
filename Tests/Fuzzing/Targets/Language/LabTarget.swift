import Foundation
import LabModel
import LabSteps
import SupportDiagnostics

/// Labs with all that belongs to them, out of memory: YAML, structure, includes, variables, questions.
///
/// An input is the main file; what follows a line `%%% NAME` is another file of that name.
package struct LabTarget: FuzzTarget {
    package let name = "lab"
    package let longestInput = 1_500
    private let kinds: [StepSchema]

    package init(kinds: [StepSchema]) { self.kinds = kinds }

    package var dictionary: [String] {
        [
            "format: 1", "lab: x", "title: x", "credit: run", "world:", "at: h", "vars:", "steps:", "- section: x",
            "- id: a", "task: x", "explain: x", "by-hand:", "expect:", "forbid:", "points: 1", "hint:",
            "optional: true",
            "needs: [a]", "when:", "retry:", "use:", "groups:", "foreach:", "include:", "pick: token", "pick: port",
            "pick: subnet", "default:", "type: port", "control: a.b", "is:", "secret: true", "$student", "$a", "${a}",
            "hosts:", "routers:", "links:", "sites:", "names:", "&a", "*a", "<<: *a", "!tag", "|\n", ">\n", "? ", "\t",
            "---\n", "...\n", "\u{FEFF}", "%%% part.yml\n", "%%% worlds/w.yml\n", "1e3", "0777", "22:22", "~",
        ] + kinds.map { "  \($0.name): " }
    }

    /// Changes of a lab's lines: moved about, indented otherwise, or their values put elsewhere.
    package func change(_ input: [UInt8], _ random: inout Mutations) -> [UInt8]? {
        let newline = UInt8(ascii: "\n")
        var lines = input.split(separator: newline, omittingEmptySubsequences: false)
        let way = Int.random(in: 0..<6, using: &random)
        if way < 2, let begun = Self.begunSteps(lines).randomElement(using: &random) {
            // One more key for a step: as deep as its others, with an id that the lab has.
            guard let key = Self.stepKeys.randomElement(using: &random) else { return nil }
            let id = Self.ids(lines).randomElement(using: &random) ?? [UInt8(ascii: "a")]
            let indent = [UInt8](repeating: 0x20, count: begun.indent + 2)
            let value = key.count > 1 ? key[0] + id + key[1] : key[0]
            lines.insert((indent + value)[...], at: begun.line + 1)
        } else if way < 4, let place = lines.indices.randomElement(using: &random) {
            let line = lines[place]
            switch Int.random(in: 0..<3, using: &random) {
            case 0: lines[place] = [0x20, 0x20] + line
            case 1: lines[place] = line.starts(with: [0x20, 0x20]) ? line.dropFirst(2) : line
            default:
                // The value of another line behind this line's key.
                guard let other = lines.randomElement(using: &random),
                    let colon = line.firstIndex(of: UInt8(ascii: ":")),
                    let from = other.firstIndex(of: UInt8(ascii: ":"))
                else { break }
                lines[place] = line[...colon] + other[(from + 1)...]
            }
        } else {
            lines = random.rearrange(lines, Self.newLines)
        }
        return Array(lines.joined(separator: [newline]))
    }

    /// The lines that begin an item of a list, with their indentation.
    private static func begunSteps(_ lines: [ArraySlice<UInt8>]) -> [(line: Int, indent: Int)] {
        lines.indices.compactMap { index in
            let indent = lines[index].prefix { $0 == 0x20 }.count
            return lines[index].dropFirst(indent).starts(with: "- ".utf8) ? (index, indent) : nil
        }
    }

    private static func ids(_ lines: [ArraySlice<UInt8>]) -> [[UInt8]] {
        lines.compactMap { line in
            let text = line.drop { $0 == 0x20 || $0 == UInt8(ascii: "-") }
            return text.starts(with: "id: ".utf8) ? Array(text.dropFirst(4)) : nil
        }
    }

    /// Keys of a step; `@` stands for an id.
    private static let stepKeys: [[[UInt8]]] = [
        "needs: [@]", "when: $@.code == 200", "when: { passed: @ }", "when: { not-passed: @ }", "optional: true",
        "retry: { because: it is slow, times: 3 }", "retry: { because: links lose@, within: 2s, every: 100ms }",
        "points: 2", "partial-credit: false", "expect: { b: lab.http.code == 200 }", "hint: see $@",
        "forbid: { c: { is: lab.ping.received == 0, control: @.a } }", "at: h", "title: $@", "explain: @", "id: @b",
        "by-hand: { curl: 'curl $@' }", "foreach: { x: [1, $@] }", "with: { x: $@ }",
    ].map { key in
        key.split(separator: "@", omittingEmptySubsequences: false).map { Array($0.utf8) }
    }

    /// Keys where they belong, by their indentation, with a value.
    private static let newLines = [
        "  needs: [a]", "  optional: true", "  retry: { because: it is slow, times: 3 }", "  when: $a.code == 200",
        "  points: 2", "  expect:", "    a: lab.http.code == 200", "  forbid:", "    b: { is: tcp, control: a.a }",
        "  hint: x", "  foreach: { x: [1, 2] }", "- use: g", "- include: part.yml", "- id: a", "- id: b",
        "- section: s",
        "vars:", "  v: { pick: token }", "  w: { default: 1, type: port }", "steps:", "groups:", "world:", "  hosts:",
        "    h: {}", "at: h", "  at: h", "  ping: h", "  request: http://a/", "  partial: false", "  secret: true",
        "%%% part.yml",
    ].map { Array($0.utf8) }

    /// Long lists, which repeat steps a thousandfold in a few bytes: one such input takes as long as a thousand others.
    private static let mostCommas = 40

    package func run(_ input: [UInt8]) {
        guard input.count(where: { $0 == UInt8(ascii: ",") }) <= Self.mostCommas else { return }
        let files = Self.files(input)
        let loader = LabLoader(
            catalogue: kinds, sharedTables: SharedTables.all, readFile: { files[$0] })
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
