import EngineNetwork
import LabModel
import SupportDiagnostics
import SupportQuestions
import Wire

/// What the emulated network did to the packets of a probing step that came to grief, as the runner recorded it.
package enum FateRows {
    /// A file of the step's evidence; it is not there where everything arrived and was answered.
    package static let artefact = "network.json"

    /// A fate, and where the rule stands that decided it: `week2.yml:18`.
    package struct Record: Codable, Sendable {
        package var fate: PacketFate
        package var place: String?

        package init(_ fate: PacketFate, place: String?) {
            self.fate = fate
            self.place = place
        }
    }

    /// In the words of the world's author.
    package static func records(of fates: [PacketFate], in world: WorldDefinition) -> [Record] {
        // Hundreds of packets are lost on the same few links.
        var shown: [String: String] = [:]
        return fates.map { fate in
            var fate = fate
            if let link = fate.link {
                let name = shown[link] ?? TopologyAssembly.shownLink(link, in: world)
                shown[link] = name
                fate.link = name
            }
            let rules = world.routers.first { $0.name == fate.node }?.behaviour.firewall ?? []
            let span = fate.rule.flatMap { rules.indices.contains($0) ? rules[$0].span : nil }
            return Record(
                fate, place: span.map { "\($0.file.name.split(separator: "/").last ?? ""):\($0.start.line)" })
        }
    }

    package static let table = Table(
        "fate",
        "a packet of the probes, or an answer to one, that did not arrive or that nobody answered, as the emulated "
            + "network knows it",
        fields: [
            Field("lab.fate.ttl", .unsigned, "the TTL or hop limit that the probe was sent with", bits: 8),
            Field(
                "lab.fate.way", .string, "`there` for the probe, `back` for its answer", choices: ["there", "back"]),
            Field("lab.fate.node", .string, "the node where it ended; on a link, the one that sent it there"),
            Field("lab.fate.link", .string, "the link that lost it"),
            Field(
                "lab.fate.reason", .string,
                PacketFate.Reason.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "),
                choices: PacketFate.Reason.allCases.map(\.rawValue)),
            Field(
                "lab.fate.report", .string,
                "what the node said of it: `made`, or why it said nothing: `silent`, `withheld`, `rate-limited`, `none`",
                choices: PacketFate.Report.allCases.map(\.rawValue)),
            Field("lab.fate.rule", .unsigned, "the rule of the node's firewall, from 1"),
            Field("lab.fate.place", .string, "where that rule stands, `lab.yml:18`"),
            Field("lab.fate.mtu", .unsigned, "the MTU that it was too large for"),
        ])

    /// The rows of a step that probed an address, and the same told for people.
    static func derive(_ evidence: StepEvidence, target: IPAddress, of probes: Probes) -> (TableRows, story: [String]) {
        let records = (evidence.json([Record].self, artefact) ?? []).filter { record in
            record.fate.host == evidence.host
                ? record.fate.destination == target : record.fate.source == target && !record.fate.isAnswer
        }
        let rows = records.map { record in
            let fate = record.fate
            let isBack = Self.isBack(fate, evidence.host)
            var row = RowBuilder(table)
            // Who answers as a host of its own counts its TTLs anew.
            row.set("lab.fate.ttl", number: fate.host == evidence.host ? fate.timeToLive : nil)
            row.set("lab.fate.way", isBack ? "back" : "there")
            row.set("lab.fate.node", fate.node)
            row.set("lab.fate.link", fate.link)
            row.set("lab.fate.reason", fate.reason.rawValue)
            row.set("lab.fate.report", fate.report.rawValue)
            row.set("lab.fate.rule", number: fate.rule.map { $0 + 1 })
            row.set("lab.fate.place", record.place)
            row.set("lab.fate.mtu", number: fate.mtu)
            return row.row
        }
        return (TableRows(table, rows, provenance: .attested), FateStory.lines(records, on: evidence.host, probes))
    }

    static func isBack(_ fate: PacketFate, _ host: String) -> Bool { fate.isAnswer || fate.host != host }
}

