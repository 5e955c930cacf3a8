import LabModel

/// A run of something like week 2 in which everything happens that reports must show.
enum Sample {
    static let start: Int64 = 1_795_413_932_000_000_000

    static let record = record(steps: [
        tools, outside, mitm, refused, browse, keys, far, dead, http3,
    ])

    static func record(steps: [StepResult], findings: [String] = [], credit: Credit = .run) -> RunRecord {
        RunRecord(
            id: "20261123T060532Z-3fa9c1",
            lab: .init(
                name: "week2", title: "mitmproxy and ICMP", file: "lab/week2.yml",
                judgingDigest: "sha256:5b1e9b1f0c7e4b0a9d4f3a5e8c2d7160", textDigest: "sha256:90cc21a7744f2e1db0aa16f5"),
            runner: .init(version: "lab 0.1.0", kernel: "Linux 6.18.5"), student: "Ada Lovelace", seed: 42,
            credit: credit, startedAt: start, finishedAt: start + 6_240_000_000,
            sessions: [.init(startedAt: start, finishedAt: start + 6_240_000_000, actor: .runner)],
            capabilities: ["namespaces": true, "raw_sockets": true, "http3": false],
            variables: ["port": 9000, "site": "www.example.test"],
            chain: .init(events: 412, head: "a94f3c0be1"), steps: steps, findings: findings)
    }

    static let tools = step(
        "tools", "The tools are there", section: "Proxy servers", kind: "tools", took: 41,
        notes: ["curl 7.88.1, openssl 3.0.17, ping and traceroute"],
        checks: [check("tools", "found", "lab.tool.missing == 0", ["lab.tool.missing == 0": "0"], points: 1, line: 12)])

    static let outside = step(
        "outside", "Visit mitm.it without the proxy", section: "Proxy servers", kind: "request", took: 118,
        task: "Open http://mitm.it and read what it says.",
        explain: "Only a proxy can answer for this name. *Without* one, a real site at that address tells you so: "
            + "look for `not passing through` in the page.\n\n- the name is real\n- the page is not yours\n\n"
            + "Read [the manual](https://docs.mitmproxy.org/stable/) later.",
        byHand: [.init(tool: "curl", command: "curl http://mitm.it/")],
        notes: ["200 OK from 203.0.113.80, 1432 bytes, without TLS"],
        checks: [
            check(
                "outside", "answered", "http.response.code == 200", ["http.response.code == 200": "200"], points: 1,
                line: 21),
            check(
                "outside", "says-no", "lab.http.body contains \"not passing through\"",
                [
                    "lab.http.body contains \"not passing through\"":
                        "<html> … traffic is not passing through mitmproxy …"
                ],
                points: 1, line: 22),
        ], evidence: ["evidence/outside/response.http", "evidence/capture.pcapng"])

    static let mitm = step(
        "mitm", "Start the proxy on port 9000", section: "Proxy servers", kind: "proxy", took: 263,
        byHand: [
            .init(tool: "lab", command: "lab proxy --listen-port 9000"),
            .init(tool: "mitmproxy", command: "mitmproxy --listen-port 9000"),
        ],
        notes: ["listening on 127.0.0.1:9000"],
        checks: [
            check(
                "mitm", "listening", "lab.listen.port == 9000", ["lab.listen.port == 9000": "9000"], points: 2, line: 31
            )
        ])

    static let refused = step(
        "refused", "Be refused by your own browser", section: "Proxy servers", kind: "request", took: 402,
        task: "Visit https://www.example.test through the proxy, before anybody trusts its authority.",
        explain:
            "The proxy answers with a certificate of its own making. Nobody has told this machine to trust who signed it.",
        byHand: [.init(tool: "curl", command: "curl -x http://127.0.0.1:9000 https://www.example.test/")],
        hints: [
            "Who issued the certificate that the browser shows?", "Nobody it trusts. The next two steps change that.",
        ],
        notes: ["CONNECT www.example.test:443 200", "GET / 200, 5120 bytes, over TLS 1.3"],
        checks: [
            CheckResult(
                name: "refused.alert", step: "refused", check: "alert", polarity: "expect",
                question: "tls.alert_message.desc in {42, 46, 48} and tcp.dstport == 9000", verdict: .failed,
                provenance: .recomputed, points: 0, maxPoints: 3,
                reason:
                    "No alert was sent: the client accepted the proxy's certificate, so it trusts that authority already.",
                terms: [
                    .init(
                        text: "tls.alert_message.desc in {42, 46, 48}", field: "tls.alert_message.desc", found: "",
                        holds: false),
                    .init(text: "tcp.dstport == 9000", field: "tcp.dstport", found: "9000", holds: true),
                ], table: "frame", rows: 31, file: "lab/week2.yml", line: 41, column: 14,
                display: """
                    error[check.failed]: none of 31 rows of `frame` is as expected
                      --> lab/week2.yml:41:19
                       |
                    41 |     alert: { is: "tls.alert_message.desc in {42, 46, 48} and tcp.dstport == $port", points: 3 }
                       |                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ absent on every row
                       |
                       = note: nearest was row 7 of 31
                    """),
            CheckResult(
                name: "refused.page", step: "refused", check: "page", polarity: "forbid",
                question: "lab.http.body contains \"K7-ORCHID\"", verdict: .failed, provenance: .recomputed, points: 0,
                maxPoints: 1, reason: "The page was got, and the lab says it must not be.",
                terms: [
                    .init(
                        text: "lab.http.body contains $token", field: "lab.http.body",
                        found: "found <p>Your token: K7-ORCHID</p>", holds: true)
                ], table: "exchange", rows: 1, file: "lab/week2.yml", line: 43, column: 11,
                display: """
                    error[check.forbidden]: this must not be seen, but an exchange shows it
                      --> lab/week2.yml:43:11
                       |
                    43 |     page: { is: lab.http.body contains $token, control: browse.page }
                       |                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ found <p>Your token: K7-ORCHID</p>
                       |
                       = note: that is `lab.http.body contains "K7-ORCHID"`
                    """),
        ], evidence: ["evidence/refused/trace.txt", "evidence/capture.pcapng"])

