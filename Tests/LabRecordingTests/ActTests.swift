import LabRecording
import Testing

@Suite("What command lines did") struct ActTests {
    private func act(_ line: String, after lines: [String] = []) -> Act {
        var reader = ActReader()
        for line in lines { _ = reader.read(line) }
        return reader.read(line)
    }

    private func request(_ url: String, _ change: (inout Act.Request) -> Void = { _ in }) -> Act {
        var request = Act.Request(url: url)
        change(&request)
        return .request(request)
    }

    @Test("web clients ask for pages")
    func web() {
        #expect(act("curl -sS https://a.test/") == request("https://a.test/"))
        #expect(act("curl a.test/x") == request("http://a.test/x"))
        #expect(act("curl -x http://127.0.0.1:9000/ a.test") == request("http://a.test") { $0.via = "127.0.0.1:9000" })
        #expect(act("curl -so f.pem http://m/p") == request("http://m/p") { $0.save = "f.pem" })
        #expect(act("curl -O http://m/p.pem") == request("http://m/p.pem") { $0.save = "p.pem" })
        #expect(
            act("curl --http2 --noproxy '*' https://a/")
                == request("https://a/") { ($0.version, $0.via) = ("2", "none") })
        #expect(act("wget -qO- http://a/") == request("http://a/"))
        // What a step cannot do as curl did it stays curl's.
        #expect(act("curl -k https://a/") == .program(["curl", "-k", "https://a/"]))
        #expect(act("curl -d x=1 https://a/") == .program(["curl", "-d", "x=1", "https://a/"]))
    }

    @Test("probes and look-ups")
    func probes() {
        #expect(act("ping -c3 192.0.2.1") == .ping(target: "192.0.2.1", count: 3, family: "any"))
        #expect(act("lab ping -6 -c 2 a.test") == .ping(target: "a.test", count: 2, family: "ipv6"))
        #expect(act("traceroute -I a.test") == .trace(target: "a.test", method: "icmp", family: "any"))
        #expect(act("tracepath a.test") == .trace(target: "a.test", method: "udp", family: "any"))
        #expect(act("lab traceroute a.test") == .trace(target: "a.test", method: "icmp", family: "any"))
        #expect(
            act("lab traceroute --watch --interval 0.5 a.test")
                == .trace(target: "a.test", method: "icmp", family: "any"))
        #expect(
            act("dig +short a.test AAAA @192.0.2.53")
                == .resolve(.init(name: "a.test", type: "AAAA", server: "192.0.2.53")))
        #expect(act("dig -x 192.0.2.1") == .resolve(.init(name: "192.0.2.1", type: "PTR")))
        #expect(act("getent ahostsv4 a.test") == .resolve(.init(name: "a.test", family: "ipv4")))
        #expect(act("host a.test") == .resolve(.init(name: "a.test")))
    }

    @Test("services, settings and what works on their files")
    func services() {
        #expect(act("lab proxy --headless &") == .proxy(port: 9000, address: "127.0.0.1", keylog: nil))
        #expect(act("mitmdump -p 9001 &") == .proxy(port: 9001, address: "127.0.0.1", keylog: nil))
        #expect(
            act("lab proxy", after: ["export SSLKEYLOGFILE=/tmp/keys.txt"])
                == .proxy(port: 9000, address: "127.0.0.1", keylog: "keys.txt"))
        #expect(
            act("export http_proxy=http://127.0.0.1:9000 https_proxy=http://127.0.0.1:9000")
                == .setting(http: "127.0.0.1:9000", https: "127.0.0.1:9000"))
        #expect(act("unset https_proxy") == .setting(http: nil, https: "none"))
        #expect(act("lab trust install ca.pem") == .trust(file: "ca.pem"))
        #expect(act("tcpdump -i lo -w f.pcap &") == .capture(interfaces: ["lo"], file: "f.pcap"))
        #expect(
            act("lab decrypt f.pcapng --keylog k -Y 'http || http2'")
                == .decrypt(file: "f.pcapng", keylog: "k", filter: "http || http2"))
        #expect(act("kill %1") == .stop)
    }

    @Test("all else is a program, what changes nothing is nothing")
    func rest() {
        #expect(act("cd /tmp") == .nothing)
        #expect(act("X=1") == .nothing)
        #expect(act("nmap -sn a") == .program(["nmap", "-sn", "a"]))
        #expect(act("A=1 nmap") == .program(["env", "A=1", "nmap"]))
        #expect(act("a | b") == .program(["bash", "-c", "a | b"]))
    }

    @Test("the log of the hook is read, whatever is in it")
    func log() {
        let log =
            "B\0" + "1.000001\0   12  curl a\0" + "E\0" + "1.500000\0" + "6\0" + "E\0" + "2.000000\0" + "0\0junk\0B\0"
            + "3,000000\0    13  sleep 9\0"
        let commands = RecordedCommand.read(Array(log.utf8), isNumbered: true, end: 9_000_000_000)
        #expect(
            commands == [
                RecordedCommand(line: "curl a", began: 1_000_001_000, ended: 1_500_000_000, status: 6),
                RecordedCommand(line: "sleep 9", began: 3_000_000_000, ended: 9_000_000_000, status: nil),
            ])
        #expect(RecordedCommand.read([0xFF, 0, 0, 0x42, 0], isNumbered: false, end: 1).isEmpty)
    }

    @Test("words that will stay are told from those that change")
    func words() {
        func phrase(_ text: String, _ values: [String] = []) -> String? {
            StableWords.phrase(in: Array(text.utf8), avoiding: values)
        }
        #expect(phrase("<h1>Welcome to the example shop</h1> at 10:31") == "Welcome to the example shop")
        #expect(phrase("Mon Nov 23 10:24:31 UTC 2026") == nil)
        #expect(phrase("id=a1b2c3d4 x9") == nil)
        #expect(phrase("your token is kwertz here", ["kwertz"]) == "your token is")
        #expect(phrase("\"quoted\" \\back $name") == nil)
    }
}
