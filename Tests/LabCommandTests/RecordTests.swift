import Foundation
import LabTestSupport
import Testing

@Suite("lab record", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct RecordTests {
    /// A walkthrough that needs nothing but curl, and `lab` itself.
    private static let walk = """
        curl -s https://www.example.test/
        lab ping -c 2 www.example.test
        getent ahostsv4 www.example.test
        lab traceroute www.example.test
        lab proxy --headless --listen-port 9000 &
        curl -s --retry 60 --retry-connrefused --retry-delay 1 -x 127.0.0.1:9000 -o ca.pem http://mitm.it/cert/pem
        lab trust install ca.pem
        curl -s -x 127.0.0.1:9000 https://www.example.test/
        """

    private func record(_ lab: EditedLab, _ walk: String) async throws -> RealTool.Outcome {
        return try await BuiltLab.run(
            ["record", "--lab", "week2", "--student", "ada", "-o", "Labs/draft.yml"], in: lab.folder,
            input: Array(walk.utf8))
    }

    @Test("a walkthrough becomes a lab that lints and runs, and that fails in a broken world")
    func walkthrough() async throws {
        let lab = try EditedLab()
        let outcome = try await record(lab, Self.walk)
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        #expect(outcome.output.contains("a draft of 9 steps"))
        let draft = try String(contentsOfFile: lab.file("Labs/draft.yml"), encoding: .utf8)
        for line in [
            "world: worlds/campus.yml", "request: https://$site/", "token: lab.http.body contains $token",
            "root: lab.tls.root.sha256 == $world.roots.sha256", "root: lab.tls.root.sha256 == $proxy.ca.sha256",
            "answers: lab.ping.received == 2 and lab.ping.address == $world.www.address",
            "way: lab.trace.path == [r1, r2, r3, r4, r5, r6, r7, r8, www]", "install: $visit-2.file", "stop: $proxy",
            "# volatile: ",
        ] { #expect(draft.contains(line), "\(line) in \(draft)") }
        let lint = try await BuiltLab.run(["lint", "Labs/draft.yml"], in: lab.folder)
        #expect(lint.status == 0, "\(lint.errors)")
        let other = try await BuiltLab.run(["run", "draft", "--student", "grace"], in: lab.folder)
        #expect(other.status == 0, "\(other.output)")
        // The same draft where the shop says something else.
        let world = lab.file("Labs/worlds/campus.yml")
        let text = try String(contentsOfFile: world, encoding: .utf8)
        try text.replacingOccurrences(of: "Your order number", with: "Your number").write(
            toFile: world, atomically: true, encoding: .utf8)
        let broken = try await BuiltLab.run(["run", "draft", "--student", "ada"], in: lab.folder)
        #expect(broken.status == 1, "\(broken.output)")
        #expect(broken.output.contains("visit.page failed"))
    }

    @Test("a command alone is recorded, a file that is there is not replaced, and nothing done is no draft")
    func alone() async throws {
        let lab = try EditedLab()
        let arguments = ["record", "--lab", "week2", "-o", "Labs/one.yml"]
        let one = try await BuiltLab.run(arguments + ["--", "lab", "ping", "-c", "1", "192.0.2.20"], in: lab.folder)
        #expect(one.status == 0, "\(one.output)\(one.errors)")
        #expect(one.output.contains("a draft of 1 step"))
        let again = try await BuiltLab.run(arguments + ["--", "true"], in: lab.folder)
        #expect(again.status == 64)
        let nothing = try await BuiltLab.run(["record", "--lab", "week2", "-o", "n.yml", "--", "true"], in: lab.folder)
        #expect(nothing.status == 3)
        #expect(!FileManager.default.fileExists(atPath: lab.file("n.yml")))
    }

    @Test("what is typed may open raw sockets and nothing else")
    func power() async throws {
        let lab = try EditedLab()
        let outcome = try await BuiltLab.run(
            ["record", "--lab", "week2", "-o", "power.yml", "--no-verify", "--", "grep", "Cap", "/proc/self/status"],
            in: lab.folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        for set in ["CapPrm", "CapEff", "CapAmb"] { #expect(outcome.output.contains("\(set):\t0000000000002000")) }
    }
}
