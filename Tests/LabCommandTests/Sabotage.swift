import LabTestSupport
import Testing

/// A way to spoil week 2, and what every check must then say.
struct Sabotage: Sendable, CustomTestStringConvertible {
    /// Checks that come out alike, and words that each of their reasons must hold, with `…` for what differs.
    struct Group: Sendable {
        let outcome: String
        let words: String
        let checks: [String]

        static func failed(_ words: String, _ checks: String...) -> Group {
            Group(outcome: "failed", words: words, checks: checks)
        }

        static func blocked(_ words: String, _ checks: String...) -> Group {
            Group(outcome: "blocked", words: words, checks: checks)
        }
    }

    let name: String
    let edits: [EditedLab.Edit]
    /// All checks that must not pass; every other one must.
    let groups: [Group]

    var testDescription: String { name }

    var expected: [String: String] {
        Dictionary(
            groups.flatMap { group in group.checks.map { ($0, group.outcome) } },
            uniquingKeysWith: { first, _ in first })
    }

    // MARK: The ways

    static let all = [
        wrongKeyLog, keyLogOfOtherProxy, noAuthority, otherAuthority, otherPort, otherToken, routerRemoved, nameMissing,
        stoppedTooEarly,
    ]

    static let wrongKeyLog = Sabotage(
        name: "the key log of an earlier session",
        edits: [
            .replace("  proxy: { listen: $port }\n", with: "  proxy: { listen: $port, keylog: first.txt }\n"),
            .replace("keylog: $again.keylog, filter", with: "keylog: $mitm.keylog, filter"),
        ],
        groups: [
            .failed(
                "belongs to another session or another hop", "opened.http1", "opened.http2", "opened.plain",
                "opened.client-leg", "opened.site-leg", "opened.compressed", "opened.chunked", "opened.direct"),
            .blocked("its control `opened.plain` did not pass", "captured.readable"),
            .blocked("its control `opened.client-leg` did not pass", "closed.token"),
        ])

    static let keyLogOfOtherProxy = Sabotage(
        name: "the key log of the other proxy",
        edits: [
            .replace(
                "address: $world.relay.address }\n", with: "address: $world.relay.address, keylog: relay.txt }\n"),
            .replace("keylog: $again.keylog, filter", with: "keylog: $campus.keylog, filter"),
        ],
        groups: [
            .failed(
                "the key log is empty", "opened.http1", "opened.http2", "opened.plain", "opened.client-leg",
                "opened.site-leg", "opened.compressed", "opened.chunked", "opened.direct"),
            .blocked("its control `opened.plain` did not pass", "captured.readable"),
            .blocked("its control `opened.client-leg` did not pass", "closed.token"),
        ])

    /// What comes of a client that does not trust the proxy's certificate.
    private static let untrusted: [Group] = [
        .failed("was refused: unable to get local issuer", "browse.page", "browse.chain", "browse.flow"),
        .failed("found 60", "curl.page"),
        .failed("no flow was seen", "curl.flow"),
        .blocked("its control `browse.page` did not pass", "refused.page"),
        .blocked("its control `browse.flow` did not pass", "refused.flow"),
    ]

    /// What comes of nothing having been read through the second proxy.
    private static let unread: [Group] = [
        .failed("was refused: unable to get local issuer", "read.first", "read.second", "read.third"),
        .failed("does not hold: absent", "opened.http1", "opened.plain"),
        .failed("`lab.http.path == \"/compressed\"` does not hold: found \"/\"", "opened.compressed"),
        .failed("`lab.http.path == \"/stream\"` does not hold: found \"/\"", "opened.chunked"),
        .blocked("`$again.client_randoms` is empty", "opened.client-leg"),
        // The proxy has reached the site before its client refused; only the direct connection carried the page.
        .failed("`lab.tls.client_random in {… does not hold: found ", "opened.site-leg"),
        .blocked("its control `opened.plain` did not pass", "captured.readable"),
        .blocked("its control `opened.client-leg` did not pass", "closed.token"),
    ]

    static let noAuthority = Sabotage(
        name: "the proxy's certificate is never installed", edits: [.cut(from: "- id: trust\n", to: "- id: browse\n")],
        groups: untrusted + unread)

    static let otherAuthority = Sabotage(
        name: "the certificate of another proxy is installed",
        edits: [
            .move(from: "- id: campus\n", to: "- id: hidden\n", before: "- id: fetch\n"),
            .replace("http://mitm.it/cert/pem, save:", with: "http://mitm.it/cert/pem, via: $campus, save:"),
        ],
        groups: untrusted + unread + [
            .failed("`lab.certificate.sha256 == … does not hold: found ", "fetch.authority"),
            .failed("`lab.trust.sha256 == … does not hold: found ", "trust.installed"),
        ])

