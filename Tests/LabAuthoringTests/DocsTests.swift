import Foundation
import LabAuthoring
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

@Suite("The documentation")
struct DocsTests {
    @Test("the page of every kind is made from the catalogue", arguments: StepCatalog.schemas.map(\.name))
    func kinds(kind: String) throws {
        let schema = try #require(StepCatalog.kind(named: kind)?.schema)
        try Golden.compare(Array(ReferencePages.kind(schema).utf8), with: "Docs/kinds/\(kind).md")
    }

    @Test("the lists of kinds and tables are current")
    func lists() throws {
        try Golden.compare(Array(ReferencePages.kinds.utf8), with: "Docs/kinds/README.md")
        try Golden.compare(Array(ReferencePages.tables.utf8), with: "Docs/kinds/tables.md")
        let pages = Set(Self.pages.filter { $0.hasPrefix("Docs/kinds/") })
        let expected =
            StepCatalog.schemas.map { "Docs/kinds/\($0.name).md" } + ["Docs/kinds/README.md", "Docs/kinds/tables.md"]
        #expect(pages == Set(expected))
    }

    @Test("the language reference says what the declarations say, and nothing is left out")
    func reference() throws {
        let page = try Self.text("Docs/labs.md")
        try Golden.compare(Array(ReferencePages.filled(page).utf8), with: "Docs/labs.md")
        let filled = ReferencePages.filled(page)
        for mapping in LabGrammar.all {
            #expect(filled.contains("### \(mapping.title)\n"))
            for key in mapping.keys { #expect(filled.contains("| `\(key.name)` |"), "\(mapping.name).\(key.name)") }
        }
        for schema in StepCatalog.schemas { #expect(filled.contains("](kinds/\(schema.name).md)")) }
        #expect(ReferencePages.filled(filled) == filled)
    }

    @Test("every block of YAML lints", arguments: pages)
    func blocks(page: String) throws {
        for block in try Self.blocks(of: page) where !block.isSidecar {
            let loaded = Self.load(block)
            let problems = loaded.problems.map { DiagnosticText(color: false).render($0) }
            #expect(problems == [], "\(page):\(block.line)")
        }
    }

    @Test("pages are linked and links lead somewhere")
    func links() throws {
        for page in Self.pages {
            let folder = page.split(separator: "/").dropLast().joined(separator: "/")
            for match in try Self.text(page).matches(of: /\]\((?<target>[^)#: ]+)(#[^)]*)?\)/) {
                let path = "\(Repository.root)/\(folder)/\(match.output.target)"
                #expect(FileManager.default.fileExists(atPath: path), "\(page) links to \(match.output.target)")
            }
        }
        let readme = try Self.text("README.md")
        for page in Self.pages where page.hasPrefix("Docs/") && page.split(separator: "/").count == 2 {
            #expect(readme.contains("](\(page))"), "README.md does not link to \(page)")
        }
    }

    // MARK: Blocks

    struct Block {
        var line: Int
        var text: String

        /// Translations and keys belong to a lab that stands before them; they have tests of their own.
        var isSidecar: Bool {
            text.contains("\nlang:")
                || (text.hasPrefix("format:") && !text.contains("\nsteps:") && text.contains("\nlab:"))
        }
    }

    static let pages: [String] = {
        let files =
            FileManager.default.enumerator(atPath: Repository.root + "/Docs")?.compactMap { $0 as? String } ?? []
        return ["README.md"] + files.filter { $0.hasSuffix(".md") }.map { "Docs/" + $0 }.sorted()
    }()

    static func text(_ page: String) throws -> String {
        try String(contentsOfFile: Repository.root + "/" + page, encoding: .utf8)
    }

    static func blocks(of page: String) throws -> [Block] {
        var blocks: [Block] = []
        var open: Block?
        for (number, line) in try text(page).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line == "```yaml" {
                open = Block(line: number + 2, text: "")
            } else if line == "```", let block = open {
                blocks.append(block)
                open = nil
            } else {
                open?.text += line + "\n"
            }
        }
        return blocks
    }

    /// A whole lab, a world, steps, or some keys of a lab; what a part lacks is filled up from the example lab.
    private static func load(_ block: Block) -> LoadedLab {
        var text = block.text
        let isWorld = text.contains("\nnetworks:")
        var world = ExampleLab.world
        if isWorld {
            world = text
            text = "- ping: $world.laptop.address\n"
        }
        if text.hasPrefix("- ") || text.hasPrefix("# ") {
            text = ExampleLab.around(text)
        } else if !text.contains("format:") {
            let keys = text.split(separator: "\n").filter { !$0.hasPrefix(" ") }.map { $0.prefix { $0 != ":" } }
            var frame =
                ["format: 1", "lab: example", "title: An example", "world: world.yml", "at: laptop"]
                .filter { line in !keys.contains(line.prefix { $0 != ":" }) }.joined(separator: "\n") + "\n" + text
            if !keys.contains("steps") { frame += "steps:\n- ping: $world.printer.address\n" }
            text = frame
        }
        let files: [String: [UInt8]] = ["lab.yml": Array(text.utf8), "world.yml": Array(world.utf8)]
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { path in
                files[path] ?? FileManager.default.contents(atPath: Repository.root + "/Labs/" + path).map { Array($0) }
            }
        ).load("lab.yml")
    }
}
