import Foundation
import SupportQuestions
import Testing

/// Which expressions Wireshark itself accepts, asked of the real tshark.
@Suite("The same expressions are accepted as by tshark")
struct TsharkComparisonTests {
    private static let accepted = [
        "tcp", "tcp.port == 80", "tcp.port==80", "tcp.port eq 80", "tcp.port === 80", "tcp.port !== 80",
        "tcp.port ~= 80",
        "tcp.port all_ne 80", "all tcp.port > 1024", "any tcp.port > 1024", "tcp.port in {80, 443, 8000..8999}",
        "tcp.port in { 80 .. 90 }", "tcp.port not in {80}", "frame.time_relative in {0.1..0.7}",
        "frame.time_relative < -1",
        "frame.time > \"2020-01-01 00:00:00\"", "frame.time > \"Jan 1, 2020 00:00:00\"", "ip.addr == 10.0.0.0/8",
        "ip.addr in {10.0.0.1, 10.0.0.0/8}", "ip.addr in {10.0.0.1..10.0.0.9}", "ip.src == ip.dst",
        "ip.src[0:2] == 0a:00",
        "eth.src[0:3] == 00:00:83", "eth.src == 00-11-22-33-44-55", "eth.src == 0011.2233.4455",
        "ipv6.addr == 2001:db8::/32",
        "tcp.flags.syn == 1", "tcp.flags.syn", "tcp.flags & 0x02 == 2", "tcp.srcport == udp.dstport + 1",
        "tcp.srcport == udp.dstport -1", "tcp.srcport == 070", "tcp.srcport == 0b101", "tcp.srcport == 'A'",
        "tcp.port == 80 || udp && ip", "tcp && !udp", "!!tcp", "((tcp))", "{tcp.port} == 80",
        "tcp.port == {80 + 1} * 2",
        "http.host == \"x\"", "http.host == x", "http.host contains 41:42", "http.host matches r\"\\d+\"",
        "http.host == \"\\x41\\u00e9\\101\"", "http.host[0:2,4-5] == \"abcd\"", "http.host[-3--1] == \"abc\"",
        "http.host [0] == \"a\"", "tcp.payload[0:3] == \"GET\"", "tcp.payload contains 5", "tcp.payload == 4745",
        "upper(http.host) == \"X\"", "len(http.host) > 5", "count(ip.addr) == 2", "string(ip.src) matches \"^1\"",
        "max(tcp.srcport, tcp.dstport) > 5", "min(tcp.srcport, 5) == 5", "abs(frame.time_relative) > 1",
        "icmp.type == 8", "tls.handshake.type == \"client hello\"", "tls.alert_message.desc == \"Unknown CA\"",
        "http.request.method in {GET, \"HEAD\"}", "dns.qry.name == \"x\"", "tcp.analysis.retransmission",
        "frame.len / 2 == 0", "frame.len+2 == 4", "frame.len == 1 + 2 * 3", "not all tcp.port > 1",
        "icmp.resptime > 1.5",
        "ip.src & 255.255.255.0 == 192.0.2.0", "frame.time_relative + 1 > 2", "tcp.port == tcp.flags.syn",
        "tcp.window_size_scalefactor == -1", "tls.handshake.random[0] == aa",
    ]

