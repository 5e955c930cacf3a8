import SupportQuestions
import Wire
import WireSessions

/// A walkthrough as it was recorded: what was typed, and what was on the wire of the host meanwhile.
package struct Walk: Sendable {
    package var commands: [RecordedCommand]
    package var environment: [String: String]
    private let frames: [Row]
    private let frameTimes: [Int64]
    private let exchanges: [Row]
    private let exchangeTimes: [Int64]

    /// - Parameters:
    ///   - capture: the runner's capture of the host, pcapng.
    ///   - keys: the secrets of the clients that were used, and of proxies.
    package init(commands: [RecordedCommand], environment: [String: String], capture: [UInt8], keys: [UInt8]) {
        self.commands = commands
        self.environment = environment
        let (rows, _) = Sessions.read(capture, SessionConfiguration(keyLog: KeyLog(keys), wantsSummaries: false))
        frames = rows.frames
        frameTimes = rows.frameTimes
        exchanges = rows.exchanges
        exchangeTimes = rows.exchangeTimes
    }

    /// The last exchange with a host during a command, as its client had it.
    func exchange(during command: RecordedCommand, host: String) -> SeenExchange? {
        let window = command.began...command.ended
        return exchanges.indices.last { index in
            window.contains(exchangeTimes[index])
                && exchanges[index].first(at: ExchangeField.httpHost.slot).map {
                    $0.text == host || $0.text.hasPrefix(host + ":")
                } ?? false
        }.map { SeenExchange(exchanges[$0]) }
    }

    /// Values of a frame field during a command, of the frames in which others hold.
    func values(
        of field: String, during command: RecordedCommand, where others: [(field: String, value: FieldValue)]
    ) -> [FieldValue] {
        guard let slot = FrameTable.table.slot(of: field) else { return [] }
        let conditions = others.compactMap { other in FrameTable.table.slot(of: other.field).map { ($0, other.value) } }
        guard conditions.count == others.count else { return [] }
        return frames.indices.filter { index in
            frameTimes[index] >= command.began && frameTimes[index] <= command.ended
                && conditions.allSatisfy { frames[index].values(at: $0.0).contains($0.1) }
        }.compactMap { frames[$0].first(at: slot) }
    }
}

/// What of an exchange a draft can ask for.
struct SeenExchange: Sendable {
    let code: Int?
    let body: [UInt8]
    let isDecrypted: Bool

    init(_ row: Row) {
        if case .unsigned(let code)? = row.first(at: ExchangeField.httpCode.slot) {
            self.code = Int(code)
        } else {
            code = nil
        }
        if case .bytes(let body)? = row.first(at: ExchangeField.httpBody.slot) { self.body = body } else { body = [] }
        isDecrypted = row.first(at: ExchangeField.httpDecrypted.slot) == .boolean(true)
    }
}
