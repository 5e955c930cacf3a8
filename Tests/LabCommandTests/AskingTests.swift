import Foundation
import LabModel
import LabTestSupport
import Testing

@Suite("Questions and files", .serialized) struct AskingTests {
    private static let none = [
        "hops.right", "hops.quick", "name.given", "kinds.all", "kinds.router", "word.kept", "notes.said",
    ]

    @Test("answers from a file and a folder that was handed in are judged, and judged again from the run alone")
    func answered() async throws {
        let lab = AskingLab()
        let run = try JudgedRun(try await lab.run(lab.prepared()))
        #expect(run.troubles == [:])
        #expect(run.exitStatus == 0 && run.points == run.maxPoints)
        #expect(run.check("hops.right")?.provenance == "self-reported")
        #expect(run.check("notes.said")?.provenance == "recomputed")
        let again = try await BuiltLab.run(["check", "asking", "--format", "json"], in: lab.folder.path)
        #expect(try JudgedRun(again).outcomes == run.outcomes)
        let events = String(decoding: lab.folder.read("runs/asking/latest/events.jsonl"), as: UTF8.self)
        #expect(events.contains(#""actor":"student""#))
    }

    @Test("where nobody can answer nothing waits, nothing is done, and nothing is earned")
    func unanswered() async throws {
        let lab = AskingLab()
        // Whatever stands in a pipe or a file is no answer: it may be meant for somebody else.
        let outcome = try await lab.run(input: Array("12 ms\nrou-ter\n1\nopen-sesame\n".utf8))
        let run = try JudgedRun(outcome)
        #expect(run.outcomes == Dictionary(uniqueKeysWithValues: Self.none.map { ($0, "not-done") }))
        #expect(run.points == 0 && outcome.status == 3)
        #expect(run.steps.first?.reason == "nobody answered the question")
        #expect(run.steps.last?.reason == "no file `notes.txt` was handed in")
    }

    @Test("a secret answer stands nowhere in the clear, in no file and on no screen")
    func secret() async throws {
        let lab = AskingLab(key: true)
        let options = lab.prepared()
        let plain = try await BuiltLab.run(
            ["run", "asking.yml", "--plain", "--report", "json:out.json", "--report", "junit:out.xml"] + options,
            in: lab.folder.path)
        #expect(plain.status == 0, "\(plain.output)\(plain.errors)")
        let checked = try await BuiltLab.run(["check", "asking", "--format", "json"], in: lab.folder.path)
        #expect(!(plain.output + plain.errors + checked.output).contains("open-sesame"))
        let runs = lab.folder.path + "/runs"
        var files = ["out.json", "out.xml"]
        for case let name as String in FileManager.default.enumerator(atPath: runs) ?? .init() {
            // The instructor's own run holds the key, which holds the answer.
            if !name.hasSuffix("asking.key.yml") { files.append("runs/" + name) }
        }
        #expect(files.count > 10)
        for name in files {
            let text = String(decoding: lab.folder.read(name), as: UTF8.self)
            #expect(!text.contains("open-sesame"), "\(name)")
        }
        #expect(try JudgedRun(checked).check("word.right")?.verdict == "passed")
    }

