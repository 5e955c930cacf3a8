import Foundation
import LabAuthoring
import LabJudge
import LabModel
import LabTestSupport
import SupportDiagnostics
import Testing

@Suite("lab show --world")
struct WorldMapTests {
    private static let everything = Repository.root + "/Fixtures/Worlds/everything.yml"

    private func show(_ arguments: [String], lab: String) async throws -> RealTool.Outcome {
        try await BuiltLab.run(["show", lab, "--world"] + arguments, in: "/")
    }

    private func world(_ lab: String, student: String = "ada") throws -> LabDefinition {
        let loaded = LabLoader.standard.load(lab, settings: LabSettings(student: student, language: .english))
        return try #require(loaded.lab)
    }

    private func map(_ lab: String, student: String = "ada") throws -> WorldMap {
        let lab = try world(lab, student: student)
        return WorldMap(try #require(lab.world), of: lab.name, from: lab.host)
    }

    @Test("a world is drawn as it was", arguments: ["everything", "campus"])
    func drawn(name: String) throws {
        let map = try map(Repository.root + "/Fixtures/Worlds/\(name).yml")
        try Golden.compare(Array(map.text.utf8), with: "Fixtures/Worlds/\(name).txt")
        try Golden.compare(Array(map.svg.utf8), with: "Fixtures/Worlds/\(name).svg")
    }

    // MARK: What others read

    /// Boxes of a picture's parts, from its text.
    private func boxes(_ svg: String) throws -> [(x: Double, y: Double, width: Double, height: Double)] {
        let card =
            /<g class="(?:router|network|hub|host)" transform="translate\((?<x>[0-9.-]+) (?<y>[0-9.-]+)\)"><title>[^<]*<\/title><rect class="card" width="(?<w>[0-9.]+)" height="(?<h>[0-9.]+)"/
        return try svg.matches(of: card).map { match in
            (
                try #require(Double(match.output.x)), try #require(Double(match.output.y)),
                try #require(Double(match.output.w)), try #require(Double(match.output.h))
            )
        }
    }

    enum Shape: String, CaseIterable, Sendable { case chain, tree, grid, star, apart }

    /// A hundred routers, joined in one way or another, and three networks with five hosts each.
    private func large(_ shape: Shape) throws -> WorldDefinition {
        var links: [(Int, Int)] = []
        for index in 1..<100 {
            switch shape {
            case .chain: links.append((index - 1, index))
            case .tree: links.append(((index - 1) / 3, index))
            case .star: links.append((0, index))
            case .grid:
                if index % 10 > 0 { links.append((index - 1, index)) }
                if index >= 10 { links.append((index - 10, index)) }
            case .apart: if index % 20 > 0 { links.append((index - 1, index)) }
            }
        }
        var text = "format: 1\nlab: large\ntitle: Large\nworld:\n  world: large\n  networks:\n"
        for (number, router) in [0, 57, 99].enumerated() { text += "    net\(number): { router: r\(router) }\n" }
        text += "  routers: [\((0..<100).map { "r\($0)" }.joined(separator: ", "))]\n  links:\n"
        for (one, other) in links { text += "  - { between: [r\(one), r\(other)], delay: \(1 + one % 5)ms }\n" }
        text += "  hosts:\n"
        for number in 0..<15 {
            text += "    host\(number): { network: net\(number / 5), virtual: \(number % 5 > 0) }\n"
        }
        text += "at: host0\nsteps:\n- tools: [lab]\n"
        return try #require(AuthoringLoader.load(text).lab?.world, "\(shape)")
    }

    @Test("of a hundred routers each has a place of its own, and all are told", arguments: Shape.allCases)
    func large(shape: Shape) throws {
        let world = try large(shape)
        let map = WorldMap(world)
        let boxes = try boxes(map.svg)
        #expect(boxes.count == 103)
        for (index, one) in boxes.enumerated() {
            for other in boxes.dropFirst(index + 1) {
                let meet =
                    one.x < other.x + other.width && other.x < one.x + one.width && one.y < other.y + other.height
                    && other.y < one.y + one.height
                #expect(!meet, "\(shape): \(one) \(other)")
            }
        }
        // Each is told once, each link once.
        let lines = map.text.split(separator: "\n")
        for index in 0..<100 { #expect(lines.count { $0.contains("198.18.0.\(index + 1),") } == 1) }
        let links = map.text.matches(of: /\ ms/).count
        #expect(links == world.links.count)
        // The same world is the same picture, and its text is no wider than its depth asks for.
        let again = WorldMap(try large(shape))
        #expect(again == map && again.svg == map.svg)
        if shape == .chain { #expect(lines.allSatisfy { $0.count < 80 }) }
    }

    @Test("a picture is well-formed and fetches nothing", .enabled(if: RealTool.exists("python3"), "needs python3"))
    func wellFormed() async throws {
        let python = try #require(RealTool("python3"))
        let folder = TemporaryFolder()
        for (name, map) in [
            ("everything", try map(Self.everything)), ("hostile", WorldMap(try hostile())),
            ("grid", WorldMap(try large(.grid))),
        ] {
            let file = folder.write(Array(map.svg.utf8), to: "\(name).svg")
            let read = try await python.run(["-c", Self.reader, file])
            #expect(read.output == "svg\n", "\(name): \(read.errors)")
        }
    }

    /// Reads a picture as XML, and asks that nothing is in it that could fetch or run something.
    private static let reader = """
        import sys, xml.dom.minidom
        root = xml.dom.minidom.parse(sys.argv[1]).documentElement
        for element in [root] + root.getElementsByTagName("*"):
            assert element.tagName in "svg title desc style rect text g path circle".split(), element.tagName
            for name, value in element.attributes.items():
                assert name in ("xmlns width height viewBox role aria-labelledby id class x y rx d transform "
                                "cx cy r").split(), name
                assert name == "xmlns" or "(" not in value or name == "transform", value
        style = root.getElementsByTagName("style")[0].firstChild.data
        assert len(root.getElementsByTagName("style")) == 1 and "url" not in style and "@import" not in style
        print(root.tagName)
        """

    // MARK: Hostile names

    private func hostile() throws -> WorldDefinition {
        var world = try large(.star)
        world.name = "</title><script>alert(1)</script>\u{1B}[2J"
        world.routers[1].name = "<script>\u{202E}\"'&]]>"
        world.links[0].to = world.routers[1].name
        world.routers[2].address = "</text><image href=x onload=alert(1)>\u{0}"
        world.networks[0].prefix = "\n\r\t<b>"
        world.hosts[0].name = String(repeating: "very-long-name-", count: 400)
        world.hosts[1].name = "\u{1F468}\u{200D}\u{1F469}\u{301}\u{FFFE}"
        world.resolver = "<style>*{display:none}</style>"
        return world
    }

    @Test("names can neither become markup nor move a cursor, and none makes the picture endless")
    func hostileNames() throws {
        let map = WorldMap(try hostile())
        for part in ["<script", "<image", "<b>", "<style>*", "\u{1B}", "\u{202E}", "\u{0}", "\u{FFFE}"] {
            #expect(!map.svg.contains(part), "\(part.debugDescription)")
        }
        #expect(map.svg.contains("&lt;script&gt;"))
        for part in ["\u{1B}", "\u{202E}", "\u{0}", "\r", "\t"] { #expect(!map.text.contains(part)) }
        let width = try #require(map.svg.firstMatch(of: /width="(\d+)"/)?.output.1)
        #expect(try #require(Int(width)) < 3000)
    }

    // MARK: Students, keys, options

    @Test("what is drawn for each student is shown only for a student")
    func students() async throws {
        let lab = Repository.root + "/Labs/icmp.yml"
        for format in ["text", "svg"] {
            let anybody = try await show(["--format", format], lab: lab)
            #expect(anybody.status == 0 && anybody.output.contains("varies"), "\(anybody.errors)")
            for drawn in ["203.0.113.", "northline", "southline", "eastline", "westline"] {
                #expect(!anybody.output.contains(drawn), "\(format): \(drawn)")
            }
            let ada = try await show(["--format", format, "--student", "ada"], lab: lab)
            #expect(ada.output.contains("203.0.113.") && !ada.output.contains("varies"))
        }
    }

    @Test("a map is the same with the lab's key and without it")
    func key() async throws {
        let lab = try EditedLab()
        for format in ["text", "svg"] {
            let arguments = ["--format", format, "--student", "ada"]
            let without = try await show(arguments, lab: lab.file("Labs/week2.yml"))
            let with = try await show(arguments, lab: Repository.root + "/Labs/week2.yml")
            #expect(without.status == 0 && without.output == with.output)
        }
    }

    @Test("text and picture are for --world, the other formats for a lab, and a file gets what is asked for")
    func options() async throws {
        let folder = TemporaryFolder()
        let written = try await show(["--format", "svg", "--out", folder.path + "/map.svg"], lab: Self.everything)
        #expect(written.status == 0 && written.output == "")
        let text = try String(contentsOfFile: folder.path + "/map.svg", encoding: .utf8)
        #expect(text.hasPrefix("<svg ") && text.hasSuffix("</svg>\n"))
        for format in ["markdown", "html"] {
            let refused = try await show(["--format", format], lab: Self.everything)
            #expect(refused.status == 64 && refused.errors.contains("--format text or svg"))
        }
        let plain = try await BuiltLab.run(["show", Self.everything, "--format", "svg"], in: "/")
        #expect(plain.status == 64 && plain.errors.contains("is for --world"))
        folder.write(Array(AskingLab.text.utf8), to: "asking.yml")
        let worldless = try await show([], lab: folder.path + "/asking.yml")
        #expect(worldless.status == 64 && worldless.errors.contains("no world that could be drawn"))
    }
}
