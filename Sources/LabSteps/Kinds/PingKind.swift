import EngineProbe
import LabModel
import SupportQuestions
import Wire

/// `ping`: sends echo requests to a host and waits for its replies.
package enum PingKind: HostStepKind {
    package static let schema = StepSchema(
        "ping", "sends ICMP echo requests and waits for the replies",
        fields: [
            PlanField("to", .string, required: true, "the name or address"),
            PlanField("count", .integer(1...1000), default: .int(3), "how many requests"),
            PlanField("interval", .duration, default: .int(100_000_000), "the time between two of them"),
            PlanField(
                "timeout", .duration, default: .int(1_000_000_000),
                "how long to wait for a reply; what comes afterwards is late"),
            PlanField("size", .integer(0...65_000), default: .int(56), "bytes of payload"),
            PlanField("ttl", .integer(1...255), "the TTL or hop limit to send with; default: the system's"),
            PlanField(
                "fragment", .choice(["do", "want", "dont", "probe"]),
                "whether requests larger than a link are cut up, in the words of ping -M: `do` and `probe` never, `want` here only, `dont` "
                    + "anywhere; default: the system's"),
            PlanField("family", .choice(["any", "ipv4", "ipv6"]), default: .string("any"), "the address family"),
        ],
        shorthand: "to",
        results: [
            ResultField("address", .string, "the address that was pinged"),
            ResultField("received", .unsigned, "how many requests were answered"),
        ],
        tables: [ProbeTables.ping, ProbeTables.probe, FateRows.table],
        guide: .ping)

    package static let watchesFates = true
    package static let isDerivedAlone = true

    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? { nil }

    private static let artefact = "ping.json"

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let target = try plan.required("to")
        var configuration = PingConfiguration(
            count: plan.int("count") ?? 3, interval: plan.duration("interval") ?? 100_000_000,
            timeout: plan.duration("timeout") ?? 1_000_000_000, size: plan.int("size") ?? 56,
            timeToLive: plan.int("ttl").map { UInt8(clamping: $0) }, family: ProbeFamily.read(plan))
        configuration.fragmentation = plan.string("fragment").flatMap(fragmentation)
        let (interval, timeout) = (configuration.interval, configuration.timeout)
        do {
            let result = try await host.network.ping(target, configuration) { row in
                host.progress(
                    row.roundTrip.map { "reply \(row.sequence) after \(milliseconds($0)) ms" }
                        ?? "no reply \(row.sequence)")
            }
            try host.record(result, as: artefact)
            let nodes = Self.nodes(answering: result, of: host.facts.nodes)
            try host.record(nodes, as: "nodes.json")
            let summary = result.summary
            return StepOutcome(
                results: ["address": .string("\(result.address)"), "received": .int(Int64(summary.received))],
                notes: [
                    "\(target) (\(result.address)): \(summary.sent) sent, \(summary.received) received"
                        + (summary.roundTrip.map {
                            ", round trip \(milliseconds($0.minimum)) ms to \(milliseconds($0.maximum)) ms"
                        } ?? "") + PingReports.text(result, nodes: nodes)
                ],
                waited: waited(result, interval: interval, timeout: timeout))
        } catch let error as ProbeError {
            return try ProbeFailure.outcome(error, host)
        }
    }

    /// What the pauses took, and the last request that was waited for in vain; one that was reported ends at once.
    private static func waited(_ result: PingResult, interval: Int64, timeout: Int64) -> Int64 {
        result.rows.map { row in
            Int64(max(0, row.sequence - 1)) * interval + (row.outcome == .timeout ? timeout : 0)
        }.max() ?? 0
    }

    private static func fragmentation(_ word: String) -> PingConfiguration.Fragmentation? {
        switch word {
        case "do": .do
        case "want": .want
        case "dont": .dont
        case "probe": .probe
        default: nil
        }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let result = evidence.json(PingResult.self, artefact) else {
            return ProbeFailure.derive(evidence, in: ProbeTables.ping, field: "lab.ping.error")
        }
        var ping = RowBuilder(ProbeTables.ping)
        ping.set("lab.ping.name", result.target)
        ping.set("lab.ping.address", "\(result.address)")
        ping.set("lab.ping.sent", number: result.summary.sent)
        ping.set("lab.ping.received", number: result.summary.received)
        ping.set("lab.ping.loss", .float(result.summary.loss / 100))
        ping.set("lab.ping.min", (result.summary.roundTrip?.minimum).map { .duration($0) })
        ping.set("lab.ping.avg", (result.summary.roundTrip?.average).map { .duration($0) })
        ping.set("lab.ping.max", (result.summary.roundTrip?.maximum).map { .duration($0) })
        let summary = result.summary
        ping.set("lab.ping.mdev", (summary.roundTrip?.deviation).map { .duration($0) })
        ping.set("lab.ping.p50", (summary.roundTrip?.median).map { .duration($0) })
        ping.set("lab.ping.p90", (summary.roundTrip?.percentile90).map { .duration($0) })
        ping.set("lab.ping.p99", (summary.roundTrip?.percentile99).map { .duration($0) })
        ping.set("lab.ping.jitter", (summary.roundTrip?.jitter).map { .duration($0) })
        ping.set("lab.ping.errors", number: summary.errors)
        ping.set("lab.ping.duplicates", number: summary.duplicates)
        ping.set("lab.ping.late", number: summary.late)
        ping.set("lab.ping.corrupted", number: summary.corrupted)
        ping.set("lab.ping.foreign", number: summary.foreign)
        ping.set("lab.ping.reordered", number: summary.reordered)
        ping.set("lab.ping.loss_runs", number: summary.lossRuns)
        ping.set("lab.ping.longest_loss", number: summary.longestLoss)
        ping.set("lab.ping.mode", result.mode.rawValue)
        let nodes = evidence.json([String: String].self, "nodes.json") ?? [:]
        // Hundreds of rows that nobody asks about would take most of the time of judging.
        let asked = evidence.wants(ProbeTables.probe) ? result.rows : []
        let probes = asked.map { probe in
            var row = RowBuilder(ProbeTables.probe)
            row.set("lab.probe.seq", number: probe.sequence)
            row.set("lab.probe.answered", probe.outcome == .reply && probe.from == result.address)
            row.set("lab.probe.addr", probe.from.map { "\($0)" })
            row.set("lab.probe.name", probe.from.flatMap { nodes["\($0)"] })
            row.set("lab.probe.ttl", number: probe.timeToLive)
            row.set("lab.probe.rtt", probe.roundTrip.map { .duration($0) })
            row.set("lab.probe.outcome", probe.outcome.rawValue)
            row.set("lab.probe.sent", .duration(probe.sent))
            row.set("lab.probe.bytes", number: probe.bytes)
            row.set("lab.probe.icmp.type", number: probe.icmpType.map { Int($0) })
            row.set("lab.probe.icmp.code", number: probe.icmpCode.map { Int($0) })
            row.set("lab.probe.mtu", number: probe.mtu)
            return row.row
        }
        let (fates, story) = FateRows.derive(
            evidence, target: result.address, of: .requests(result.summary.sent))
        return Derived(
            tables: [
                TableRows(ProbeTables.ping, [ping.row], provenance: .attested),
                TableRows(ProbeTables.probe, probes, provenance: .attested), fates,
            ],
            explanations: result.summary.received == 0
                ? [
                    "\(result.target) (\(result.address)) answered none of \(result.summary.sent) echo requests"
                        + PingReports.text(result, nodes: nodes)
                ] : [],
            story: story)
    }

    /// The names of those who answered or reported, of all that the world has.
    private static func nodes(answering result: PingResult, of all: [String: String]) -> [String: String] {
        let seen = Set(result.rows.compactMap { $0.from.map { "\($0)" } })
        return all.filter { seen.contains($0.key) }
    }
}

/// What was reported about requests that nobody answered, in words: `; 2 times time-exceeded from north`.
enum PingReports {
    static func text(_ result: PingResult, nodes: [String: String]) -> String {
        var counts: [(text: String, count: Int)] = []
        for row in result.rows {
            guard let from = row.from, row.outcome != .reply else { continue }
            let mtu = row.mtu.map { " (MTU \($0))" } ?? ""
            let text = "\(row.outcome.rawValue)\(mtu) from \(nodes["\(from)"] ?? "\(from)")"
            if let index = counts.firstIndex(where: { $0.text == text }) {
                counts[index].count += 1
            } else {
                counts.append((text, 1))
            }
        }
        return counts.prefix(4).map { "; \($0.count) × \($0.text)" }.joined()
    }
}
