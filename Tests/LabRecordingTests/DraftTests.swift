import LabModel
import LabRecording
import SupportDiagnostics
import SupportYAML
import Testing

@Suite("A draft as text") struct DraftTests {
    private static let world = WorldDefinition(name: "w")

    private func draft(_ lines: [String]) -> Draft {
        let commands = lines.map { RecordedCommand(line: $0, began: 0, ended: 1, status: 0) }
        return Draft(
            Walk(commands: commands, environment: [:], capture: [], keys: []), name: "walk", world: .file("w.yml"),
            host: "laptop", variables: "", in: Surroundings(world: Self.world, references: [:]))
    }

    @Test(
        "whatever was typed, it is YAML that says the same",
        arguments: [
            "nmap ': #'", "nmap \"a: b\" - '- x'", "nmap \u{1B}[31m", "nmap 'a\nb'", "nmap '!tag' '&a' '*b'",
            "nmap ' x '",
            "nmap \u{202E}", "curl 'http://a/: #{}'", "ping ': x'", "dig '\"; --'", "curl http://a/\"x\"", "nmap # x",
            "nmap '{' '[' '|' '>' '%' '@' '`'", "a | b # c: d\n- id: forged", "nmap \u{85}\u{2028}x",
        ])
    func hostile(_ line: String) throws {
        let draft = draft([line])
        let problems = Problems()
        let file = SourceFile(name: "draft.yml", bytes: Array(draft.text.utf8))
        let document = try #require(YAMLDocument.read(file, problems: problems), "\(draft.text)")
        #expect(!problems.hasErrors, "\(problems.all)")
        let steps = try #require(document.value(of: "steps")?.sequence)
        #expect(steps.count == draft.steps)
        #expect(steps.first?.value(of: "by-hand")?.mapping?.first?.value.scalar?.text == line)
    }

    @Test("a program that a key ended or stopped leaves no step, and a kill that failed closes nothing")
    func keys() throws {
        let lines: [(String, Int)] = [
            ("nc -l 7", 148), ("nc -l 8", 130), ("true-work", 0), ("lab proxy --headless &", 0),
        ]
        let commands = (lines + [("kill %7", 1), ("after", 2)]).map {
            RecordedCommand(line: $0.0, began: 0, ended: 1, status: $0.1)
        }
        let draft = Draft(
            Walk(commands: commands, environment: [:], capture: [], keys: []), name: "walk", world: .file("w.yml"),
            host: "laptop", variables: "", in: Surroundings(world: Self.world, references: [:]))
        // The proxy is closed once, at the end.
        #expect(draft.steps == 4)
        #expect(!draft.text.contains("nc -l"))
        let ran = try #require(draft.text.firstRange(of: "lab.program.exit == 2"))
        let closed = try #require(draft.text.firstRange(of: "stop: $proxy"))
        #expect(ran.lowerBound < closed.lowerBound)
    }

    @Test("what was typed has the lab's own names for hosts, but where it has a `$` already")
    func typed() {
        let commands = ["curl http://www.example.test/", "echo $HOME www.example.test"].map {
            RecordedCommand(line: $0, began: 0, ended: 1, status: 0)
        }
        let draft = Draft(
            Walk(
                commands: commands + [RecordedCommand(line: "nmap www.example.test", began: 0, ended: 1, status: 0)],
                environment: [:], capture: [], keys: []), name: "walk", world: .file("w.yml"), host: "laptop",
            variables: "", in: Surroundings(world: Self.world, references: ["site": .string("www.example.test")]))
        #expect(draft.text.contains("curl: curl http://$site/\n"))
        #expect(draft.text.contains("nmap: nmap $site\n"))
    }

    @Test("a proxy that was never closed is closed at the end, what changes nothing leaves no step")
    func background() throws {
        let draft = draft(["ls", "lab proxy --headless &", "cd /"])
        #expect(draft.steps == 2)
        #expect(draft.text.contains("proxy: 9000\n"))
        #expect(draft.text.contains("stop: $proxy\n"))
    }
}
