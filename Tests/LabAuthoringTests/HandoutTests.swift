import Foundation
import LabAuthoring
import LabJudge
import LabModel
import LabTestSupport
import Testing

@Suite("lab show")
struct HandoutTests {
    private static let week2 = Repository.root + "/Labs/week2.yml"

    private func show(_ arguments: [String], lab: String = week2) async throws -> String {
        let outcome = try await BuiltLab.run(["show", lab] + arguments, in: "/")
        #expect(outcome.status == 0, "\(outcome.errors)")
        return outcome.output
    }

    @Test("every step is there with what to do, in every format", arguments: ["text", "markdown", "html"])
    func complete(format: String) async throws {
        let shown = try await show(["--format", format, "--student", "ada"])
        for title in ["Start the proxy on port 9000", "Visit www.example.test with nothing in between"] {
            #expect(shown.contains(title))
        }
        #expect(shown.contains("curl https://www.example.test/") && shown.contains("198.51.100.10"))
        #expect(shown.contains("82 points"))
    }

    @Test("no line for a terminal is wider than 80 columns, but for commands")
    func width() async throws {
        let lines = try await show([]).split(separator: "\n")
        #expect(lines.filter { $0.count > 80 && !$0.hasPrefix("     ") } == [])
    }

    @Test("questions are told by what they look at, never by what they expect")
    func noAnswers() async throws {
        for format in ["text", "markdown", "html"] {
            let shown = try await show(["--format", format, "--no-world"])
            #expect(shown.contains("status code"))
            for answer in ["lab.http", "== 200", "certificate-untrusted", "{42, 46, 48}", "not passing through"] {
                #expect(!shown.contains(answer), "\(format) tells \(answer)")
            }
        }
    }

    @Test("a world that is drawn for each student appears only for a student")
    func drawnWorld() async throws {
        let lab = Repository.root + "/Labs/icmp.yml"
        let anybody = try await show([], lab: lab)
        #expect(anybody.contains("another for each student") && anybody.contains("Ping a host by its name"))
        #expect(!anybody.contains("203.0.113."))
        let ada = try await show(["--student", "ada"], lab: lab)
        #expect(ada.contains("203.0.113.") && !ada.contains("another for each student"))
        // Four checks of a step that look at the same are told in one line.
        #expect(ada.contains("- left, right, near, far: one probe of a traceroute"))
    }

    @Test("what is drawn for a student appears only for a student")
    func students() async throws {
        let lab = try EditedLab([.replace("note the order number on the page", with: "find $token")])
        let path = lab.file("Labs/week2.yml")
        #expect(try await show([], lab: path).contains("find $token"))
        let ada = try await show(["--student", "ada"], lab: path)
        let bob = try await show(["--student", "bob"], lab: path)
        #expect(!ada.contains("$token") && !bob.contains("$token") && ada != bob)
    }

    @Test(
        "a secret is never told, neither one that was drawn nor one that was given",
        arguments: ["text", "markdown", "html"])
    func secrets(format: String) async throws {
        let lab = try EditedLab([
            .replace(
                "  token: { pick: token }", with: "  token: { pick: token }\n  key: { pick: token, secret: true }"),
            .replace("title: Visit $site with nothing in between", with: "title: Visit $site with $key"),
            .replace("note the order number on the page", with: "say `$key`"),
            .replace("curl: curl https://$site/", with: "curl: curl -H 'X-Key:$key' https://$site/"),
        ])
        let path = lab.file("Labs/week2.yml")
        let drawn = try #require(LabLoader.standard.load(path, settings: LabSettings(student: "ada")).references["key"])
        let given = "hunter2-and-more"
        for arguments in [
            ["--student", "ada"], ["--student", "ada", "--set", "key=\(given)"], ["--set", "key=\(given)"],
        ] {
            let shown = try await show(arguments + ["--format", format, "--hints"], lab: path)
            #expect(!shown.contains(drawn.text) && !shown.contains(given), "\(arguments)")
            #expect(shown.contains(Redaction.mask("key")))
        }
    }

    @Test("hints are folded until they are asked for")
    func hints() async throws {
        let hint = "Who issued the certificate that the browser shows?"
        #expect(!(try await show([]).contains(hint)))
        #expect(!(try await show(["--format", "markdown"]).contains(hint)))
        #expect(try await show(["--hints"]).contains("Hint 1: \(hint)"))
        #expect(try await show(["--format", "html"]).contains("<details class=\"hint\"><summary>Hint 1</summary>"))
    }

    @Test("text of a lab can neither move a terminal's cursor nor become markup of a page")
    func hostile() throws {
        let text = """
            - id: a
              title: "x\\e[2J <script>alert(1)</script>"
              task: "<img src=x onerror=alert(1)> \\u202E"
              explain: "[a](javascript:alert(1)) <b>"
              by-hand: { "<i>": "</code><script>" }
              ping: $world.printer.address
              expect: { "a<b": icmp }
              hint: "<script>"

            """
        let loaded = AuthoringLoader.load(ExampleLab.around(text))
        let handout = Handout(try #require(loaded.lab), references: loaded.references)
        let page = handout.html()
        for part in ["<script", "<img", "<b>", "<i>", "javascript:alert(1)\"", "\u{1B}", "\u{202E}"] {
            #expect(!page.contains(part), "\(part)")
        }
        #expect(page.contains("&lt;script&gt;") && !page.contains("http-equiv=\"refresh\""))
        for shown in [handout.text(), handout.markdown(withHints: true)] {
            #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
        }
        // A command stands between fences, where nothing is markup.
        let outside = handout.markdown(withHints: true).split(separator: "```").enumerated().filter {
            $0.offset % 2 == 0
        }
        #expect(!outside.contains { $0.element.contains("<") })
    }
}
