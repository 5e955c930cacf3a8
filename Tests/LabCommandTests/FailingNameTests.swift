import Foundation
import LabTestSupport
import Testing

/// A resolver with faults, as people's own tool meets it.
@Suite(
    "Names that fail, in a world", .enabled("needs network namespaces") { await BuiltLab.hasWorlds() },
    .enabled(if: RealTool.exists("dig"), "dig is not installed"))
struct FailingNameTests {
    private static let lab = """
        format: 1
        lab: week2
        title: A resolver with faults
        at: laptop
        world:
          networks: { home: { prefix: 198.51.100.0/24, router: r1 } }
          routers: [r1]
          hosts: { laptop: { network: home }, www: { network: home, address: 198.51.100.80, virtual: true } }
          resolver: 198.51.100.53
          names:
            www.example.test: { host: www, delay: 20ms }
            broken.example.test: { fails: servfail, delay: 20ms }
            closed.example.test: { fails: refused }
            lost.example.test: { fails: no-answer }
        steps:
        - id: slow
          title: Ask for a slow name
          program: { run: [dig, "+tries=1", "+time=100", www.example.test], within: 120s }
          expect: { address: lab.program.stdout contains "198.51.100.80" }
        - id: broken
          title: Ask for a broken name
          program: { run: [dig, "+tries=1", "+time=100", broken.example.test], within: 120s }
          expect: { status: 'lab.program.stdout contains "status: SERVFAIL"' }
        - id: closed
          title: Ask for a closed name
          program: { run: [dig, "+tries=1", "+time=100", closed.example.test], within: 120s }
          expect: { status: 'lab.program.stdout contains "status: REFUSED"' }
        - id: unknown
          title: Ask for a name that is not there
          program: { run: [dig, "+tries=1", "+time=100", nobody.example.test], within: 120s }
          expect: { status: 'lab.program.stdout contains "status: NXDOMAIN"' }
        - id: lost
          title: Ask in vain
          program: { run: [dig, "+tries=1", "+time=1", lost.example.test], within: 120s }
          expect: { error: lab.program.stdout contains "timed out" }

        """

    @Test("dig is told SERVFAIL, REFUSED, NXDOMAIN, or nothing")
    func dig() async throws {
        let lab = try EditedLab(lab: Self.lab)
        let outcome = try await lab.run([])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }
}
