import LabModel
import SupportQuestions

/// What the world's web sites wrote down, as rows of the `visit` table.
package enum VisitRecords {
    package static func rows(during evidence: StepEvidence) -> [Row] {
        evidence.lines(SiteVisit.self, at: RunFolder.siteLog).filter { evidence.window.contains($0.time) }.map(row)
    }

    private static func row(_ visit: SiteVisit) -> Row {
        var row = RowBuilder(SharedTables.visit)
        row.set("lab.visit.host", visit.host)
        switch FieldValue(addressText: visit.clientAddress) {
        case .ipv4(let address)?: row.set("lab.visit.client.addr", .ipv4(address))
        case .ipv6(let high, let low)?: row.set("lab.visit.client.addr6", .ipv6(high, low))
        default: break
        }
        row.set("lab.visit.method", visit.method)
        row.set("lab.visit.path", visit.path)
        row.set("lab.visit.version", visit.version)
        row.set("lab.visit.status", number: visit.status)
        row.set("lab.visit.user_agent", visit.userAgent)
        row.set("lab.visit.sni", visit.sni)
        row.set("lab.visit.client_random", visit.clientRandom.flatMap { Hex.bytes($0) }.map { .bytes($0) })
        return row.row
    }
}

/// One line of the site log.
package struct SiteVisit: Sendable, Codable {
    package var time: Int64
    package var site: String
    package var host: String
    package var clientAddress: String
    package var method: String
    package var path: String
    package var version: String
    package var status: Int
    package var userAgent: String?
    package var sni: String?
    package var clientRandom: String?
}
