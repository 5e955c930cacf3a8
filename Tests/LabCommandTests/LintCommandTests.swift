import Foundation
import LabTestSupport
import Testing

@Suite("lab lint, as it is typed") struct LintCommandTests {
    @Test("a name that no lab has is told with the nearest")
    func nearest() async throws {
        let lab = try EditedLab()
        let outcome = try await BuiltLab.run(["lint", "weak2"], in: lab.folder)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("error[lab.unknown]: there is no lab `weak2`"))
        #expect(outcome.errors.contains("did you mean `week2`?"))
    }

    private static let misspelled = EditedLab.Edit.replace("  explain: ICMP knows", with: "  expalin: ICMP knows")
    private static let doubtful = EditedLab.Edit.replace(
        "virtual: true, down: true", with: "virtual: yes, down: on", in: EditedLab.campus)

    /// How many labs the checkout ships: neither worlds nor keys, and no translations.
    private static let labs: Int = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: Repository.root + "/Labs")) ?? []
        return names.count { $0.split(separator: ".").count == 2 && $0.hasSuffix(".yml") }
    }()

    @Test("--fix mends files in place, keeps their mode, and says what it changed")
    func fix() async throws {
        let lab = try EditedLab([Self.misspelled, Self.doubtful])
        let path = lab.file("Labs/week2.yml")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let original = try String(contentsOfFile: path, encoding: .utf8)
        let outcome = try await BuiltLab.run(["lint", "--fix", "Labs"], in: lab.folder)
        #expect(outcome.status == 0)
        #expect(outcome.output == "\(Self.labs) labs: no problems\n")
        #expect(outcome.errors.contains("Labs/week2.yml: 1 change\n"))
        #expect(outcome.errors.contains("field.unknown: expalin → explain\n"))
        #expect(outcome.errors.contains("field.boolean: yes → true\n"))
        #expect(outcome.errors.contains("Labs/worlds/campus.yml: 2 changes\n"))
        let fixed = try String(contentsOfFile: path, encoding: .utf8)
        #expect(fixed == original.replacingOccurrences(of: "expalin", with: "explain"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        let again = try await BuiltLab.run(["lint", "--fix", "Labs/week2.yml"], in: lab.folder)
        #expect(again.status == 0)
        #expect(again.errors == "nothing to fix\n")
    }

    @Test("--diff shows the same and changes nothing")
    func diff() async throws {
        let lab = try EditedLab([Self.misspelled])
        let original = try String(contentsOfFile: lab.file("Labs/week2.yml"), encoding: .utf8)
        let outcome = try await BuiltLab.run(["lint", "--diff", "week2"], in: lab.folder)
        #expect(outcome.status == 2)
        #expect(outcome.output.hasPrefix("--- Labs/week2.yml\n+++ Labs/week2.yml\n@@ "))
        #expect(outcome.output.contains("\n-  expalin: ICMP knows nothing of proxies.\n+  explain: ICMP knows"))
        #expect(try String(contentsOfFile: lab.file("Labs/week2.yml"), encoding: .utf8) == original)
    }

    @Test("warnings fail with --strict only; folders, patterns and names are one pass")
    func strict() async throws {
        let lab = try EditedLab([.replace("  - Is the name known to the resolver?", with: "  - See $sites.")])
        #expect(try await BuiltLab.run(["lint", "Labs"], in: lab.folder).status == 0)
        let strict = try await BuiltLab.run(["lint", "--strict", "Labs/*.yml", "week2", "Labs"], in: lab.folder)
        #expect(strict.status == 2)
        #expect(strict.output.hasPrefix("\(Self.labs) labs: ") && strict.output.contains("error"))
        #expect(!strict.output.contains("warning"))
        let json = try await BuiltLab.run(["lint", "--format", "json", "week2"], in: lab.folder)
        #expect(json.output.contains("\"code\":\"reference.unknown-name\""))
        let unknown = try await BuiltLab.run(["lint", "--format", "jsn", "week2"], in: lab.folder)
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("did you mean 'json'?"))
    }
}
