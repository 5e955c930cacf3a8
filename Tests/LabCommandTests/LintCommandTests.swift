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
}
