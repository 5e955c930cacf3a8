import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("Questions on rows")
struct EvaluationTests {
    private static let packet = TestTables.row(
        TestTables.frame,
        [
            ("frame.number", .unsigned(7)), ("frame.len", .unsigned(100)),
            ("frame.time_relative", .duration(50_000_000)),
            ("frame.time", .time(1_700_000_000_000_000_000)), ("eth.src", .ether(0x0200_0000_0001)), ("ip", .label),
            ("ip.addr", .ipv4(0xC000_0201)), ("ip.addr", .ipv4(0xCB00_7105)), ("ip.src", .ipv4(0xC000_0201)),
            ("ip.dst", .ipv4(0xCB00_7105)), ("tcp", .label), ("tcp.port", .unsigned(40_000)),
            ("tcp.port", .unsigned(443)),
            ("tcp.srcport", .unsigned(40_000)), ("tcp.dstport", .unsigned(443)), ("tcp.flags", .unsigned(0x12)),
            ("tcp.flags.syn", .boolean(true)), ("tcp.flags.ack", .boolean(false)),
            ("tcp.payload", .bytes([0x16, 0x03, 0x01, 0x00])), ("tcp.window_size_scalefactor", .signed(-1)),
            ("http.host", .string("Www.Exämple.test")), ("icmp.resptime", .float(1.5)),
            ("tls.alert_message.desc", .unsigned(48)),
            ("ipv6.addr", .ipv6(0x2001_0DB8_0000_0000, 1)),
        ])

    private func holds(_ text: String) throws -> Bool {
        try compile(text).get().evaluate(Self.packet)
    }

    @Test(
        "True of the packet",
        arguments: [
            "tcp", "tcp.port == 443", "tcp.port == 40000", "not udp", "tcp.port != 80", "tcp.port !== 443",
            "any tcp.port > 1000", "all tcp.port > 400", "tcp.port in {80, 400..500}", "ip.addr == 192.0.2.0/24",
            "ip.addr == 203.0.113.5", "all ip.addr !== 10.0.0.0/8", "ip.src < ip.dst", "eth.src == 02:00:00:00:00:01",
            "eth.src[0:1] == 02", "tcp.flags & 0x02", "tcp.flags & 0x12 == 0x12", "tcp.flags.syn == 1",
            "tcp.flags.syn == True", "not tcp.flags.ack == 1", "tcp.flags.ack", "tcp.payload[0:3] == 16:03:01",
            "tcp.payload contains 03:01", "tcp.payload[-1:] == 00", "http.host contains \"Ex\"",
            "http.host matches \"^www\"",
            "http.host ~ r\"\\.test$\"", "http.host[0:3] == \"Www\"", "http.host[5] == \"x\"", "http.host[6] == \"ä\"",
            "lower(http.host) contains \"www.ex\"", "upper(http.host) == \"WWW.EXÄMPLE.TEST\"", "len(http.host) == 17",
            "count(tcp.port) == 2", "max(tcp.port) == 40000", "min(tcp.srcport, tcp.dstport) == 443",
            "string(tcp.dstport) == \"443\"", "string(ip.src) matches \"^192\"",
            "abs(tcp.window_size_scalefactor) == 1",
            "tcp.window_size_scalefactor == -1", "tcp.window_size_scalefactor < 0",
            "tcp.srcport == {tcp.dstport + 39557}",
            "frame.len % 7 == 2", "frame.len / 3 == 33", "frame.len - 200 == -100", "frame.len * 2 > 150",
            "frame.time_relative < 0.1", "frame.time_relative == 0.05", "frame.time_relative + 1 > 1",
            "frame.time > \"2023-11-14 22:13:19\"", "frame.time == \"Nov 14, 2023 22:13:20\"", "icmp.resptime > 1",
            "icmp.resptime == 1.5", "tls.alert_message.desc == \"Unknown CA\"",
            "tls.alert_message.desc in {42, 46, 48}",
            "ipv6.addr == 2001:db8::/32", "ipv6.addr == 2001:db8::1", "1 < frame.number < 9", "tcp xor udp",
            "udp or tcp and ip", "(udp or tcp) and ip", "not (udp or icmp)", "tcp.port not in {80, 8080}",
            "tcp.port == 443 or udp.dstport == 53", "not udp.dstport == 53", "tcp.dstport == '\\xbb' + 256",
            "ip.src & 255.255.255.0 == 192.0.2.0", "frame.number == 0x7", "frame.number == 07", "frame.number == 0b111",
        ])
    func holding(_ text: String) throws { #expect(try holds(text)) }

    @Test(
        "Not true of the packet",
        arguments: [
            "udp", "tcp.port == 80", "tcp.port === 443", "tcp.port != 443", "all tcp.port > 1000",
            "all tcp.port in {443}",
            // A relation on an absent field does not hold, whatever the relation.
            "udp.dstport == 53", "udp.dstport != 53", "udp.dstport !== 53", "all udp.dstport != 53",
            "dns.qry.name contains \"\"",
            "udp.dstport in {0..65535}", "count(udp.dstport) == 0", "udp.dstport + 1 > 0", "tcp.srcport == udp.dstport",
            "tcp.flags.ack == 1", "tcp.flags & 0x04", "http.host contains \"ex\"", "http.host == \"www.exämple.test\"",
            "tcp.payload[4:1] == 00", "tcp.payload[9] == 00", "frame.len / 0 == 0", "frame.len % 0 == 0", "tcp xor ip",
            "http.host matches \"(a*)*b\"", "not tcp", "tcp.port not in {443}",
        ])
    func failing(_ text: String) throws { #expect(try !holds(text)) }

    @Test("A pattern that explodes ends at the limit")
    func catastrophe() throws {
        let question = try compile("http.host matches \"^(a+)+$\"").get().bound()
        let row = TestTables.row(TestTables.frame, [("http.host", .string(String(repeating: "a", count: 5000) + "!"))])
        #expect(!question.holds(on: row))
    }

    @Test("Only the fields of the question are needed")
    func slots() throws {
        let question = try compile("tcp.port == 443 and not http.host contains \"x\" or len(http.host) > 3").get()
        #expect(question.slots.map { question.table.fields[$0].name } == ["tcp.port", "http.host"])
    }

    @Test(
        "Whole numbers of both kinds compare by value",
        arguments: [
            (FieldValue.signed(-1), "> 5", false), (.signed(-1), "< 5", true), (.unsigned(.max), "> -1", true),
            (.signed(.min), "< 0", true), (.float(2.5), "> 2", true), (.boolean(true), "== 1", true),
        ])
    func mixed(_ value: FieldValue, _ relation: String, _ expected: Bool) throws {
        let question = try compile("frame.number \(relation)").get()
        #expect(try question.evaluate(TestTables.row(TestTables.frame, [("frame.number", value)])) == expected)
    }
}
