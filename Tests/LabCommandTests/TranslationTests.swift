import Foundation
import LabTestSupport
import Testing

@Suite("Week 2 in Spanish") struct SpanishTests {
    @Test("is whole: lint has nothing to say of it, and writing it again changes nothing")
    func whole() async throws {
        let lab = try EditedLab()
        let lint = try await BuiltLab.run(["lint", "Labs/week2.yml"], in: lab.folder)
        #expect(lint.output == "1 lab: no problems\n")
        let before = try String(contentsOfFile: lab.file("Labs/week2.es.yml"), encoding: .utf8)
        _ = try await BuiltLab.run(["translate", "week2", "--to", "es"], in: lab.folder)
        #expect(try String(contentsOfFile: lab.file("Labs/week2.es.yml"), encoding: .utf8) == before)
    }

    @Test("an edited text of the lab makes its translation stale, and both places are told")
    func stale() async throws {
        let lab = try EditedLab([.replace("task: Ping the printer of the campus.", with: "task: Ping the camera.")])
        let lint = try await BuiltLab.run(["lint", "Labs/week2.yml"], in: lab.folder)
        #expect(lint.status == 0)
        #expect(lint.output.contains("1 lab: 1 warning"))
        #expect(lint.errors.contains("translation.stale"))
        #expect(lint.errors.contains("Labs/week2.es.yml:"))
        #expect(lint.errors.contains("Ping the camera."))
    }

    @Test(
        "runs in Spanish, is judged again in Spanish, and reads English where that is asked for",
        .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
    func runs() async throws {
        let lab = try EditedLab()
        let outcome = try await BuiltLab.run(
            ["run", "week2", "--only", "ping-address"], in: lab.folder, environment: ["LAB_LANG": "es"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("superado: ping-address: Haz ping a una dirección"))
        #expect(outcome.output.contains("sin hacer"))
        let again = try await BuiltLab.run(["check", "week2"], in: lab.folder)
        #expect(again.output.contains("superado: ping-address: Haz ping a una dirección"))
        let english = try await BuiltLab.run(["check", "week2", "--lang", "en"], in: lab.folder)
        #expect(english.output.contains("passed: ping-address: Ping an address"))
        let page = try String(contentsOfFile: lab.file("runs/week2/latest/report.html"), encoding: .utf8)
        #expect(page.contains("<html lang=\"es\">") && page.contains("Informe de la práctica"))
    }

    @Test("the example of the manual lints, and is whole")
    func manual() async throws {
        let page = try String(contentsOfFile: Repository.root + "/Docs/translations.md", encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().compactMap {
            $0.components(separatedBy: "```").first
        }
        try #require(blocks.count == 2)
        let lab = try EditedLab()
        try Data(blocks[0].utf8).write(to: URL(fileURLWithPath: lab.file("Labs/first.yml")))
        try Data(blocks[1].utf8).write(to: URL(fileURLWithPath: lab.file("Labs/first.es.yml")))
        let lint = try await BuiltLab.run(["lint", "Labs/first.es.yml"], in: lab.folder)
        #expect(lint.errors == "")
        #expect(lint.output == "1 lab: no problems\n")
    }
}