    @Test("an answer that is not what was asked for fails; it is neither an error nor not done")
    func misread() async throws {
        let lab = AskingLab()
        let options = lab.prepared()
        lab.folder.write(
            Array("hops: many\nkinds: a gateway\nname: \"\\e[2J<b>\\u202e&amp;\\x07\"\nword: x\n".utf8),
            to: "answers.yml")
        let outcome = try await lab.run(options)
        let run = try JudgedRun(outcome)
        #expect(outcome.status == 1)
        #expect(run.check("hops.right")?.reason == "the answer is no number in ms")
        #expect(run.check("kinds.all")?.reason == "the answer is none of the options")
        let text = try await BuiltLab.run(["check", "asking"], in: lab.folder.path)
        for shown in [outcome.output, text.output] { #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}")) }
        let page = String(decoding: lab.folder.read("runs/asking/latest/report.html"), as: UTF8.self)
        #expect(!page.contains("<b>") && !page.contains("\u{1B}"))
    }

    @Test("a file that cannot be taken fails its checks and says why", arguments: ["link", "large", "folder"])
    func refused(what: String) async throws {
        let lab = AskingLab()
        let options = lab.prepared()
        let path = lab.folder.path + "/mine/notes.txt"
        try FileManager.default.removeItem(atPath: path)
        switch what {
        case "link": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "../answers.yml")
        case "large": lab.folder.write([UInt8](repeating: 0x61, count: 1001), to: "mine/notes.txt")
        default: lab.folder.makeFolder("mine/notes.txt")
        }
        let outcome = try await lab.run(options)
        let run = try JudgedRun(outcome)
        let expected = [
            "link": "`notes.txt` of `notes.txt` is a symbolic link, which is not followed",
            "large": "`notes.txt` is larger than 1000 bytes", "folder": "`notes.txt` is no file",
        ]
        #expect(run.check("notes.said")?.verdict == "failed")
        #expect(run.check("notes.said")?.reason == expected[what])
        #expect(outcome.status == 1)
        let taken = lab.folder.path + "/runs/asking/latest/evidence/notes/handed-in"
        #expect(!FileManager.default.fileExists(atPath: taken))
    }

    @Test("an answer that was changed in the run folder takes back what it earned")
    func changed() async throws {
        let lab = AskingLab()
        let options = lab.prepared()
        lab.folder.write(Array("name: switch\nhops: 12\n".utf8), to: "answers.yml")
        #expect(try JudgedRun(try await lab.run(options)).outcomes["name.given"] == "failed")
        lab.folder.write(
            Array(#"{"answer":["router"],"sha256":""}"#.utf8), to: "runs/asking/latest/evidence/name/answer.json")
        let again = try JudgedRun(
            try await BuiltLab.run(["check", "asking", "--format", "json"], in: lab.folder.path))
        #expect(again.outcomes["name.given"] == "failed")
        #expect(again.findings.contains("evidence/name/answer.json was changed after the run"))
    }

    @Test("files of answers and folders that are none are refused before anything runs")
    func usage() async throws {
        let lab = AskingLab()
        lab.folder.write(Array("hop: 3\n".utf8), to: "wrong.yml")
        let wrong = try await lab.run(["--answers", "wrong.yml"])
        #expect(wrong.status == 2 && wrong.errors.contains("answers.unknown-step"))
        #expect(try await lab.run(["--answers", "absent.yml"]).status == 64)
        #expect(try await lab.run(["--hand-in", "wrong.yml"]).status == 64)
        #expect(!FileManager.default.fileExists(atPath: lab.folder.path + "/runs"))
    }

    @Test("the sheet shows what is asked and never the answer")
    func sheet() async throws {
        let lab = AskingLab(key: true)
        for format in ["text", "markdown", "html"] {
            let shown = try await BuiltLab.run(["show", "asking.yml", "--format", format], in: lab.folder.path).output
            #expect(shown.contains("over 3 routers?") && shown.contains("A bridge"), "\(format)")
            #expect(!shown.contains("rou-ter") && !shown.contains("open-sesame"))
        }
    }

    @Test("what students get holds no answer, and no solution that the key names")
    func published() async throws {
        let lab = AskingLab(key: true)
        let outcome = try await BuiltLab.run(["publish", "asking.yml", "--out", "students"], in: lab.folder.path)
        #expect(outcome.status == 0, "\(outcome.errors)")
        let students = lab.folder.path + "/students"
        let names = try FileManager.default.contentsOfDirectory(atPath: students).sorted()
        #expect(names == ["asking.published.json", "asking.yml"])
        for name in names {
            let text = String(decoding: lab.folder.read("students/" + name), as: UTF8.self)
            #expect(!text.contains("rou-ter") && !text.contains("open-sesame") && !text.contains(AskingLab.digest))
        }
        let told = AskingLab.text.replacing("title: Name it", with: "title: Name the ROU-TER")
        lab.folder.write(Array(told.utf8), to: "asking.yml")
        let refused = try await BuiltLab.run(["publish", "asking.yml", "--out", "others"], in: lab.folder.path)
        #expect(refused.status != 0 && refused.errors.contains("publish.leak"), "\(refused.errors)")
    }
}
