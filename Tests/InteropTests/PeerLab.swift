import Foundation
import LabTestSupport

/// A small lab in which real programs do the same as we do, in one world; run once for all tests.
struct PeerRun: Sendable {
    let judged: JudgedRun
    /// The run folder, absolute.
    let folder: String

    static func shared() async throws -> PeerRun { try await made.value }
    private static let made = Task { try await PeerRun() }

    private init() async throws {
        let lab = try EditedLab(lab: Self.text)
        judged = try JudgedRun(try await lab.run(["--format", "json"]))
        folder = judged.folder.hasPrefix("/") ? judged.folder : lab.folder + "/" + judged.folder
        self.lab = lab
        lab.removeAtExit()
    }

    private let lab: EditedLab

    func text(_ artefact: String) throws -> String {
        try String(contentsOfFile: folder + "/evidence/" + artefact, encoding: .utf8)
    }

    func object(_ artefact: String) throws -> [String: Any] {
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/evidence/" + artefact))
        return try JSONSerialization.jsonObject(with: data) as? [String: Any] ?? [:]
    }

    /// traceroute sends one probe at a time: without root it has one ICMP socket, on which the answer to one probe makes
    /// sending the next fail, and shows a star for what it never sent.
    private static let text = """
        format: 1
        lab: week2
        title: Real peers
        world: worlds/campus.yml
        at: laptop
        vars:
          site: www.example.test
          token: { pick: token }
        steps:
        - id: direct
          title: Without a proxy
          program: { run: [curl, --silent, --show-error, "https://$site/"] }
          expect:
            served: lab.program.exit == 0 and lab.program.stdout contains $token
        - id: mitm
          title: Start the proxy
          proxy: 9000
        - id: setting
          title: Use it
          system-proxy: { http: $mitm, https: $mitm }
        - id: before
          title: curl refuses
          program: { run: [curl, --silent, --show-error, "https://$site/"] }
          expect:
            refused: lab.program.exit == 60 and lab.program.stderr contains "certificate"
            alert: lab.handshake.leg == "client" and lab.handshake.alert == 48 and lab.handshake.sni == $site
          forbid:
            page: { is: lab.program.stdout contains $token, control: after.served }
        - id: fetch
          title: Fetch the certificate
          program: { run: [curl, --silent, "http://mitm.it/cert/pem"] }
          expect:
            pem: lab.program.exit == 0 and lab.program.stdout contains "BEGIN CERTIFICATE"
        - id: download
          title: Fetch it for installing
          request: { url: http://mitm.it/cert/pem, save: ca.pem }
        - id: trust
          title: Trust it
          trust: { install: $download.file }
        - id: after
          title: curl is served
          program: { run: [curl, --silent, --show-error, "https://$site/"] }
          expect:
            served: lab.program.exit == 0 and lab.program.stdout contains $token
            flow: lab.flow.user_agent contains "curl" and lab.flow.status == 200
        - id: our-ping
          title: Ping with ours
          ping: { to: $site, count: 1, family: ipv4 }
        - id: ping
          title: Ping with iputils
          program: { run: [ping, -c, "1", $site] }
        - id: our-trace
          title: Trace with ours
          traceroute: { to: $site, protocol: icmp, family: ipv4 }
        - id: trace
          title: Trace with another
          program: { run: [traceroute, -N, "1", -w, "5", -n, -I, -q, "1", $site] }
        - id: our-trace6
          title: Trace with ours over IPv6
          traceroute: { to: ipv6.example.test, protocol: icmp, family: ipv6 }
        - id: trace6
          title: Trace with another over IPv6
          program: { run: [traceroute, "-6", -N, "1", -w, "5", -n, -I, -q, "1", ipv6.example.test] }
        """
}
