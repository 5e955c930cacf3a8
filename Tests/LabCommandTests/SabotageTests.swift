import Foundation
import LabTestSupport
import Testing

/// Every way to spoil week 2 is noticed: by the exit status, by exactly the checks that it touches, and in fitting words.
@Suite("Sabotage", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct SabotageTests {
    @Test("a spoiled lab fails in the right places, and says why", arguments: Sabotage.all)
    func spoiled(sabotage: Sabotage) async throws {
        let outcome = try await EditedLab(sabotage.edits).run(["--format", "json"])
        let run = try JudgedRun(outcome)
        #expect(outcome.status == 1)
        #expect(run.exitStatus == 1)
        #expect(run.checks.count > 70)
        #expect(run.troubles == sabotage.expected)
        #expect(run.checks.allSatisfy { $0.verdict == "passed" || $0.points == 0 })
        for group in sabotage.groups {
            for name in group.checks {
                let reason = run.check(name)?.reason ?? ""
                for words in group.words.components(separatedBy: "…") {
                    #expect(reason.contains(words), "\(name): \(reason)")
                }
            }
        }
    }

    @Test("a misspelled field is shown in its place, and nothing runs")
    func misspelled() async throws {
        let lab = try EditedLab([.replace("  proxy: { listen: $port }\n", with: "  proxy: { lisen: $port }\n")])
        let outcome = try await lab.run()
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.contains("`proxy` has no field `lisen`"))
        #expect(outcome.errors.contains("did you mean `listen`?"))
        let text = try String(contentsOfFile: lab.file("Labs/week2.yml"), encoding: .utf8)
        let line = try #require(text.components(separatedBy: "\n").firstIndex(of: "  proxy: { lisen: $port }")) + 1
        #expect(outcome.errors.contains("Labs/week2.yml:\(line):12"))
        #expect(!lab.hasRuns)
    }
}
