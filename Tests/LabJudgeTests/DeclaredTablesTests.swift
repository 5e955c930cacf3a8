import Foundation
import LabJudge
import LabModel
import LabSteps
import LabTestSupport
import SupportQuestions
import Testing

/// What kinds declare against what they derive from the evidence of a whole week: a table that nothing derives, or a
/// field that nothing sets, would make lint accept checks that can never pass.
@Suite("Declared tables", .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct DeclaredTablesTests {
    /// What a kind declares and this run does not show, each with its reason.
    static let absences: [String: String] = [
        "lab.dns.error": "every name of the week has an address",
        "lab.ping.error": "every ping of the week could be sent",
        "lab.trace.error": "every traceroute of the week could be sent",
        "lab.dns.owner": "the week asks for addresses, not for records",
        "lab.dns.server": "the week asks for addresses, not for records",
        "lab.dns.status": "the week asks for addresses, not for records",
        "lab.dns.ttl": "the week asks for addresses, not for records",
        "lab.fate.link": "no link of the week loses anything",
        "lab.fate.mtu": "no probe of the week is too large for a link",
        "lab.fate.place": "no firewall of the week stops a probe",
        "lab.fate.rule": "no firewall of the week stops a probe",
        "lab.hop.flow": "no trace of the week looks for all ways",
        "lab.hop.hints": "answers of the week come back the way that probes went, and no router translates",
        "lab.hop.rewritten": "no router of the week translates addresses",
        "lab.hop.icmp.code": "no router of the week reports a trace as undeliverable",
        "lab.hop.icmp.type": "no router of the week reports a trace as undeliverable",
        "lab.hop.interface": "no router of the week tells its interface",
        "lab.hop.labels": "no router of the week switches by labels",
        "lab.hop.mtu": "no trace of the week looks for the largest packet",
        "lab.hop.star": "every router of the week answers",
        "lab.trace.mtu": "no trace of the week looks for the largest packet",
        "lab.http.request_body": "no page of the week is sent anything",
        "lab.probe.icmp.code": "no router of the week reports a ping as undeliverable",
        "lab.probe.icmp.type": "no router of the week reports a ping as undeliverable",
        "lab.probe.mtu": "no ping of the week is too large for a link",
    ]

    @Test("what kinds derive is what they declare")
    func tables() async throws {
        let run = try await ReferenceRun.shared()
        let seen = try Seen(run.folder)
        for kind in seen.kinds {
            let schema = try #require(StepCatalog.kind(named: kind)?.schema)
            #expect(seen.tables[kind] == Set(schema.tables.map(\.name)), "\(kind)")
        }
    }

    @Test("every declared field is set somewhere, or its absence has a reason")
    func fields() async throws {
        let run = try await ReferenceRun.shared()
        let seen = try Seen(run.folder)
        var missing: Set<String> = []
        for kind in seen.kinds {
            let schema = try #require(StepCatalog.kind(named: kind)?.schema)
            // Frames are dissected by Wireshark's names, for which tshark is the measure.
            for table in schema.tables where table.name != "frame" { missing.formUnion(table.fields.map(\.name)) }
        }
        missing.subtract(seen.fields)
        #expect(missing.subtracting(Self.absences.keys).sorted() == [], "declared, never set")
        #expect(Set(Self.absences.keys).subtracting(missing).sorted() == [], "set after all: no reason is needed")
    }

    /// Tables and fields of a run, as the kinds derive them from its evidence.
    private struct Seen {
        var kinds: Set<String> = []
        var tables: [String: Set<String>] = [:]
        var fields: Set<String> = []

        init(_ folder: String) throws {
            let log = EventLog.parse(
                [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(RunFolder.events)"))))
            for step in StepEvents(log).performed.values {
                guard let kind = StepCatalog.kind(named: step.kind) else { continue }
                kinds.insert(step.kind)
                for table in kind.derive(step.evidence(in: folder)).tables {
                    tables[step.kind, default: []].insert(table.table.name)
                    for row in table.rows {
                        for item in row.items { fields.insert(table.table.fields[item.slot].name) }
                    }
                }
            }
        }
    }
}
