import EngineProxy
import LabModel
import SupportQuestions

/// What proxies of a run recorded, as rows of the `flow` and `handshake` tables.
package enum ProxyRecords {
    /// All events of the proxy that a step started, in order.
    static func events(of step: String, in evidence: StepEvidence) -> [ProxyEvent] {
        evidence.lines(ProxyEvent.self, at: "evidence/\(step)/\(ProxyKind.events)")
    }

    /// The rows of what proxies did while the step went on.
    ///
    /// - Parameter proxies: ids of the proxy steps up to this one.
    package static func rows(of proxies: [String], during evidence: StepEvidence) -> [TableRows] {
        var flows: [Row] = []
        var handshakes: [Row] = []
        for proxy in proxies {
            let events = events(of: proxy, in: evidence)
            let began = connectionTimes(events)
            func isDuring(_ connection: UInt64, _ time: Int64) -> Bool {
                evidence.window.contains(began[connection] ?? time)
            }
            for event in events {
                switch event {
                case .flow(let record) where isDuring(record.connection, record.timings.start):
                    flows.append(flow(record, of: proxy))
                case .handshake(let record) where isDuring(record.connection, record.at):
                    handshakes.append(handshake(record, of: proxy))
                case .handshakeFailure(let record) where isDuring(record.connection, record.at):
                    handshakes.append(failure(record, of: proxy))
                default: break
                }
            }
        }
        return [
            TableRows(SharedTables.flow, flows, provenance: .attested),
            TableRows(SharedTables.handshake, handshakes, provenance: .attested),
        ]
    }

    /// When each client connected. A client may be gone, and its step over, before the proxy has dealt with the last of
    /// what it sent; but the proxy had taken the connection before the client could end it.
    private static func connectionTimes(_ events: [ProxyEvent]) -> [UInt64: Int64] {
        var times: [UInt64: Int64] = [:]
        for case .connected(let record) in events { times[record.connection] = record.at }
        return times
    }

    private static func flow(_ flow: ProxyFlow, of proxy: String) -> Row {
        var row = RowBuilder(SharedTables.flow)
        row.set("lab.flow.proxy", proxy)
        row.set("lab.flow.scheme", flow.scheme)
        row.set("lab.flow.method", flow.method)
        row.set("lab.flow.host", flow.host)
        row.set("lab.flow.port", number: flow.port)
        row.set("lab.flow.path", flow.path)
        row.set("lab.flow.status", number: flow.status)
        row.set("lab.flow.content_type", flow.contentType)
        row.set("lab.flow.body", flow.response.map { .bytes($0.body.bytes.bytes) })
        row.set("lab.flow.user_agent", flow.request.first("user-agent"))
        row.set("lab.flow.client.addr", flow.client.address)
        row.set("lab.flow.client_random", flow.clientTLS.flatMap { Hex.bytes($0.clientRandom) }.map { .bytes($0) })
        row.set("lab.flow.server_random", flow.serverTLS.flatMap { Hex.bytes($0.clientRandom) }.map { .bytes($0) })
        row.set("lab.flow.error", flow.error?.text)
        return row.row
    }

    private static func handshake(_ handshake: ProxyHandshake, of proxy: String) -> Row {
        var row = RowBuilder(SharedTables.handshake)
        row.set("lab.handshake.proxy", proxy)
        row.set("lab.handshake.leg", handshake.leg.rawValue)
        row.set("lab.handshake.sni", handshake.tls.sni ?? handshake.host)
        row.set("lab.handshake.ok", true)
        row.set("lab.handshake.client_random", Hex.bytes(handshake.tls.clientRandom).map { .bytes($0) })
        row.set("lab.handshake.version", handshake.tls.version)
        return row.row
    }

    private static func failure(_ failure: ProxyHandshakeFailure, of proxy: String) -> Row {
        var row = RowBuilder(SharedTables.handshake)
        row.set("lab.handshake.proxy", proxy)
        row.set("lab.handshake.leg", failure.leg.rawValue)
        row.set("lab.handshake.sni", failure.sni ?? failure.host)
        row.set("lab.handshake.ok", false)
        row.set("lab.handshake.alert", number: failure.alert)
        row.set("lab.handshake.reason", failure.text)
        return row.row
    }
}
