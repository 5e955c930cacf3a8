import EngineProbe
import LabModel
import SupportQuestions
import Wire

/// `traceroute`: finds the routers on the way to a host.
package enum TracerouteKind: HostStepKind {
    package static let schema = StepSchema(
        "traceroute", "finds the routers on the way to a host",
        fields: [
            PlanField("to", .string, required: true, "the name or address"),
            PlanField(
                "protocol", .choice(["icmp", "udp", "tcp"]), default: .string("icmp"),
                "what the probes are: echo requests, datagrams to unlikely ports, or connection attempts"),
            PlanField(
                "port", .integer(1...65_535), "where UDP or TCP probes go to; otherwise 33434 and up, or 80"),
            PlanField("max_hops", .integer(1...255), default: .int(30), "the longest way to try"),
            PlanField("probes", .integer(1...10), default: .int(3), "probes for each distance"),
            PlanField("first", .integer(1...255), default: .int(1), "the distance to begin at"),
            PlanField(
                "flows", .choice(["one", "each", "all"]), default: .string("one"),
                "which ways are looked at where routers spread packets: `one` keeps to one, `each` lets every probe take its own, `all` looks "
                    + "for all"),
            PlanField(
                "mtu", .boolean, default: .bool(false), "whether the largest packet that gets through is looked for"),
            PlanField("family", .choice(["any", "ipv4", "ipv6"]), default: .string("any"), "the address family"),
        ],
        shorthand: "to",
        results: [
            ResultField("path", .list, "the nodes on the way"),
            ResultField("address", .string, "the address that was traced"),
        ],
        tables: [ProbeTables.trace, ProbeTables.hop, FateRows.table],
        guide: .traceroute)

    package static let watchesFates = true
    package static let isDerivedAlone = true

    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? {
        let method = try? plan["protocol"]?.resolve([:])
        return method?.string == "tcp" ? "opens TCP connections" : nil
    }

    private static let artefact = "traceroute.json"

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let target = try plan.required("to")
        var configuration = TracerouteConfiguration()
        configuration.method = plan.string("protocol").flatMap { .init(rawValue: $0) } ?? .icmp
        configuration.port = plan.int("port").flatMap { UInt16(exactly: $0) }
        configuration.maximumHops = plan.int("max_hops") ?? 30
        configuration.probesPerHop = plan.int("probes") ?? 3
        configuration.firstHop = min(plan.int("first") ?? 1, configuration.maximumHops)
        configuration.flows = plan.string("flows").flatMap { TracerouteConfiguration.Flows(rawValue: $0) } ?? .one
        configuration.findsMTU = plan.bool("mtu") ?? false
        configuration.family = ProbeFamily.read(plan)
        do {
            let result = try await host.network.trace(target, configuration)
            try host.record(result, as: artefact)
            try host.record(host.facts.nodes, as: "nodes.json")
            let path = TracePath.names(result, nodes: host.facts.nodes)
            return StepOutcome(
                results: ["path": .list(path.map { .string($0) }), "address": .string("\(result.address)")],
                notes: ["\(target) (\(result.address)): \(path.joined(separator: " → "))"])
        } catch let error as ProbeError {
            return try ProbeFailure.outcome(error, host)
        }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let result = evidence.json(TracerouteResult.self, artefact) else {
            return ProbeFailure.derive(evidence, in: ProbeTables.trace, field: "lab.trace.error")
        }
        let nodes = evidence.json([String: String].self, "nodes.json") ?? [:]
        let path = TracePath.names(result, nodes: nodes)
        var trace = RowBuilder(ProbeTables.trace)
        trace.set("lab.trace.name", result.target)
        trace.set("lab.trace.address", "\(result.address)")
        trace.set("lab.trace.reached", result.reached)
        trace.set("lab.trace.hops", number: path.count)
        trace.set("lab.trace.path", .list(path.map { .string($0) }))
        trace.set("lab.trace.mtu", number: result.pathMTU)
        trace.set("lab.trace.mode", result.mode.rawValue)
        let hops = result.rows.map { probe in
            let isFirst = result.rows.first { $0.timeToLive == probe.timeToLive } == probe
            let hints = isFirst ? (result.hints ?? []).filter { $0.timeToLive == probe.timeToLive } : []
            var row = RowBuilder(ProbeTables.hop)
            row.set("lab.hop.ttl", number: probe.timeToLive)
            row.set("lab.hop.probe", number: probe.probe)
            row.set("lab.hop.addr", probe.address.map { "\($0)" })
            row.set("lab.hop.name", probe.address.flatMap { nodes["\($0)"] })
            row.set("lab.hop.rtt", probe.roundTrip.map { .duration($0) })
            row.set("lab.hop.outcome", probe.outcome.rawValue)
            row.set("lab.hop.star", probe.star?.rawValue)
            row.set("lab.hop.icmp.type", number: probe.icmpType)
            row.set("lab.hop.icmp.code", number: probe.icmpCode)
            row.set("lab.hop.mtu", number: probe.mtu)
            row.set("lab.hop.return_hops", number: probe.returnHops)
            row.set("lab.hop.rewritten", probe.rewritten.map { .list($0.map { .string($0.rawValue) }) })
            if !hints.isEmpty { row.set("lab.hop.hints", .list(hints.map { .string($0.kind.rawValue) })) }
            row.set("lab.hop.labels", probe.labels.map { .list($0.map { .unsigned(UInt64($0)) }) })
            row.set("lab.hop.interface", probe.interface)
            row.set("lab.hop.flow", number: probe.flow)
            return row.row
        }
        let sent = Dictionary(result.rows.map { ($0.timeToLive, 1) }, uniquingKeysWith: +)
        let (fates, story) = FateRows.derive(evidence, target: result.address, of: .byTTL(sent))
        return Derived(
            tables: [
                TableRows(ProbeTables.trace, [trace.row], provenance: .attested),
                TableRows(ProbeTables.hop, hops, provenance: .attested), fates,
            ],
            explanations: result.reached
                ? [] : ["the target did not answer; the way was " + path.joined(separator: " → ")],
            story: story)
    }
}

/// The way of a traceroute, node by node.
enum TracePath {
    /// The name, or the address, of who answered first at each distance; `*` where nobody did. Who says that a probe is
    /// too large stands before that distance.
    static func names(_ result: TracerouteResult, nodes: [String: String]) -> [String] {
        var path: [String] = []
        for row in result.rows.sorted(by: { ($0.timeToLive, $0.probe) < ($1.timeToLive, $1.probe) })
        where row.outcome != .packetTooBig {
            let index = Int(row.timeToLive) - 1
            while path.count <= index { path.append("*") }
            if path[index] == "*", let from = row.address { path[index] = nodes["\(from)"] ?? "\(from)" }
        }
        while path.last == "*" { path.removeLast() }
        return path
    }
}