    private static let refused = [
        "tcp.port = 80", "tcp.port in {80 443}", "tcp.port in {}", "tcp.port in {80,}", "tcp.port in 80",
        "frame.time_relative in {0.1...7}", "frame.time_relative < 50ms", "frame.time_relative == 1e3",
        "ip.addr == 10.0.0",
        "ip.addr == 10.0.0.256", "ip.addr == \"10.0.0.1\"", "ip.src == tcp.port", "ip.addr contains 10",
        "ip.addr matches \"x\"",
        "eth.src == 00:11", "ipv6.addr == 10.0.0.1", "tcp.flags.syn == \"True\"", "tcp.flags.syn == yes", "5 == 5", "5",
        "\"x\"",
        "tcp.srcport == udp.dstport-1", "tcp.srcport == 65536", "tcp.srcport == 08", "tcp.srcport == 0x1G",
        "tcp.srcport == 1.5", "tcp.srcport == 'AB'", "tcp.srcport == \"80\"", "tcp.srcport == http",
        "tcp.srcport == 80a",
        "tcp or", "or tcp", "(tcp", "tcp)", "()", "(tcp.port) == 80", "tcp.port == (80)", "tcp udp", "tcp,udp",
        "http.host matches x", "http.host matches \"(\"", "http.host == \"\\q\"", "http.host == \"a",
        "http.host[] == \"a\"",
        "http.host[a] == \"a\"", "tcp.port[0] == 1", "upper(tcp.port) == \"X\"", "upper() == \"X\"",
        "foo(http.host) == \"X\"",
        "len(http.host)", "count(5) == 1", "UPPER(http.host) == \"X\"", "icmp.type == \"Echo (ping) request\"",
        "tls.handshake.type == \"Nope\"", "tls.alert_message.desc == unknown_ca",
        "tls.alert_message.desc contains \"CA\"",
        "tcp.analysis.retransmission == 1", "tcp.prot == 80", "TCP.port == 80", "tcp.port == 80 # comment",
        "frame.number in {\"foo\"}", "frame.len == 1_000", "http.content_length > 10MB", "http.response.code == 200.0",
        "http.host == tcp.port", "ip.src == ipv6.src", "tcp.payload == http.host", "frame.time_relative > frame.number",
        "frame.time_relative * 2 > 2", "ip.src + 1 == 192.0.2.2", "http.host + 1 == 2", "tcp.port GT 80", "tcp AND udp",
        "tcp.port IN {80}", "true", "all tcp", "all (tcp.port == 80)", "tcp.port == 80;", "tcp.port == 80 &&& udp",
        "tcp.port => 80", "tcp.port <> 80", "tcp.seq == 4294967296", "tcp.len-1 == 0", "tcp.port == $x", "",
    ]

    @Test("We accept what tshark accepts", arguments: accepted)
    func ours(accepts text: String) throws { _ = try compile(text).get() }

    @Test("We refuse what tshark refuses", arguments: refused)
    func ours(refuses text: String) {
        if case .success = compile(text) { Issue.record("accepted") }
    }

    @Test("The lists are tshark's own verdicts", .enabled(if: Tshark.path != nil, "tshark is not installed"))
    func theirs() throws {
        let tshark = try #require(try Tshark())
        defer { tshark.remove() }
        // A start of tshark takes half a second. What is accepted can be asked in one filter; of what is refused, a
        // part is asked. An empty filter is no filter to tshark.
        let all = Self.accepted.map { "(\($0))" }.joined(separator: " or ")
        #expect(try tshark.ask(all).status == 0)
        for (index, text) in Self.refused.enumerated() where index.isMultiple(of: 8) && !text.isEmpty {
            #expect(try tshark.ask(text).status == 2, "\(text)")
        }
    }

    // MARK: The same packets match

    /// The packet of `Tshark`, as rows hold it.
    private static let packet = TestTables.row(
        TestTables.frame,
        [
            ("frame.number", .unsigned(1)), ("frame.len", .unsigned(54)), ("frame.time", .time(1_000_000_000)),
            ("frame.time_relative", .duration(0)), ("frame.time_delta", .duration(0)),
            ("frame.time_epoch", .duration(1_000_000_000)), ("frame.protocols", .string("eth:ethertype:ip:tcp")),
            ("eth.src", .ether(0x0200_0000_0001)), ("ip", .label), ("ip.addr", .ipv4(0xC000_0201)),
            ("ip.addr", .ipv4(0xC000_0202)), ("ip.src", .ipv4(0xC000_0201)), ("ip.dst", .ipv4(0xC000_0202)),
            ("ip.proto", .unsigned(6)), ("ip.ttl", .unsigned(64)), ("ip.len", .unsigned(40)),
            ("ip.flags.df", .boolean(true)), ("tcp", .label), ("tcp.port", .unsigned(40_000)),
            ("tcp.port", .unsigned(443)), ("tcp.srcport", .unsigned(40_000)), ("tcp.dstport", .unsigned(443)),
            ("tcp.flags", .unsigned(2)), ("tcp.flags.syn", .boolean(true)), ("tcp.flags.ack", .boolean(false)),
            ("tcp.len", .unsigned(0)), ("tcp.seq", .unsigned(0)), ("tcp.stream", .unsigned(0)),
        ])

