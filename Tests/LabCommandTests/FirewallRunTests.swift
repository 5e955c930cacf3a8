import Foundation
import LabTestSupport
import Testing

/// A home behind a firewall that tracks connections and forwards a port, as a lab writes it.
@Suite(
    "A run behind a stateful firewall", .enabled("needs network namespaces") { await BuiltLab.hasWorlds() },
    .enabled(if: RealTool.exists("curl"), "curl is not installed"))
struct FirewallRunTests {
    private static let lab = """
        format: 1
        lab: week2
        title: A home and the world
        at: laptop
        world:
          networks:
            home: { prefix: 198.51.100.0/24, prefix6: "2001:db8:100::/64", router: gateway }
            hosting: { prefix: 203.0.113.0/24, prefix6: "2001:db8:203::/64", router: edge }
          routers:
            gateway:
              nat:
                hide: home
                hide6: home
                forward:
                - { protocol: tcp, port: 8080, to: server, to-port: 80 }
              firewall:
              - { action: accept, state: [established, related] }
              - { action: drop, state: invalid }
              - { action: accept, from: home, state: new }
              - { action: accept, to: server, protocol: tcp, port: 80 }
              - { action: admin-prohibited }
            # What is not hidden does not get through.
            edge: { firewall: [{ action: drop, from: laptop }] }
          links:
          - { between: [gateway, edge], delay: 1ms }
          hosts:
            laptop: { network: home }
            server: { network: home }
            www: { network: hosting }
          resolver: 203.0.113.53
          names: { www.example.test: www, home.example.test: server }
          sites:
            www.example.test: { host: www, pages: { /: { body: outside } } }
            home.example.test: { host: server, pages: { /: { body: inside } } }
        steps:
        - id: out
          title: Visit a site outside
          request: http://www.example.test/
          expect: { page: lab.http.body contains "outside" }
        - id: in
          title: Be visited through the port
          at: www
          program: &visit
            run: [curl, -s, --max-time, "100", -H, "Host: home.example.test", "http://gateway.net.example:8080/"]
            within: 120s
          expect: { page: lab.program.stdout contains "inside" }
        - id: out6
          title: Visit it by IPv6 as somebody else
          program:
            run: [curl, -s, --max-time, "100", -H, "Host: www.example.test", "http://[$world.www.address6]/"]
            within: 120s
          expect:
            page: lab.program.stdout contains "outside"
        - id: ping6
          title: Ping it by IPv6 with the system's own ping
          program:
            run: [ping, -6, -c, "1", -W, "100", $world.www.address6]
            within: 120s
          expect: { answer: lab.program.stdout contains "1 received" }
        - id: in6
          title: Be visited through the IPv6 port
          at: www
          program:
            run:
            - curl
            - -s
            - --max-time
            - "100"
            - -H
            - "Host: home.example.test"
            - "http://[$world.gateway.address6]:8080/"
            within: 120s
          expect: { page: lab.program.stdout contains "inside" }
        - id: hidden
          title: Ping it by IPv6, hidden
          ping: { to: $world.www.address6, count: 2, timeout: 60s }
          expect:
            answered: lab.ping.received == 2
        - id: beside
          title: Visit it from beside
          program: *visit
          expect: { page: lab.program.stdout contains "inside" }
        - id: refused
          title: Be refused from outside
          at: www
          ping: { to: $world.laptop.address6, count: 2 }
          expect:
            rule: lab.fate.node == gateway and lab.fate.rule == 5 and lab.fate.report == made
            place: lab.fate.place == "week2.yml:21"

        """

    @Test("the inside goes out, the port lets in, the rest is refused, and the report tells by which rule")
    func run() async throws {
        let lab = try EditedLab(lab: Self.lab)
        let outcome = try await lab.run([])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let told = "2 of 2 requests: gateway stopped it by rule 5 of its firewall (week2.yml:21), and gateway said so"
        #expect(outcome.output.contains(told), "\(outcome.output)")
        // Judged again elsewhere, from the evidence alone.
        let again = try JudgedRun(try await BuiltLab.run(["check", "week2", "--format", "json"], in: lab.folder))
        #expect(again.findings == [])
        #expect(again.troubles == [:])
    }
}
