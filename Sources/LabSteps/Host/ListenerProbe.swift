import EngineWeb
import LabModel
import SupportQuestions
import SupportTransport

/// Whether a port of a host is listened on, as an artefact and as rows of the `listen` table.
enum ListenerProbe {
    static let artefact = "listen.json"

    struct Result: Sendable, Codable {
        var port: Int
        var address: String
        var isOpen: Bool
        var greeting: String
    }

    /// Asks the kernel who listens, without connecting: a proxy would take a connection for a client.
    static func probe(port: Int, context: HostContext) async throws -> StepOutcome {
        let listener = UInt16(exactly: port).flatMap { ListenProbe.sockets(listeningOn: $0).first }
        try context.record(
            Result(port: port, address: listener?.endpoint.address ?? "", isOpen: listener != nil, greeting: ""),
            as: artefact)
        return StepOutcome()
    }

    static func rows(_ evidence: StepEvidence) -> [Row] {
        guard let result = evidence.json(Result.self, artefact) else { return [] }
        var row = RowBuilder(StepTables.listen)
        row.set("lab.listen.port", number: result.port)
        row.set("lab.listen.address", result.address.isEmpty ? nil : result.address)
        row.set("lab.listen.open", result.isOpen)
        row.set("lab.listen.greeting", result.greeting.isEmpty ? nil : result.greeting)
        return [row.row]
    }
}
