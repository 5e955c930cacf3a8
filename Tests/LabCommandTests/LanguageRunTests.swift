import Foundation
import LabTestSupport
import Testing

/// What the language promises of a run, in one small lab.
@Suite(
    "A run with secrets, conditions and retries", .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct LanguageRunTests {
    private static let lab = """
        format: 1
        lab: week2
        title: A lab with a secret, $password
        world: worlds/campus.yml
        at: laptop
        vars:
          password: { secret: true, length: { min: 8 } }
          mode: { one-of: [fast, thorough] }
        groups:
          say:
            parameters: { word: text }
            steps:
            - id: echo
              title: Say $word
              program: [sh, -c, 'echo "$0"; echo "$0" >&2', $word]
              expect:
                said: lab.program.stdout contains $word
        steps:
        - use: { group: say, as: secret, with: { word: $password } }
        - use: { group: say, as: plain, with: { word: hello } }
        - id: fast
          title: Only when it has to be fast
          when: $mode == "fast"
          program: ["true"]
          expect: { ended: lab.program.exit == 0 }
        - id: thorough
          title: Only when it has to be thorough
          when: $mode == "thorough"
          program: ["true"]
          expect: { ended: lab.program.exit == 0 }
        - id: third
          title: Works when it is tried for the third time
          program: [sh, -c, 'echo x >> tries; test $(wc -l < tries) -ge 3']
          retry: { because: the first tries are slow, times: 5, every: 10ms }
          expect: { ended: { is: lab.program.exit == 0, visibility: after-run } }
        - id: never
          title: Never works
          optional: true
          program: ["false"]
          retry: { because: it may yet, times: 2, every: 10ms }
          hint: [{ text: It cannot work., costs: 1 }]
          expect: { ended: { is: lab.program.exit == 0, visibility: hidden } }
        - id: consolation
          title: For who did not get that
          optional: true
          when: { not-passed: never.ended }
          program: ["true"]
          expect: { ended: lab.program.exit == 0 }

        """

    private static let secret = "s3cr3t/pass word"

    @Test("conditions are kept, retries end, and the secret is nowhere but in the program that was given it")
    func run() async throws {
        let lab = try EditedLab(lab: Self.lab)
        let outcome = try await lab.run([
            "--set", "password=\(Self.secret)", "--report", "json:\(lab.file("run.json"))",
        ])
        #expect(outcome.status == 1)
        let record = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: lab.file("run.json"))))
                as? [String: Any])
        let steps = try #require(record["steps"] as? [[String: Any]])
        func step(_ id: String) -> [String: Any] { steps.first { $0["id"] as? String == id } ?? [:] }
        func verdicts(_ id: String) -> [String] {
            (step(id)["checks"] as? [[String: Any]] ?? []).compactMap { $0["verdict"] as? String }
        }
        #expect(verdicts("secret-echo") == ["passed"])
        #expect(verdicts("plain-echo") == ["passed"])
        #expect(verdicts("fast") == ["passed"])
        #expect(step("thorough")["status"] as? String == "not-offered")
        #expect(verdicts("third") == ["passed"])
        #expect(step("third")["attempts"] as? Int == 3)
        #expect(verdicts("never") == ["failed"])
        #expect(step("never")["attempts"] as? Int == 2)
        #expect(verdicts("consolation") == ["passed"])

        // The screen, the reports and every file of the run.
        let forms = [
            Self.secret, "s3cr3t%2Fpass%20word", "s3cr3t\\/pass word", Data(Self.secret.utf8).base64EncodedString(),
        ]
        let printed = outcome.output + outcome.errors
        for form in forms { #expect(!printed.contains(form)) }
        #expect(printed.contains("•••"))
        var masked = 0
        for file in try FileManager.default.subpathsOfDirectory(atPath: lab.folder) where !file.hasPrefix("Labs/") {
            guard let bytes = FileManager.default.contents(atPath: lab.file(file)) else { continue }
            let text = String(decoding: bytes, as: UTF8.self)
            for form in forms { #expect(!text.contains(form), "\(file)") }
            if text.contains("•••password•••") { masked += 1 }
        }
        #expect(masked > 4)
        // What is told while the run goes on, and what is told of a hidden check.
        #expect(printed.contains("performed 3 times, because the first tries are slow"))
        #expect(printed.contains("hidden-1"))
        #expect(!printed.contains("never.ended"))
        // Another machine judges it alike, from the masked evidence.
        let again = try await BuiltLab.run(["check", "week2", "--format", "json"], in: lab.folder)
        let judged = try JudgedRun(again)
        #expect(judged.findings == [])
        #expect(judged.outcomes["secret-echo.said"] == "passed")
        #expect(judged.outcomes["never.ended"] == "failed")
    }

    @Test("without the secret nothing runs, and it is said what to do")
    func missing() async throws {
        let lab = try EditedLab(lab: Self.lab)
        let outcome = try await lab.run()
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains("--set password="))
        #expect(!lab.hasRuns)
    }

    @Test("a selection of what this variant does not offer is no success")
    func nothingLeft() async throws {
        let lab = try EditedLab(lab: Self.lab)
        let outcome = try await lab.run(["--set", "password=\(Self.secret)", "--only", "thorough"])
        #expect(outcome.status == 3)
    }
}