extension FateRows {
    /// What was sent: the requests of a ping, or probes by TTL.
    enum Probes {
        case requests(Int)
        case byTTL([Int: Int])
    }
}

/// Fates in words, equal ones together: `TTL 4, 3 of 3 probes: r4 took the last of the TTL, and is silent`.
enum FateStory {
    /// More than anybody reads.
    static let limit = 12

    static func lines(_ records: [FateRows.Record], on host: String, _ probes: FateRows.Probes) -> [String] {
        var counts: [(text: String, subject: Subject, count: Int)] = []
        for record in records where isTold(record.fate, probes) {
            let subject = Subject(record.fate, host, probes)
            // A trace sends ahead, and forgets what went beyond its target.
            if case .byTTL(let sent) = probes, let ttl = subject.timeToLive, sent[Int(ttl)] == nil { continue }
            let text = text(record)
            if let index = counts.firstIndex(where: { $0.text == text && $0.subject == subject }) {
                counts[index].count += 1
            } else {
                counts.append((text, subject, 1))
            }
        }
        let order = counts.enumerated().sorted {
            ($0.element.subject.timeToLive ?? 0, $0.offset) < ($1.element.subject.timeToLive ?? 0, $1.offset)
        }
        let lines = order.map { "\($0.element.subject.text($0.element.count, probes)): \($0.element.text)" }
        return lines.count <= limit ? lines : lines.prefix(limit) + ["and \(lines.count - limit) more of the kind"]
    }

    private struct Subject: Equatable {
        let timeToLive: UInt8?
        let isBack: Bool

        init(_ fate: PacketFate, _ host: String, _ probes: FateRows.Probes) {
            isBack = FateRows.isBack(fate, host)
            if case .byTTL = probes, fate.host == host { timeToLive = fate.timeToLive } else { timeToLive = nil }
        }

        func text(_ count: Int, _ probes: FateRows.Probes) -> String {
            let noun: String
            let total: Int?
            switch probes {
            case .requests(let sent): (noun, total) = ("request", sent)
            case .byTTL(let sent): (noun, total) = ("probe", timeToLive.flatMap { sent[Int($0)] })
            }
            let what =
                isBack
                ? "\(count) \(count == 1 ? "answer" : "answers")"
                : total.map { "\(count) of \($0) \(noun)\($0 == 1 ? "" : "s")" } ?? "\(count) × \(noun)"
            return (timeToLive.map { "TTL \($0), " } ?? "") + what
        }
    }

    /// Probes that look for the largest packet are too large on purpose.
    private static func isTold(_ fate: PacketFate, _ probes: FateRows.Probes) -> Bool {
        if case .byTTL = probes { return fate.reason != .tooBig || fate.report != .made }
        return true
    }

    private static func text(_ record: FateRows.Record) -> String {
        let fate = record.fate
        let end: String =
            switch fate.reason {
            case .lost: "lost on the link \(fate.link ?? "behind \(fate.node)")"
            case .queueFull: "the queue of the link \(fate.link ?? "behind \(fate.node)") was full"
            case .filtered:
                "\(fate.node) stopped it by rule \((fate.rule ?? 0) + 1) of its firewall"
                    + (record.place.map { " (\($0))" } ?? "")
            case .discarded: "\(fate.node) has a route into nothing for it"
            case .noRoute: "\(fate.node) has no route for it"
            case .hostUnreachable: "\(fate.node) finds no such host"
            case .hostDown: "\(fate.node) is down"
            case .tooBig: "too large for the MTU of \(fate.mtu ?? 0) bytes behind \(fate.node)"
            case .expired: "its TTL was used up at \(fate.node)"
            case .ignored: "it reached \(fate.node)"
            }
        let report =
            switch fate.report {
            case .made: ", and \(fate.node) said so"
            case .silent: ", and \(fate.node) is silent about everything"
            case .withheld: ", and \(fate.node) withholds such answers"
            case .rateLimited: ", and \(fate.node) had made as many reports as it may"
            case .none: ""
            }
        return end + report
    }
}
