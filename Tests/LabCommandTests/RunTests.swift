import Foundation
import FoundationXML
import LabTestSupport
import Testing

/// Week 2 as it is.
@Suite("lab run week2", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct RunTests {
    @Test("every check passes, every point is earned, and the run folder is whole")
    func passes() async throws {
        let run = try await ReferenceRun.shared()
        #expect(run.outcome.status == 0)
        #expect(run.judged.troubles == [:])
        #expect(run.judged.findings == [])
        #expect(run.judged.checks.count > 75)
        #expect(run.judged.points == run.judged.maxPoints)
        for name in ["run.json", "events.jsonl", "report.html", "lab/week2.yml", "lab/worlds/campus.yml"] {
            #expect(FileManager.default.fileExists(atPath: run.folder + "/" + name), "\(name)")
        }
        let latest = run.lab.file("runs/week2/latest")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: latest)
                == run.folder.split(separator: "/").last.map(String.init))
    }

    @Test("the JUnit report is well-formed and names every check once")
    func junit() async throws {
        let run = try await ReferenceRun.shared()
        let names = CaseNames()
        let data = try Data(contentsOf: URL(fileURLWithPath: run.lab.file("junit.xml")))
        let parser = XMLParser(data: data)
        parser.delegate = names
        #expect(parser.parse())
        #expect(names.cases.count == run.judged.checks.count)
        #expect(Set(names.cases).count == names.cases.count)
    }

    @Test("another port is as good")
    func otherPort() async throws {
        let outcome = try await EditedLab().run(["--format", "json", "--set", "port=12345"])
        #expect(outcome.status == 0)
        #expect(try JudgedRun(outcome).troubles == [:])
    }

    @Test("on no terminal the run is told in plain lines")
    func plainLines() async throws {
        let outcome = try await EditedLab().run(["--only", "ping-address"])
        #expect(outcome.output.contains("passed: ping-address"))
        #expect(!outcome.output.contains("\u{1B}"))
    }

    @Test("a selection performs what it names, and what it leaves out does not count")
    func selection() async throws {
        let outcome = try await EditedLab().run(["--format", "json", "--only", "ping-address,trace-name.way"])
        let run = try JudgedRun(outcome)
        #expect(outcome.status == 0)
        #expect(run.steps.filter { $0.status == "done" }.map(\.id) == ["ping-address", "trace-name"])
        let done = run.checks.filter { $0.name.hasPrefix("ping-address.") || $0.name.hasPrefix("trace-name.") }
        #expect(done.map(\.outcome) == Array(repeating: "passed", count: 6))
        #expect(run.checks.count { $0.outcome == "not-done" } == run.checks.count - 6)
    }

    @Test("a selected step brings along what its questions refer to and what changed its host")
    func selectionWithNeeds() async throws {
        let run = try JudgedRun(try await EditedLab().run(["--format", "json", "--only", "browse.page"]))
        #expect(run.steps.filter { $0.status == "done" }.map(\.id) == ["mitm", "setting", "fetch", "trust", "browse"])
        #expect(run.checks.allSatisfy { ["passed", "not-done"].contains($0.outcome) })
    }
}

/// What is wrong before anything runs.
@Suite("lab run, wrongly used")
struct WrongUseTests {
    @Test(
        "wrong usage is 64, an unknown lab is 2, and nothing runs",
        arguments: [
            (["week2", "--only", "nothing"], 64, "no step or check of `week2`: `nothing`"),
            (["week2", "--only", ","], 64, "--only names nothing"),
            (["week2", "--set", "port=many"], 64, "`--set port=many`: expected a whole number from 1 to 65535"),
            (["week2", "--set", "prot=1"], 64, "the lab has no variable `prot`"),
            (["week2", "--set", "port"], 64, "--set takes NAME=VALUE, found 'port'"),
            (["week2", "--report", "week2.docx"], 64, "docx"),
            (["weak2"], 2, "did you mean `week2`?"),
            (["Labs/missing.yml"], 2, "there is no lab `Labs/missing.yml`"),
        ])
    func refused(arguments: [String], status: Int32, words: String) async throws {
        let lab = try EditedLab()
        let outcome = try await BuiltLab.run(["run"] + arguments, in: lab.folder)
        #expect(outcome.status == status)
        #expect(outcome.errors.contains(words), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
        #expect(!lab.hasRuns)
    }
}

/// The names of test cases in a JUnit report.
private final class CaseNames: NSObject, XMLParserDelegate {
    private(set) var cases: [String] = []

    func parser(
        _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if element == "testcase" { cases.append("\(attributes["classname"] ?? "") \(attributes["name"] ?? "")") }
    }
}
