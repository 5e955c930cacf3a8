import LabModel
import LabSteps
import LabTestSupport
import Testing

/// Rows come from artefacts alone.
@Suite("Deriving rows")
struct DeriveTests {
    @Test("a request gives its exchanges, with bodies from their files and a root only where the chain was verified")
    func request() throws {
        let random = String(repeating: "ab", count: 32)
        let tls = #""tls":{"version":"TLSv1.3","cipher":"c","clientRandom":"\#(random)"}"#
        let common = #""method":"GET","host":"h","path":"/","bodyLength":5,"isVerified":false,"duration":7000000"#
        let step = try Artefacts(
            "request", plan: ["url": "https://h/"],
            [
                "step/exchanges.jsonl": """
                {"url":"https://h/",\(common),"code":200,"proxy":"127.0.0.1:9000","body":"evidence/step/body-1.bin",\
                "headers":[{"name":"Content-Type","value":"text/html"}],\(tls)}
                {"url":"https://h/",\(common),"headers":[],"error":"certificate-untrusted","errorText":"refused","alert":48}
                this line is damaged

                """, "step/body-1.bin": "hello",
            ])
        let tables = step.derived.tables
        #expect(
            tables.values("exchange", "lab.http.code", "lab.http.proxy", "lab.http.content_type", "lab.http.error") == [
                ["200", "127.0.0.1:9000", "text/html", "-"], ["-", "-", "-", "certificate-untrusted"],
            ])
        #expect(
            tables.values("exchange", "lab.http.body", "lab.http.time", "lab.tls.alert", "lab.tls.root.sha256") == [
                ["68:65:6c:6c:6f", "7ms", "-", "-"], ["-", "7ms", "48", "-"],
            ])
        #expect(step.derived.explanations == ["refused"])
        #expect(step.derived.columns["client_randoms"] == [.string(random)])
    }

    @Test("a body outside the run folder is not read")
    func outside() throws {
        let step = try Artefacts(
            "request",
            [
                "step/exchanges.jsonl": """
                {"url":"http://h/","method":"GET","host":"h","path":"/","headers":[],"bodyLength":1,"isVerified":false,\
                "duration":1,"body":"../../../../etc/hostname"}

                """
            ])
        #expect(step.derived.tables.values("exchange", "lab.http.body") == [["-"]])
    }

    @Test("proxy events become flows and handshakes of the step's time, and columns of the proxy's randoms")
    func proxy() throws {
        func handshake(_ leg: String, at time: Int, _ random: String) -> String {
            #"{"event":"handshake","at":\#(time),"connection":1,"leg":"\#(leg)","peer":{"address":"127.0.0.1","port":1},"#
                + #""host":"h","port":443,"tls":{"version":"TLSv1.3","cipher":"c","sni":"h","client_random":"\#(random)"}}"#
        }
        let events = [
            handshake("client", at: 99, "01"), handshake("client", at: 100, "02"), handshake("server", at: 200, "03"),
            #"{"event":"handshake-failure","at":150,"connection":2,"leg":"client","client":{"address":"127.0.0.1","#
                + #""port":2},"host":"h","port":443,"sni":"h","reason":"alert","alert":48,"text":"not trusted","#
                + #""alert_name":"unknown_ca"}"#, "damaged",
        ].joined(separator: "\n")
        let step = try Artefacts(
            "proxy", plan: ["keylog": "keys.txt"],
            [
                "step/events.jsonl": events, "step/keys.txt": "", "step/modes.json": #"{"keys.txt":384}"#,
                "step/listen.json": #"{"port":9000,"address":"127.0.0.1","isOpen":true,"greeting":""}"#,
            ])
        #expect(step.derived.columns["client_randoms"] == ["01", "02"])
        #expect(step.derived.columns["server_randoms"] == ["03"])
        #expect(step.derived.tables.values("file", "lab.file.name", "lab.file.mode") == [["keys.txt", "384"]])
        #expect(
            step.derived.tables.values("listen", "lab.listen.port", "lab.listen.open", "lab.listen.greeting") == [
                ["9000", "True", "-"]
            ])
        let rows = ProxyRecords.rows(of: ["step"], during: step.evidence)
        #expect(
            rows.values("handshake", "lab.handshake.leg", "lab.handshake.ok", "lab.handshake.alert") == [
                ["client", "True", "-"], ["server", "True", "-"], ["client", "False", "48"],
            ])
        #expect(rows.values("flow", "lab.flow.host") == [])
    }

    @Test("the site's log gives the visits of the step's time")
    func visits() throws {
        func visit(_ time: Int, _ address: String) -> String {
            #"{"time":\#(time),"site":"h","host":"h","clientAddress":"\#(address)","method":"GET","path":"/","#
                + #""version":"1.1","status":200}"#
        }
        let step = try Artefacts(
            "ping",
            [
                "sites.jsonl": [visit(99, "192.0.2.1"), visit(100, "192.0.2.2"), visit(200, "2001:db8::3")]
                    .joined(separator: "\n")
            ])
        let rows = TableRows(SharedTables.visit, VisitRecords.rows(during: step.evidence), provenance: .attested)
        #expect(
            [rows].values("visit", "lab.visit.client.addr", "lab.visit.client.addr6") == [
                ["192.0.2.2", "-"], ["-", "2001:db8::3"],
            ])
    }

    @Test("trust is what the store held, whatever the step says")
    func trust() throws {
        let step = try Artefacts(
            "trust",
            [
                "step/trust.json": #"{"name":"x","sha256":"\#(String(repeating: "00", count: 32))"}"#,
                "step/ca-certificates.crt": "no certificate at all",
            ])
        #expect(step.derived.tables.values("trust", "lab.trust.name", "lab.trust.installed") == [["x", "False"]])
    }

    @Test("tools, settings, programs and terminals")
    func small() throws {
        let tools = try Artefacts(
            "tools", ["step/tools.json": #"[{"name":"lab","path":"/bin/lab"},{"name":"curl","path":null}]"#])
        #expect(
            tools.derived.tables.values("tool", "lab.tool.name", "lab.tool.found") == [
                ["lab", "True"], ["curl", "False"],
            ])
        let setting = try Artefacts(
            "system-proxy", ["step/settings.json": #"[{"name":"http_proxy","value":null}]"#])
        #expect(
            setting.derived.tables.values("setting", "lab.setting.name", "lab.setting.present") == [
                ["http_proxy", "False"]
            ])
        let program = try Artefacts(
            "program",
            ["step/exit.json": #"{"name":"curl","exit":60}"#, "step/stdout.txt": "", "step/stderr.txt": "no"])
        #expect(
            program.derived.tables.values("program", "lab.program.exit", "lab.program.stderr") == [["60", "6e:6f"]])
        let stop = try Artefacts(
            "stop",
            ["step/exit.json": #"{"name":"lab proxy","exit":0}"#, "step/terminal.raw": "\u{1B}[2JQuit? \u{1B}[1my"])
        #expect(stop.derived.tables.values("program", "lab.program.exit") == [["0"]])
        #expect(stop.derived.tables.values("terminal", "lab.terminal.text") == [["Quit? y"]])
    }

    @Test("a ping answers only by the target itself; a failure is told in its words")
    func ping() throws {
        func ping(_ row: String, received: Int) throws -> Artefacts {
            try Artefacts(
                "ping",
                [
                    "step/ping.json": """
                    {"address":"192.0.2.21","mode":"datagram-icmp","rows":[\(row)],"size":56,"target":"ghost",\
                    "strays":[],"summary":{"corrupted":0,"duplicates":0,"errors":0,"foreign":0,"late":0,"longest_loss":1,\
                    "loss_percent":0,"loss_runs":1,"received":\(received),"reordered":0,"sent":1}}
                    """
                ])
        }
        let silent = try ping(#"{"outcome":"timeout","sent_ns":1,"sequence":1}"#, received: 0)
        #expect(silent.derived.tables.values("probe", "lab.probe.answered", "lab.probe.addr") == [["False", "-"]])
        #expect(silent.derived.explanations == ["ghost (192.0.2.21) answered none of 1 echo requests"])
    }

    @Test("who reports instead of the target is told by name")
    func reported() throws {
        let row = #"{"from":"198.18.0.3","mtu":1400,"outcome":"packet-too-big","sent_ns":1,"sequence":1}"#
        let step = try Artefacts(
            "ping",
            [
                "step/ping.json": """
                {"address":"192.0.2.21","mode":"datagram-icmp","rows":[\(row)],"size":1472,"target":"far","strays":[],\
                "summary":{"corrupted":0,"duplicates":0,"errors":1,"foreign":0,"late":0,"longest_loss":1,\
                "loss_percent":100,"loss_runs":1,"received":0,"reordered":0,"sent":1}}
                """, "step/nodes.json": #"{"198.18.0.3":"r3"}"#,
            ])
        #expect(
            step.derived.tables.values("probe", "lab.probe.answered", "lab.probe.name", "lab.probe.mtu") == [
                ["False", "r3", "1400"]
            ])
        #expect(
            step.derived.explanations == [
                "far (192.0.2.21) answered none of 1 echo requests; 1 × packet-too-big (MTU 1400) from r3"
            ])
    }

    @Test("who says that a probe is too large does not stand at the distance that it did not reach")
    func tooLarge() throws {
        func hop(_ ttl: Int, _ probe: Int, _ address: String, _ outcome: String) -> String {
            #"{"address":"\#(address)","outcome":"\#(outcome)","probe":\#(probe),"ttl":\#(ttl)}"#
        }
        let rows = [
            hop(1, 1, "198.18.0.1", "time-exceeded"), hop(2, 1, "198.18.0.1", "packet-too-big"),
            hop(2, 2, "198.18.0.2", "time-exceeded"),
        ].joined(separator: ",")
        let step = try Artefacts(
            "traceroute",
            [
                "step/traceroute.json": """
                {"address":"203.0.113.80","flows":"one","max_hops":30,"method":"icmp","stars":[],"mode":"datagram-icmp",\
                "path":[],"reached":false,"size":60,"rows":[\(rows)],"target":"www"}
                """, "step/nodes.json": #"{"198.18.0.1":"r1","198.18.0.2":"r2"}"#,
            ])
        #expect(step.derived.tables.values("trace", "lab.trace.path") == [["[r1, r2]"]])
    }

    @Test(
        "what could not be sent leaves its reason and nothing else",
        arguments: [
            ("ping", "ping", "lab.ping"), ("traceroute", "trace", "lab.trace"), ("resolve", "name", "lab.dns"),
        ])
    func notSent(kind: String, table: String, prefix: String) throws {
        let failed = try Artefacts(kind, ["step/failure.json": #""there is no such name""#])
        #expect(
            failed.derived.tables.values(table, prefix + ".error", prefix + ".address", prefix + ".name")
                == [["there is no such name", "-", "-"]])
        #expect(failed.derived.explanations == ["there is no such name"])
    }

    @Test("the way of a traceroute is told by names, gaps by stars, the end by the last answer")
    func traceroute() throws {
        func hop(_ ttl: Int, _ address: String?) -> String {
            let from = address.map { #""address":"\#($0)","rtt_ns":1000000,"# } ?? ""
            return #"{\#(from)"outcome":"\#(address == nil ? "timeout" : "time-exceeded")","probe":1,"ttl":\#(ttl)}"#
        }
        let step = try Artefacts(
            "traceroute",
            [
                "step/traceroute.json": """
                {"address":"203.0.113.80","flows":"one","max_hops":30,"method":"icmp","stars":[],"mode":"datagram-icmp","path":[],"reached":false,"size":60,\
                "rows":[\(hop(1, "198.18.0.1")),\(hop(2, nil)),\(hop(3, "198.18.0.3")),\(hop(4, nil))],"target":"www"}
                """, "step/nodes.json": #"{"198.18.0.1":"r1"}"#,
            ])
        #expect(
            step.derived.tables.values("trace", "lab.trace.path", "lab.trace.hops", "lab.trace.reached") == [
                ["[r1, *, 198.18.0.3]", "3", "False"]
            ])
        #expect(
            step.derived.tables.values("hop", "lab.hop.ttl", "lab.hop.name", "lab.hop.rtt") == [
                ["1", "r1", "1ms"], ["2", "-", "-"], ["3", "-", "1ms"], ["4", "-", "-"],
            ])
    }

    @Test("what answers give away stands on the first row of its distance, what was rewritten on its own")
    func hints() throws {
        func hop(_ ttl: Int, _ probe: Int, _ rewritten: String = "") -> String {
            #"{"address":"198.18.0.\#(ttl)","outcome":"time-exceeded","probe":\#(probe),\#(rewritten)"ttl":\#(ttl)}"#
        }
        let rows = [hop(1, 1), hop(2, 1), hop(2, 2, #""rewritten":["source"],"#)].joined(separator: ",")
        let hints = [
            #"{"kind":"address-translation","ttl":2,"evidence":"x"}"#,
            #"{"kind":"return-path","ttl":2,"evidence":"y"}"#,
        ].joined(separator: ",")
        let step = try Artefacts(
            "traceroute",
            [
                "step/traceroute.json": """
                {"address":"203.0.113.80","flows":"one","max_hops":30,"method":"icmp","stars":[],"mode":"raw-icmp","path":[],\
                "reached":false,"size":60,"rows":[\(rows)],"hints":[\(hints)],"target":"www"}
                """
            ])
        #expect(
            step.derived.tables.values("hop", "lab.hop.ttl", "lab.hop.hints", "lab.hop.rewritten") == [
                ["1", "-", "-"], ["2", "[address-translation, return-path]", "-"], ["2", "-", "[source]"],
            ])
    }

    @Test(
        "artefacts that are missing or damaged give no rows, and no kind traps on them",
        arguments: StepCatalog.schemas.map(\.name))
    func nothing(kind: String) throws {
        let missing = try Artefacts(kind, [:]).derived
        #expect(missing.tables.flatMap(\.rows).isEmpty)
        let names = [
            "exchanges.jsonl", "events.jsonl", "trust.json", "tools.json", "settings.json", "exit.json", "ping.json",
            "traceroute.json", "listen.json", "addresses.json", "running.json", "failure.json", "modes.json",
        ]
        for text in ["", "{", "[]", "{}", "null", "[{}]", "\u{0}\u{1}", #"{"port":-1,"exit":99999999999999999999}"#] {
            let files = Dictionary(uniqueKeysWithValues: names.map { ("step/" + $0, text) })
            _ = try Artefacts(kind, plan: ["capture": "evidence/step/exit.json"], files).derived
        }
    }
}