    private static let matching = [
        "tcp.port == 443", "tcp.port == 40000", "tcp.port != 80", "tcp.port !== 443", "all tcp.port > 400",
        "any tcp.port > 1000", "any tcp.port != 443", "not udp.dstport == 53", "udp.dstport not in {53}",
        "tcp.port not in {80}", "all tcp.port in {443 .. 50000}", "count(tcp.port) == 2", "max(tcp.port) == 40000",
        "min(tcp.srcport) == 40000", "len(ip.src) == 4", "ip.src[0] == c0", "ip.src[0:2] == c0:00",
        "ip.addr == 192.0.2.0/24", "all ip.addr == 192.0.2.0/24", "ip.addr >= 192.0.2.0/24", "tcp.flags & 2",
        "tcp.flags & 2 == 2", "tcp.flags & 3 == 2", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.ack == 0",
        "tcp.flags.syn == 1", "frame.len - 100 < 0", "frame.len % 7 == 5", "tcp.srcport == tcp.dstport + 39557",
        "tcp.port == tcp.srcport", "frame.time_relative == 0", "frame.time_relative + 1 == 1",
        "frame.time_epoch == 1", "frame.time == \"1970-01-01 00:00:01Z\"", "eth.src == 02:00:00:00:00:01",
        "eth.src[0:1] == 02", "eth.src contains 00:01", "string(tcp.port) == \"443\"",
        "string(ip.src) matches \"^192\"", "frame.protocols contains \"tcp\"", "frame.protocols matches \"TCP\"",
        "frame.protocols[0:3] == \"eth\"", "frame.protocols[-3:] == \"tcp\"",
        "upper(frame.protocols) contains \"TCP\"", "len(frame.protocols) > 5", "ip.len == 40 or udp and dns",
        "abs(frame.time_relative) == 0", "tcp.len + 1 == 1", "tcp.len == 0", "tcp.len", "tcp.len + 1",
        "ip.src & 255.255.255.0 == 192.0.2.0", "ip.src & 255.255.255.0", "tcp.port in {1 .. 500}",
        "tcp.srcport + tcp.dstport == 40443", "tcp.srcport == {tcp.dstport - 443} + 40000", "ip.ttl - 64 == 0",
        "tcp.dstport - 444 == -1", "tcp.dstport - 444 < 0",
    ]

    private static let notMatching = [
        "tcp.port != 443", "tcp.port === 443", "all tcp.port > 1000", "all tcp.port != 443", "all tcp.port == 443",
        "udp.dstport != 53", "udp.dstport !== 53", "tcp.port not in {443}", "all tcp.port not in {443}",
        "any tcp.port not in {443}", "count(udp.dstport) == 0", "max(tcp.port) == 443",
        "ip.addr > 192.0.2.0/24", "ip.addr != 192.0.2.0/24", "tcp.flags & 4", "frame.len - 100 > 0",
        "frame.len / 0 == 0", "tcp.port != tcp.srcport", "tcp.port === tcp.srcport", "tcp.srcport == -1",
        "frame.protocols contains \"TCP\"", "frame.protocols[100:2] == \"x\"", "tcp.srcport == '\\x41'",
        "not udp and dns", "not tcp.port == 80 and udp", "tcp.window_size_scalefactor == -1",
        "tcp.window_size_scalefactor < 0", "tcp.len * 1", "tcp.analysis.retransmission",
    ]

    @Test("What matches in Wireshark holds", arguments: matching)
    func ours(matches text: String) throws { #expect(try compile(text).get().evaluate(Self.packet)) }

    @Test("What does not match in Wireshark does not hold", arguments: notMatching)
    func ours(doesNotMatch text: String) throws { #expect(try !compile(text).get().evaluate(Self.packet)) }

    @Test("tshark matches the same", .enabled(if: Tshark.path != nil, "tshark is not installed"))
    func theirMatches() throws {
        let tshark = try #require(try Tshark())
        defer { tshark.remove() }
        let every = try tshark.ask(Self.matching.map { "(\($0))" }.joined(separator: " and "))
        #expect(every.status == 0)
        #expect(every.matches)
        let any = try tshark.ask(Self.notMatching.map { "(\($0))" }.joined(separator: " or "))
        #expect(any.status == 0)
        #expect(!any.matches)
    }
}
