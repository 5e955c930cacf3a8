import Foundation
import LabTestSupport
import Testing

/// A thousand filters over one capture, asked of us and of the real tshark.
@Suite("Filters mean what they mean in Wireshark")
struct FilterTests {
    private let fixture: FilterFixture

    init() throws { fixture = try FilterFixture() }

    @Test("every filter matches the frames that it matches in Wireshark, or is refused as there")
    func answers() {
        let declared = Dictionary(
            fixture.differences.flatMap(\.answers).map { ($0.expression, $0.ours) },
            uniquingKeysWith: { first, _ in first })
        #expect(fixture.filters.count >= 1_000)
        #expect(fixture.filters.count { $0.theirs == "refused" } >= 300)
        for (expression, theirs) in fixture.filters {
            #expect(fixture.ours(expression) == declared[expression] ?? theirs, "\(expression)")
        }
    }

    @Test("a declared difference is one, and is about a filter of the list")
    func differences() throws {
        let theirs = Dictionary(fixture.filters.map { ($0.expression, $0.theirs) }, uniquingKeysWith: { $1 })
        for difference in fixture.differences {
            #expect(!difference.answers.isEmpty, "\(difference.reason)")
            for (expression, ours) in difference.answers {
                #expect(try #require(theirs[expression], "\(expression)") != ours, "\(expression)")
            }
        }
    }

    @Test("the documentation shows every difference")
    func documentation() throws {
        let page = try String(contentsOfFile: Repository.root + "/Docs/questions.md", encoding: .utf8)
        if !page.contains(fixture.documentation) { Issue.record("expected there:\n\n\(fixture.documentation)") }
    }

    private static func hasTshark() async throws -> Bool {
        guard let tshark = RealTool("tshark") else { return false }
        return try await tshark.run(["--version"]).output.hasPrefix("TShark (Wireshark) 4.0")
    }

    @Test("the recorded answers are tshark's own", .enabled("tshark 4.0 is not installed", FilterTests.hasTshark))
    func tshark() async throws {
        let tshark = try #require(RealTool("tshark"))
        let answers = try await fixture.askTshark(tshark)
        try #require(answers.count == fixture.filters.count)
        for (filter, answer) in zip(fixture.filters, answers) {
            #expect(answer == filter.theirs, "\(filter.expression)")
        }
    }
}
