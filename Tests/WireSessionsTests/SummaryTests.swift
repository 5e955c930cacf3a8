import Testing
import WireSessions

@Suite("Each frame has a line for people")
struct SummaryTests {
    private func summaries(_ name: String) -> [String] {
        CaptureFixture(name).read().summaries.map { "\($0.protocolName): \($0.info)" }
    }

    @Test("a tunnel with TLS inside")
    func tunnel() {
        let lines = summaries("tunnel")
        #expect(lines.contains("HTTP: CONNECT www.example.test:8443 HTTP/1.1"))
        #expect(lines.contains("TLS: Client Hello (SNI=www.example.test)"))
        #expect(
            lines.contains(
                "TLSv1.3: Server Hello, Change Cipher Spec, Encrypted Extensions, Certificate, Certificate Verify, Finished"
            ))
        #expect(lines.contains("HTTP: GET / HTTP/1.1"))
        #expect(lines.contains("TLSv1.3: Alert (Level: Warning, Description: close_notify)"))
    }

    @Test("HTTP/2, echoes, errors and questions")
    func others() {
        #expect(summaries("h2").contains("HTTP2: HEADERS[1]: GET /"))
        let network = summaries("network")
        #expect(network.contains("ICMP: Destination unreachable (Port unreachable)"))
        #expect(network.contains { $0.hasPrefix("DNS: Standard query 0x") && $0.hasSuffix(" A www.example.test") })
        #expect(network.contains { $0.hasPrefix("ICMPv6: Echo (ping) reply id=0x") && $0.contains("hop limit=64") })
    }

    @Test("a line has the columns of tshark, and nothing in it can steer a terminal")
    func line() {
        var summary = FrameSummary(
            number: 7, time: 1_234_567_890, source: "192.0.2.1", destination: "198.51.100.9", protocolName: "HTTP",
            length: 99, info: "GET /\u{1B}[2J\u{202E} HTTP/1.1")
        #expect(
            summary.line
                == "    7   1.234567    192.0.2.1 → 198.51.100.9 HTTP     99 GET /\u{FFFD}[2J\u{FFFD} HTTP/1.1")
        summary.time = -5000
        #expect(summary.line.contains("-0.000005"))
    }
}
