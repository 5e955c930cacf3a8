import SupportDiagnostics
import SupportQuestions

/// Fields with Wireshark's names and types, enough for the questions of these tests.
enum TestTables {
    static let alerts: [String: UInt64] = ["Unknown CA": 48, "Bad Certificate": 42, "Certificate Unknown": 46]

    static let frame = Table(
        "frame", "a captured packet",
        fields: [
            Field("frame.number", .unsigned, "number", bits: 32), Field("frame.len", .unsigned, "length", bits: 32),
            Field("frame.time", .time, "when"), Field("frame.time_relative", .duration, "since the first"),
            Field("frame.time_delta", .duration, "since the last"), Field("frame.time_epoch", .duration, "since 1970"),
            Field("frame.protocols", .string, "protocols"), Field("frame.comment", .string, "comment"),
            Field("frame.interface_name", .string, "interface"), Field("eth.src", .ether, "source"),
            Field("ip", .label, "IPv4"), Field("ip.addr", .ipv4, "either address"), Field("ip.src", .ipv4, "source"),
            Field("ip.dst", .ipv4, "destination"), Field("ip.proto", .unsigned, "protocol", bits: 8),
            Field("ip.ttl", .unsigned, "hops left", bits: 8), Field("ip.len", .unsigned, "length", bits: 16),
            Field("ip.host", .string, "name"), Field("ip.flags.df", .boolean, "do not fragment"),
            Field("ipv6.addr", .ipv6, "either address"), Field("ipv6.src", .ipv6, "source"),
            Field("tcp", .label, "TCP"),
            Field("tcp.port", .unsigned, "either port", bits: 16), Field("tcp.srcport", .unsigned, "source", bits: 16),
            Field("tcp.dstport", .unsigned, "destination", bits: 16), Field("tcp.flags", .unsigned, "flags", bits: 16),
            Field("tcp.flags.syn", .boolean, "SYN"), Field("tcp.flags.ack", .boolean, "ACK"),
            Field("tcp.len", .unsigned, "payload", bits: 32), Field("tcp.seq", .unsigned, "sequence", bits: 32),
            Field("tcp.stream", .unsigned, "stream", bits: 32), Field("tcp.time_delta", .duration, "since the last"),
            Field("tcp.payload", .bytes, "payload"), Field("tcp.analysis.retransmission", .label, "sent again"),
            Field("tcp.window_size_scalefactor", .signed, "scale", bits: 32),
            Field("tcp.options.mss_val", .unsigned, "MSS", bits: 16), Field("udp", .label, "UDP"),
            Field("udp.dstport", .unsigned, "destination", bits: 16), Field("icmp", .label, "ICMP"),
            Field("icmp.type", .unsigned, "type", bits: 8), Field("icmp.resptime", .float, "milliseconds"),
            Field("icmp.resp_in", .unsigned, "answered in", bits: 32), Field("dns", .label, "DNS"),
            Field("dns.qry.name", .string, "name asked for"), Field("dns.flags.response", .boolean, "an answer"),
            Field("dns.a", .ipv4, "address"), Field("dns.count.answers", .unsigned, "answers", bits: 16),
            Field(
                "tls.handshake.type", .unsigned, "message", valueNames: ["Client Hello": 1, "Server Hello": 2], bits: 8),
            Field("tls.handshake.random", .bytes, "random"),
            Field("tls.alert_message.desc", .unsigned, "alert", valueNames: alerts, bits: 8),
            Field("http", .label, "HTTP"),
            Field("http.request", .boolean, "a request"), Field("http.request.method", .string, "method"),
            Field("http.host", .string, "host"), Field("http.server", .string, "server"),
            Field("http.response.code", .unsigned, "status", bits: 16),
            Field("http.content_length", .unsigned, "length"), Field("x509ce.dNSName", .string, "name"),
        ])

    static let exchange = Table(
        "exchange", "a request and its answer",
        fields: [
            Field("lab.http.code", .unsigned, "status"), Field("lab.http.body", .string, "body"),
            Field("lab.http.proxy", .string, "proxy"), Field("lab.http.size", .unsigned, "bytes of the body"),
            Field("lab.tls.root.sha256", .bytes, "fingerprint of the root"),
            Field("lab.http.time", .duration, "how long"),
        ])

    static let trace = Table(
        "trace", "one traceroute",
        fields: [Field("lab.trace.path", .list, "routers in order"), Field("lab.trace.hops", .unsigned, "hops")])

    static let hop = Table(
        "hop", "one hop",
        fields: [
            Field("lab.hop.ttl", .unsigned, "distance"), Field("lab.hop.addr", .ipv4, "who answered"),
            Field("lab.hop.rtt", .duration, "round trip"), Field("lab.hop.silent", .boolean, "no answer"),
        ])

    static func row(_ table: Table, _ values: [(String, FieldValue)]) -> Row {
        var row = Row()
        for (name, value) in values {
            if let slot = table.slot(of: name) { row.append(value, at: slot) }
        }
        return row
    }
}

/// Parses and compiles, or says why not.
func compile(
    _ text: String, _ tables: [Table] = [TestTables.frame], references: [String: QuestionReference] = [:],
    language: QuestionLanguage = .filter
) -> Result<CompiledQuestion, Diagnostics> {
    do {
        let question = try Question.parse(SourceText(text, name: "question"))
        return .success(
            try CompiledQuestion.compile(question, against: tables, references: references, language: language))
    } catch let error as Diagnostic {
        return .failure(Diagnostics([error]))
    } catch let error as Diagnostics {
        return .failure(error)
    } catch {
        return .failure(Diagnostics([]))
    }
}
