import EngineProbe
import LabModel
import SupportCrypto
import SupportLinux
import SupportQuestions
import Wire

/// A look-up by record type, asked of a server directly, as `dig` does it.
enum LookUp {
    static let types: [(name: String, type: DNSRecordType)] = [
        ("A", .a), ("AAAA", .aaaa), ("CNAME", .cname), ("PTR", .ptr), ("NS", .ns), ("SOA", .soa), ("ANY", .any),
    ]

    private static let artefact = "answer.json"

    /// What the server answered, as the artefact keeps it.
    private struct Answer: Codable {
        struct Record: Codable {
            var owner: String
            var type: String
            /// In seconds.
            var ttl: UInt32
            var value: String
        }

        var name: String
        var server: String
        var status: String
        var records: [Record]
    }

    static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let text = try plan.required("name")
        let type = types.first { $0.name == plan.string("type") }?.type ?? .a
        // An address is asked for by its reverse name (RFC 1035 §3.5).
        let name = type == .ptr ? IPAddress(text).map(\.reverseName) ?? text : text
        guard let question = DNSName(name) else { throw StepFailure(.lab, "`\(text)` is no name of the DNS") }
        guard let server = plan.string("server") ?? host.network.resolver, let address = IPAddress(server) else {
            throw StepFailure(
                .lab, "there is no server to ask", help: "give the world a `resolver`, or the step a `server`")
        }
        host.progress("asking \(server) for \(text)")
        let message: DNSMessage
        do {
            message = try await host.network.ask(question, type: type, of: address)
        } catch let error as ProbeError {
            return try ProbeFailure.outcome(error, host)
        }
        let records = message.answers.map { record in
            Answer.Record(
                owner: record.name.description, type: record.content.type.name, ttl: record.timeToLive,
                value: record.content.value)
        }
        let answer = Answer(name: text, server: server, status: message.code.name, records: records)
        try host.record(answer, as: artefact)
        let last = records.last.map { Value.string($0.value) }
        let addresses = records.filter { $0.type == "A" || $0.type == "AAAA" }.map { Value.string($0.value) }
        return StepOutcome(
            results: ["value": last, "address": addresses.first].compactMapValues { $0 },
            notes: ["\(text): \(answer.status)"] + records.map { "\($0.owner) \($0.ttl) \($0.type) \($0.value)" })
    }

    /// Nil where the step asked through the system's resolver.
    static func derive(_ evidence: StepEvidence) -> Derived? {
        guard let answer = evidence.json(Answer.self, artefact) else { return nil }
        func row(_ record: Answer.Record?) -> Row {
            var row = RowBuilder(ProbeTables.name)
            row.set("lab.dns.name", answer.name)
            row.set("lab.dns.status", answer.status)
            row.set("lab.dns.server", answer.server)
            guard let record else { return row.row }
            row.set("lab.dns.owner", record.owner)
            row.set("lab.dns.type", record.type)
            row.set("lab.dns.value", record.value)
            row.set("lab.dns.ttl", .duration(Int64(record.ttl) * 1_000_000_000))
            if record.type == "A" || record.type == "AAAA" {
                row.set("lab.dns.address", record.value)
                row.set("lab.dns.family", record.type == "A" ? "ipv4" : "ipv6")
            }
            return row.row
        }
        let rows = answer.records.isEmpty ? [row(nil)] : answer.records.map { row($0) }
        return Derived(
            tables: [TableRows(ProbeTables.name, rows, provenance: .attested)],
            explanations: answer.records.isEmpty
                ? ["\(answer.server) answered \(answer.status) and no record for `\(answer.name)`"] : [])
    }
}

extension DNSRecordType {
    fileprivate var name: String { LookUp.types.first { $0.type == self }?.name ?? "TYPE\(rawValue)" }
}

extension DNSMessage.ResponseCode {
    /// As `dig` writes it.
    fileprivate var name: String {
        switch self {
        case .noError: "NOERROR"
        case .formatError: "FORMERR"
        case .serverFailure: "SERVFAIL"
        case .nameError: "NXDOMAIN"
        case .notImplemented: "NOTIMP"
        case .refused: "REFUSED"
        default: "RCODE\(rawValue)"
        }
    }
}

extension DNSRecord.Content {
    fileprivate var value: String {
        switch self {
        case .a(let address): "\(address)"
        case .aaaa(let address): "\(address)"
        case .cname(let name), .ptr(let name), .ns(let name): name.description
        case .soa(let authority): "\(authority.primary) \(authority.serial)"
        case .other(_, let bytes): Hex.string(bytes)
        }
    }
}
