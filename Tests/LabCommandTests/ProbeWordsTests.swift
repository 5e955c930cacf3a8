import ArgumentParser
import Testing

@testable import LabCommand

@Suite("The words of a probe, read without the parser")
struct ProbeWordsTests {
    /// What the declared command makes of the words; nil where it refuses them.
    private func declared(ping words: [String]) -> PingRequest? { (try? PingCommand.parse(words))?.request }
    private func declared(traceroute words: [String]) -> TracerouteRequest? {
        (try? TracerouteCommand.parse(words))?.request
    }

    /// What is read must be what is declared; what is declared wrong must not pass, or not be valid.
    private func compare(ping words: [String]) {
        let declared = declared(ping: words)
        guard let read = ProbeWords.ping(words[...]) else { return }
        if (try? read.validate()) == nil {
            #expect(declared == nil, "\(words)")
        } else {
            #expect(read == declared, "\(words)")
        }
    }

    private func compare(traceroute words: [String]) {
        let declared = declared(traceroute: words)
        guard let read = ProbeWords.traceroute(words[...]) else { return }
        if (try? read.validate()) == nil {
            #expect(declared == nil, "\(words)")
        } else {
            #expect(read == declared, "\(words)")
        }
    }

    @Test(
        "usual command lines of ping are understood, and mean what is declared",
        arguments: [
            "127.0.0.1", "-q -c 1 127.0.0.1 127.0.0.2", "-c5 -i0.2 -s 100 -t 4 -W .5 -w10 a.example.test",
            "host -c 1 other -q", "-I eth0 -M do -p ff00 -f ::1", "-A -D -n -4 10.0.0.0/30", "-Ieth0 -6 ::1",
            "--format json -c 1 host", "--format=atlas -c 1 host", "-t4 -c4 -i4 -s4 -w4 -W4 host", "-Mdont host",
            "-c +3 host", "-i 1e-2 host", "-p 0 host", "-I -c host", "-pff host", "-If host",
        ])
    func usualPings(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        compare(ping: words)
        if line != "-I -c host" { #expect(ProbeWords.ping(words[...]) != nil) }
    }

    @Test(
        "usual command lines of traceroute are understood, and mean what is declared",
        arguments: [
            "127.0.0.1", "-n 127.0.0.1", "-U -f 2 -m 9 -q1 -w 0.5 -N 16 -s40 -p 500 host", "-I -i eth0 -4 host",
            "-T -p443 host", "host -n -e", "--mtu host", "--classic host", "--all-ways -6 host", "--format svg host",
            "--format=json -n host", "-ieth0 host", "-m4 -f4 host", "-p6 -U host",
        ])
    func usualTraces(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        compare(traceroute: words)
        #expect(ProbeWords.traceroute(words[...]) != nil)
    }

    @Test(
        "what is unusual or wrong is left to the parser",
        arguments: [
            "", "-h host", "--help", "--version", "-c", "-c -5 host", "-c five host", "-c 1 -c 2 host", "-qn host",
            "-c=5 host", "--form json host", "--format host", "--format= host", "--format yaml host", "-- host",
            "- host",
            "-4 -6 host", "--generate-completion-script bash", "-x host", "--formats json host", "-t 256 host",
            "-é host",
            "--no-such host", "-q=1 host", "--format json --format json host", "-q -q host", "--=x host", "---x host",
        ])
    func leftAlone(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        #expect(ProbeWords.ping(words[...]) == nil)
        #expect(ProbeWords.traceroute(words[...]) == nil)
    }

    @Test(
        "other usage of traceroute is left to the parser",
        arguments: ["a b", "-n", "--watch a", "-c 3 a", "--interval 1 a"])
    func otherTraces(line: String) {
        #expect(ProbeWords.traceroute(line.split(separator: " ").map(String.init)[...]) == nil)
    }

    @Test("whatever the words, what is read is what is declared, or is left to the parser")
    func anyWords() {
        let pieces = [
            "a", "10.0.0.0/30", "::1", "-c", "1", "-c3", "-i", "0.5", "-i.5", "-s", "64", "-t", "9", "-W", "-w2", "-M",
            "do",
            "-Mwant", "-p", "ff", "-pzz", "-f", "-A", "-D", "-n", "-q", "-I", "lo", "-4", "-6", "--format", "json",
            "--format=text", "--mtu", "--classic", "--all-ways", "-U", "-T", "-e", "-m", "-m8", "-N", "-N4", "-nq", "-",
            "--",
            "-1", "=", "-c=1", "--format=", "--watch", "-w", "0", "1e400", "nan", "-é",
        ]
        var state: UInt64 = 4
        func random(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for _ in 0..<400 {
            let words = (0..<(1 + random(5))).map { _ in pieces[random(pieces.count)] }
            compare(ping: words + (random(2) == 0 ? ["host"] : []))
            compare(traceroute: words + (random(2) == 0 ? ["host"] : []))
        }
    }
}