    static let browse = step(
        "browse", "Browse again, through the proxy", section: "Proxy servers", kind: "request", took: 0,
        status: .blocked, reason: "waiting on `refused`: the client trusts that authority already",
        checks: [
            pending(
                "browse", "page", .blocked, "waiting on `refused`: the client trusts that authority already", points: 5,
                line: 52),
            pending(
                "browse", "chain", .blocked, "waiting on `refused`: the client trusts that authority already",
                points: 2, line: 53),
        ])

    static let keys = step(
        "keys", "Open the captured traffic with the key log", section: "Decrypting SSL traffic", kind: "decrypt",
        took: 890,
        notes: ["412 packets, 9 streams, 7 opened with 14 secrets"],
        checks: [
            check(
                "keys", "inside", "lab.http.body contains \"K7-ORCHID\" and tls.handshake.random == $flow.random",
                ["lab.http.body contains \"K7-ORCHID\"": "<p>Your token: K7-ORCHID</p>"], points: 4, line: 77)
        ], evidence: ["evidence/capture.pcapng", "evidence/sslkeylogfile.txt"])

    static let far = step(
        "far", "Trace the way to www.example.test", section: "ICMP", kind: "traceroute", took: 3_320, waited: 2_000,
        notes: (1...8).map { "hop \($0): r\($0) 198.51.100.\($0), \($0 * 2).1 ms" } + [
            "hop 9: www 203.0.113.80, 18.4 ms"
        ],
        checks: [
            check(
                "far", "way", "lab.trace.path == [r1, r2, r3, r4, r5, r6, r7, r8, www]",
                ["lab.trace.path == [r1, …, www]": "r1, …, www"], points: 3, line: 95),
            pending("far", "third", .machine, "the kernel gave no receive time for hop 3", points: 2, line: 96),
        ])

    static let dead = step(
        "dead", "Ping a host that is not there", section: "ICMP", kind: "ping", took: 0, status: .notDone,
        checks: [pending("dead", "silent", .notDone, "", points: 1, line: 103)])

    static let http3 = step(
        "http3", "See HTTP/3 in the capture", section: "ICMP", kind: "request", took: 0, status: .notOffered,
        reason: "needs HTTP/3, which this curl was built without",
        checks: [pending("http3", "seen", .machine, "", points: 0, line: 110)])

    static func step(
        _ id: String, _ title: String, section: String, kind: String, took milliseconds: Int64, waited: Int64 = 0,
        status: StepResult.Status = .done, reason: String = "", task: String = "", explain: String = "",
        byHand: [StepResult.ByHand] = [], hints: [String] = [], notes: [String] = [], checks: [CheckResult],
        evidence: [String] = []
    ) -> StepResult {
        StepResult(
            id: id, title: title, section: section, kind: kind, host: "laptop", task: task, explain: explain,
            byHand: byHand, hints: hints, status: status, reason: reason, startedAt: status == .done ? start : 0,
            duration: milliseconds * 1_000_000, waited: waited * 1_000_000, checks: checks,
            results: id == "mitm" ? ["port": 9000] : [:], notes: notes, evidence: evidence)
    }

    static func check(
        _ step: String, _ name: String, _ question: String, _ terms: KeyValuePairs<String, String>, points: Double,
        line: Int
    ) -> CheckResult {
        CheckResult(
            name: "\(step).\(name)", step: step, check: name, polarity: "expect", question: question, verdict: .passed,
            provenance: .recomputed, points: points, maxPoints: points, reason: "",
            terms: terms.map {
                .init(text: $0.key, field: String($0.key.prefix { $0 != " " }), found: $0.value, holds: true)
            },
            table: "exchange", rows: 3, file: "lab/week2.yml", line: line, column: 15,
            display: "   --> lab/week2.yml:\(line):15\n    |\n \(line) |     \(name): \(question)\n    |     ^")
    }

    static func pending(
        _ step: String, _ name: String, _ cause: Cause, _ reason: String, points: Double, line: Int
    ) -> CheckResult {
        CheckResult(
            name: "\(step).\(name)", step: step, check: name, polarity: "expect", question: "lab.hop.ttl == 3",
            verdict: .inconclusive, cause: cause, provenance: .attested, points: 0, maxPoints: points, reason: reason,
            table: "", rows: 0, file: "lab/week2.yml", line: line, column: 9, display: "")
    }
}
