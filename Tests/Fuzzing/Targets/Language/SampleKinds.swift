import LabModel
import LabSteps
import SupportQuestions
import WireSessions

/// Step kinds with fields of every type, named as those there are, so that labs read alike. The fuzzer's build has these in
/// place of `StepCatalog`, whose kinds bring engines and SwiftNIO with them: the loader knows kinds by their schemas alone.
/// The tests give the corpus to the kinds there are, too.
enum SampleKinds {
    private static let guide = StepGuide(why: "", example: "", pitfalls: [])

    private static func kind(
        _ name: String, _ fields: [PlanField], _ shorthand: String?, _ results: [ResultField], _ tables: [Table],
        isRepeatable: Bool = true
    ) -> StepSchema {
        StepSchema(
            name, "a kind", fields: fields, shorthand: shorthand, results: results, tables: tables,
            isRepeatable: isRepeatable, guide: guide)
    }

    private static func field(
        _ name: String, _ type: PlanType, required: Bool = false, default fallback: Value? = nil
    ) -> PlanField {
        PlanField(name, type, required: required, default: fallback, "a field")
    }

    private static func result(_ name: String, _ type: FieldType, list: Bool = false) -> ResultField {
        ResultField(name, type, list: list, "a result")
    }

    private static let family = field("family", .choice(["any", "ipv4", "ipv6"]), default: .string("any"))
    private static let within = field("within", .duration, default: .int(5_000_000_000))

    static let all: [StepSchema] = [
        kind(
            "capture", [field("interfaces", .list(.string), default: .list(["lo", "eth0"])), field("only", .string)],
            "interfaces", [result("file", .string)], [StepTables.capture], isRepeatable: false),
        kind(
            "decrypt",
            [field("capture", .string, required: true), field("keylog", .string), field("filter", .filter)],
            "capture", [result("capture", .string)], [FrameTable.table, ExchangeField.table, StreamField.table]),
        kind(
            "ping",
            [
                field("to", .string, required: true), field("count", .integer(1...1000), default: .int(3)),
                field("interval", .duration, default: .int(100_000_000)), field("size", .integer(0...65_000)),
                field("ttl", .integer(1...255)), field("fragment", .choice(["do", "want", "dont", "probe"])), family,
            ],
            "to", [result("address", .string), result("received", .unsigned)], [ProbeTables.ping, ProbeTables.probe]),
        kind(
            "program",
            [
                field("run", .list(.string), required: true),
                field("environment", .map(.string), default: .map([:])), within,
            ],
            "run", [result("exit", .unsigned)], [StepTables.program]),
        kind(
            "proxy",
            [
                field("listen", .port, default: .int(9000)),
                field("address", .string, default: .string("127.0.0.1")), field("keylog", .string),
            ],
            "listen",
            [
                result("endpoint", .string), result("port", .unsigned), result("address", .string),
                result("ca.sha256", .bytes), result("keylog", .string), result("client_randoms", .bytes, list: true),
            ],
            [StepTables.listen, StepTables.file], isRepeatable: false),
        kind(
            "request",
            [
                field("url", .string, required: true), field("pages", .list(.string), default: .list([])),
                field("via", .string, default: .string("system")), field("method", .string, default: .string("GET")),
                field("version", .choice(["auto", "1.1", "2"]), default: .string("auto")), family,
                field("save", .string), field("keylog", .string), within,
            ],
            "url",
            [result("code", .unsigned), result("file", .string), result("client_randoms", .bytes, list: true)],
            [ExchangeField.table, StepTables.certificate, StepTables.file]),
        kind(
            "resolve",
            [
                field("name", .string, required: true), family, field("type", .choice(["A", "AAAA", "PTR"])),
                field("server", .string),
            ],
            "name", [result("address", .string), result("value", .string)], [ProbeTables.name]),
        kind(
            "stop",
            [
                field("step", .step(["proxy", "capture"]), required: true),
                field("keys", .list(.string), default: .list([])), within,
            ],
            "step", [result("file", .string), result("exit", .unsigned)],
            [FrameTable.table, StepTables.program, StepTables.terminal, StepTables.listen], isRepeatable: false),
        kind(
            "system-proxy", [field("http", .string), field("https", .string), field("except", .list(.string))], nil,
            [], [StepTables.listen], isRepeatable: false),
        kind("tools", [field("names", .list(.string), required: true)], "names", [], [StepTables.file]),
        kind(
            "traceroute",
            [
                field("to", .string, required: true), field("protocol", .choice(["icmp", "udp"])),
                field("max_hops", .integer(1...255), default: .int(30)),
                field("mtu", .boolean, default: .bool(false)), family,
            ],
            "to", [result("path", .list), result("address", .string)], [ProbeTables.trace, ProbeTables.hop]),
        kind(
            "trust", [field("install", .string), field("remove", .string), field("name", .string)], nil,
            [result("name", .string)], [StepTables.certificate], isRepeatable: false),
        kind(
            "wait",
            [
                field("host", .string, default: .string("127.0.0.1")), field("port", .port, required: true),
                field("state", .choice(["open", "closed"]), default: .string("open")), within,
            ],
            "port", [], [StepTables.listen]),
    ]
}
