import LabAuthoring
import LabModel
import LabSteps
import SupportDiagnostics
import Testing

@Suite("Fixes") struct FixTests {
    @Test(
        "what a fix mends is mended, and every other line stays as it was",
        arguments: BrokenLab.all.filter { $0.problems().contains { $0.fix != nil } })
    func gallery(lab: BrokenLab) {
        let before = lab.problems()
        let fixing = Fixing { lab.problems(replacing: $0) }
        #expect(!fixing.changes.isEmpty)
        #expect(!fixing.problems.contains { $0.fix != nil })
        for problem in before where problem.fix != nil {
            #expect(!fixing.problems.contains { $0.code == problem.code && $0.message == problem.message })
        }
        for (name, old, new) in fixing.files {
            // Comments and layout: as many lines, and every line that no fix touches as it was.
            let (oldLines, newLines) = (old.split(separator: 0x0A), new.split(separator: 0x0A))
            #expect(oldLines.count == newLines.count, "\(name)")
            let changed = zip(oldLines, newLines).count { $0 != $1 }
            #expect(changed <= fixing.changes.count)
        }
    }

    @Test(
        "a fix that is applied alone leaves neither its problem nor a new error",
        arguments: BrokenLab.all.filter { $0.problems().contains { $0.fix != nil } })
    func alone(lab: BrokenLab) throws {
        func errors(_ problems: [Diagnostic]) -> Set<String> {
            Set(problems.filter { $0.severity == .error }.map { "\($0.code): \($0.message)" })
        }
        let before = lab.problems()
        for problem in before where problem.fix != nil {
            let plan = try #require(FixPlan.plans([problem]).first)
            let after = lab.problems(replacing: [plan.file: plan.bytes])
            #expect(errors(after).subtracting(errors(before)).isEmpty)
            // The same may be wrong further on, and show only now.
            #expect(
                !after.contains {
                    $0.code == problem.code && $0.message == problem.message
                        && $0.primary?.span.start.description == problem.primary?.span.start.description
                })
        }
    }

    @Test("many problems can be fixed")
    func many() {
        let fixable = Set(BrokenLab.all.flatMap { $0.problems() }.filter { $0.fix != nil }.map(\.code))
        #expect(fixable.count >= 20, "\(fixable.sorted())")
    }

    private static func problems(_ text: String, _ fixes: [(Range<Int>, String)]) -> [Diagnostic] {
        let file = SourceFile(name: "t.yml", text: text)
        return fixes.map { Diagnostic("field.unknown", "x", fix: .init(replace: file.span($0.0), with: $0.1)) }
    }

    @Test("several fixes of one file are applied together, in any order")
    func several() throws {
        let plans = FixPlan.plans(Self.problems("one two # three\n", [(4..<7, "2"), (0..<3, "first"), (15..<15, "!")]))
        let plan = try #require(plans.first)
        #expect(plans.count == 1)
        #expect(String(decoding: plan.bytes, as: UTF8.self) == "first 2 # three!\n")
        #expect(plan.changes.map(\.place) == ["1:1", "1:5", "1:16"])
    }

    @Test(
        "of two that overlap, or insert in one place, the first is applied",
        arguments: [
            ([(0..<3, "A"), (2..<5, "B")], "A two\n"), ([(2..<5, "B"), (0..<3, "A")], "A two\n"),
            ([(3..<3, ";"), (3..<3, ",")], "one; two\n"), ([(0..<3, "A"), (0..<3, "A")], "A two\n"),
            ([(0..<3, "A"), (3..<4, "_")], "A_two\n"),
        ])
    func overlapping(fixes: [(Range<Int>, String)], expected: String) throws {
        let plan = try #require(FixPlan.plans(Self.problems("one two\n", fixes)).first)
        #expect(String(decoding: plan.bytes, as: UTF8.self) == expected)
    }

    @Test("a fix that changes nothing is no change")
    func idle() {
        #expect(FixPlan.plans(Self.problems("one\n", [(0..<3, "one")])).isEmpty)
        #expect(FixPlan.plans([Diagnostic("field.type", "no fix")]).isEmpty)
    }

    @Test("fixing ends, whatever is reported")
    func endless() {
        var rounds = 0
        let fixing = Fixing { files in
            rounds += 1
            let file = SourceFile(name: "t.yml", bytes: files["t.yml"] ?? [])
            return [Diagnostic("field.unknown", "x", fix: .init(replace: file.span(0..<0), with: "x"))]
        }
        #expect(rounds < 30)
        #expect(fixing.files.count == 1)
    }
}

@Suite("Unified diffs") struct UnifiedDiffTests {
    private func diff(_ old: String, _ new: String) -> String {
        String(decoding: UnifiedDiff.render("t.yml", from: Array(old.utf8), to: Array(new.utf8)), as: UTF8.self)
    }

    @Test("a changed line stands between three lines of context")
    func context() {
        let old = (1...9).map { "\($0)\n" }.joined()
        #expect(
            diff(old, old.replacing("5\n", with: "five\n"))
                == "--- t.yml\n+++ t.yml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n")
    }

    @Test("changes far from each other stand apart, near ones together")
    func hunks() {
        let old = (1...30).map { "\($0)\n" }.joined()
        let far = diff(old, old.replacing("\n2\n", with: "\ntwo\n").replacing("\n29\n", with: "\nlast\n"))
        #expect(far.split(separator: "\n").filter { $0.hasPrefix("@@") } == ["@@ -1,5 +1,5 @@", "@@ -26,5 +26,5 @@"])
        let near = diff(old, old.replacing("\n12\n", with: "\na\n").replacing("\n18\n", with: "\nb\n"))
        #expect(near.split(separator: "\n").filter { $0.hasPrefix("@@") } == ["@@ -9,13 +9,13 @@"])
    }

    @Test("a line without a line break at its end is told")
    func noNewline() {
        #expect(
            diff("a\nb", "a\nc")
                == "--- t.yml\n+++ t.yml\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
                + "\\ No newline at end of file\n")
        #expect(diff("", "a\n") == "--- t.yml\n+++ t.yml\n@@ -0,0 +1,1 @@\n+a\n")
        #expect(diff("a\n", "a\n").isEmpty)
    }
}
