import LabModel
import SupportDiagnostics
import SupportQuestions
import Testing

/// A large lab is read on two threads: nothing of that may show.
@Suite("Large labs") struct LargeLabTests {
    private let vars = "  number: 200\n  word: hello\n"
    private let first = "- { id: first, visit: http://h/ }\n"
    /// From here on `$number` means what a step records.
    private let taking = "- { id: number, visit: http://h/ }\n"
    private let steps = [
        "- { visit: http://h/, expect: { a: lab.page.text contains $word, b: lab.page.code == 200 } }\n",
        "- { visit: http://h/, expect: { a: lab.page.code == $number } }\n",
        "- { visit: http://h/, expect: { a: lab.page.cod == 200, b: lab.page.text contains $word } }\n",
        "- { visit: http://h/, expect: { a: lab.page.text == $first, b: lab.page.text == $nobody } }\n",
        "- { visit: http://h/, expect: { a: lab.page.code == 200 and lab.page.code == 201 } }\n",
        "- { visit: http://h/, forbid: { a: { is: lab.page.code == 500 } } }\n",
        "- { visit: http://h/, expect: { a: 'lab.page.code == ' } }\n",
    ]

    /// What is said of the last line, as code and column.
    private func told(ofLast text: String) -> [String] {
        let last = text.utf8.count { $0 == UInt8(ascii: "\n") }
        return SmallLanguage.load(text).problems.compactMap { problem in
            guard let place = problem.primary?.span.start, place.line == last else { return nil }
            return "\(problem.code) \(place.column)"
        }
    }

    @Test("what is wrong with each step is told as in a lab of its own, in order, every time")
    func steps600() {
        let before = steps.map { told(ofLast: SmallLanguage.lab(vars: vars, first + $0)) }
        let after = steps.map { told(ofLast: SmallLanguage.lab(vars: vars, first + taking + $0)) }
        #expect(before[0] == [] && after[0] == [])
        #expect(before[2...].allSatisfy { !$0.isEmpty })

        var text = SmallLanguage.lab(vars: vars, first)
        var line = text.utf8.count { $0 == UInt8(ascii: "\n") }
        var expected: [String] = []
        for number in 0..<700 {
            let hasTaken = number >= 350
            if number == 350 {
                text += taking
                line += 1
                expected.append("step.duplicate-id \(line):9")
            }
            text += steps[number % steps.count]
            line += 1
            expected += (hasTaken ? after : before)[number % steps.count].map { problem in
                let words = problem.split(separator: " ")
                return "\(words[0]) \(line):\(words[1])"
            }
        }
        for _ in 0..<5 {
            let problems = SmallLanguage.load(text).problems
            let found = problems.map { "\($0.code) \($0.primary?.span.start.description ?? "")" }
            #expect(found == expected)
        }
    }

    @Test("a question means what its names mean where it stands")
    func meaning() throws {
        let asking = "- { visit: http://h/, expect: { a: lab.page.code == $number } }\n"
        let text = SmallLanguage.lab(
            vars: vars,
            first + String(repeating: asking, count: 400) + taking + String(repeating: asking, count: 400))
        let unknown = { (lab: LabDefinition?) in
            (lab?.steps ?? []).flatMap(\.checks).map(\.question.unboundReferences)
        }
        let before = unknown(SmallLanguage.load(SmallLanguage.lab(vars: vars, first + asking)).lab)
        let after = unknown(SmallLanguage.load(SmallLanguage.lab(vars: vars, first + taking + asking)).lab)
        #expect(before == [[]] && after == [["number"]])
        let loaded = SmallLanguage.load(text)
        #expect(loaded.told == ["step.duplicate-id lab.yml:409:9"])
        let expected = Array(repeating: before[0], count: 400) + Array(repeating: after[0], count: 400)
        #expect(unknown(loaded.lab) == expected)
    }
}
