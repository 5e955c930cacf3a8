import Foundation
import LabTestSupport
import Testing

@Suite("lab ping and lab traceroute")
struct ProbeCommandTests {
    private func lab(_ words: String...) async throws -> RealTool.Outcome { try await BuiltLab.run(words, in: "/") }

    @Test("targets that answer are summed up, one in the classic lines, several in one line each")
    func answers() async throws {
        let one = try await lab("ping", "-c2", "-i0.01", "-W", "30", "127.0.0.1")
        #expect(one.status == 0)
        #expect(one.output.hasPrefix("PING 127.0.0.1 (127.0.0.1) 56 data bytes, by "))
        #expect(one.output.contains("2 packets transmitted, 2 received, 0% packet loss\nrtt min/avg/max/mdev = "))
        let several = try await lab("ping", "-q", "-c", "1", "-W", "30", "127.0.0.0/30", "127.0.0.7")
        #expect(several.status == 0)
        #expect(
            several.output.split(separator: "\n").map { $0.prefix(40) }.allSatisfy {
                $0.contains(" : xmt/rcv/%loss = 1/1/0%")
            })
        #expect(several.output.split(separator: "\n").count == 3)
    }

    @Test("results are JSON, ours or RIPE Atlas'")
    func formats() async throws {
        let own = try await lab("ping", "-c", "1", "-W", "30", "--format", "json", "127.0.0.1")
        let report = try JSONSerialization.jsonObject(with: Data(own.outputBytes)) as? [String: Any]
        #expect(report?["format"] as? String == "lab-ping/1")
        let atlas = try await lab("ping", "-c", "1", "-W", "30", "--format", "atlas", "127.0.0.1")
        let results = try JSONSerialization.jsonObject(with: Data(atlas.outputBytes)) as? [[String: Any]]
        #expect(results?.first?["rcvd"] as? Int == 1)
    }

    @Test(
        "wrong usage says what was expected",
        arguments: [
            (["-p", "xyz"], "-p takes up to 16 bytes in hexadecimal"), (["-4", "-6"], "exclude one another"),
            (["-A", "-f"], "each sets the pace"), (["-c", "0"], "sends 1 to 1000000000 requests, not 0"),
            (["-W", "0"], "-W takes seconds"), (["-i", "-1"], "-i"), (["10.0.0.0/8"], "too many addresses"),
            (["10.0.0.0/99"], "is no block of addresses"), (["-I", "no-such-interface"], "This host cannot send from"),
        ])
    func usage(words: [String], sentence: String) async throws {
        let outcome = try await BuiltLab.run(["ping"] + words + ["127.0.0.1"], in: "/")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }

    @Test("a trace by connection attempts tells its method, and takes one method only")
    func connectionAttempts() async throws {
        let trace = try await lab(
            "traceroute", "-n", "-T", "-p", "9", "-q", "1", "-w", "30", "--format", "json", "127.0.0.1")
        #expect(trace.status == 0, "\(trace.errors)")
        let result = try JSONSerialization.jsonObject(with: Data(trace.outputBytes)) as? [String: Any]
        #expect(["method", "mode"].allSatisfy { result?[$0] as? String == "tcp" })
        #expect(result?["flows"] as? String == "each" && result?["size"] as? Int == 0)
        #expect(result?["path"] as? [String] == ["127.0.0.1"])
        for other in ["-U", "--all-ways", "--mtu"] {
            #expect(try await lab("traceroute", "-T", other, "127.0.0.1").status == 64)
        }
    }

    @Test("hosts before and behind options are asked in the order of the words")
    func order() async throws {
        let outcome = try await lab(
            "ping", "127.0.0.9", "-q", "-W", "30", "-c", "1", "127.0.0.4", "127.0.0.2/31", "127.0.0.8", "127.0.0.1")
        #expect(outcome.status == 0)
        let hosts = outcome.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(hosts == ["127.0.0.9", "127.0.0.4", "127.0.0.2", "127.0.0.3", "127.0.0.8", "127.0.0.1"])
    }

    @Test("what is wrong with one of many hosts, and help, name the whole command")
    func whole() async throws {
        let wrong = try await lab("ping", "-c", "1", "127.0.0.1", "127.0.0.2", "10.0.0.0/99", "127.0.0.3")
        #expect(wrong.status == 64)
        #expect(wrong.errors.contains("'10.0.0.0/99' is no block of addresses"))
        #expect(wrong.errors.contains("Usage: lab ping"))
        for probe in ["ping", "traceroute"] {
            let help = try await lab(probe, "--help")
            #expect(help.status == 0)
            #expect(help.output.contains("USAGE: lab \(probe)"))
        }
    }

    @Test("a name that is none is an error of its own, and the others are asked all the same")
    func unknownName() async throws {
        let outcome = try await lab("ping", "-q", "-c", "1", "-W", "30", "127.0.0.1", "no name")
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("127.0.0.1 : xmt/rcv/%loss = 1/1/0%"))
        #expect(outcome.errors.contains("'no name'"))
    }
}