    static let otherPort = Sabotage(
        name: "the proxy listens on another port than its clients were told",
        edits: [
            .replace("  proxy: { listen: $port }\n", with: "  proxy: { listen: 9001 }\n"),
            .replace(
                "{ http: $mitm, https: $mitm }", with: "{ http: \"127.0.0.1:$port\", https: \"127.0.0.1:$port\" }"),
        ],
        groups: unread + [
            .failed("`lab.listen.port == 9000` does not hold: found 9001", "mitm.listening", "quit.free"),
            .failed("`lab.setting.value contains \"127.0.0.1:9001\"` does not hold", "setting.http", "setting.https"),
            .failed(
                "Nothing listens on 127.0.0.1:9000", "refused.refused", "refused.alert", "refused.told",
                "onboarding.page", "onboarding.flow", "fetch.offered", "fetch.authority", "browse.page",
                "browse.chain", "browse.flow"),
            .failed("`$fetch.file` has no value", "trust.installed"),
            .failed("found 7", "curl.page"),
            .failed("no flow was seen", "curl.flow"),
            .blocked("its control `browse.page` did not pass", "refused.page"),
            .blocked("its control `browse.flow` did not pass", "refused.flow"),
            .blocked("`$mitm.server_randoms` is empty", "seen.proxied", "seen.direct"),
        ])

    static let otherToken = Sabotage(
        name: "the site's pages hold another token",
        edits: [
            .replace("number is $token", with: "number is 000000", in: EditedLab.campus),
            .replace("number $token", with: "number 000000", in: EditedLab.campus),
        ],
        groups: [
            .failed(
                "`lab.http.body contains … does not hold: found \"", "direct.page", "browse.page", "hidden.page",
                "read.first", "read.second", "read.third", "http2.page", "opened.client-leg", "opened.site-leg",
                "opened.compressed", "opened.chunked", "opened.direct"),
            .failed("`lab.program.stdout contains … does not hold: found \"", "curl.page"),
            .failed("`http.file_data contains … does not hold: found \"", "opened.plain"),
            .blocked("its control `browse.page` did not pass", "refused.page"),
            .blocked("its control `opened.plain` did not pass", "captured.readable"),
            .blocked("its control `opened.client-leg` did not pass", "closed.token"),
        ])

    static let routerRemoved = Sabotage(
        name: "a router is removed, its links joined",
        edits: [
            .replace("r4, r5, r6, r7", with: "r4, r6, r7", in: EditedLab.campus),
            .replace("- { between: [r4, r5], delay: 1ms }\n", with: "", in: EditedLab.campus),
            .replace("[r5, r6], delay: 1ms", with: "[r4, r6], delay: 2ms", in: EditedLab.campus),
        ],
        groups: [
            .failed("does not hold: found 8", "trace-address.reached", "trace-name.last"),
            .failed("found [r1, r2, r3, r4, r6, r7, r8, www]", "trace-address.way", "trace-name.way"),
        ])

    static let nameMissing = Sabotage(
        name: "a name is missing from DNS",
        edits: [.replace("  www.example.test: { host: www, family: ipv4 }\n", with: "", in: EditedLab.campus)],
        groups: [
            .failed(
                "There is no address for the name www.example.test", "direct.page", "direct.certificate",
                "direct.hello", "direct.log", "http2.page"),
            .failed("found 502", "browse.page", "browse.flow", "curl.flow", "hidden.page"),
            .failed("`lab.program.stdout contains … does not hold: found \"", "curl.page"),
            .failed(
                "is not known to the resolver", "names.address", "ping-name.all", "trace-name.way", "trace-name.third",
                "trace-name.last"),
            .failed("no visit was seen", "hidden.log"),
            .failed(
                "`lab.http.body contains … does not hold: found \"", "read.first", "read.second", "read.third",
                "opened.client-leg", "opened.compressed", "opened.chunked"),
            .failed("`tcp.dstport == 443` does not hold: found 9000", "opened.http1"),
            .failed("`http2.headers.path == \"/\"` does not hold: absent", "opened.http2"),
            .failed("`http.file_data contains … does not hold: found \"", "opened.plain"),
            .blocked("its control `browse.page` did not pass", "refused.page"),
            .blocked("its control `browse.flow` did not pass", "refused.flow"),
            .blocked("its control `direct.log` did not pass", "hidden.laptop"),
            .blocked("`$mitm.server_randoms` is empty", "seen.proxied", "seen.direct"),
            .blocked("`$again.server_randoms` is empty", "opened.site-leg", "opened.direct"),
            .blocked("its control `opened.plain` did not pass", "captured.readable"),
            .blocked("its control `opened.client-leg` did not pass", "closed.token"),
        ])

    static let stoppedTooEarly = Sabotage(
        name: "the capture is stopped before anybody browses",
        edits: [.move(from: "- id: captured\n", to: "- id: opened\n", before: "- id: read\n")],
        groups: [
            .failed(
                "the capture holds no packets", "captured.sealed", "opened.http1", "opened.http2", "opened.plain",
                "opened.client-leg", "opened.site-leg", "opened.compressed", "opened.chunked", "opened.direct",
                "closed.sealed"),
            .blocked("its control `opened.plain` did not pass", "captured.readable"),
            .blocked("its control `opened.client-leg` did not pass", "closed.token"),
        ])
}
