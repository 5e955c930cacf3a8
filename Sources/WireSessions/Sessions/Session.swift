import SupportQuestions
import Wire

/// What all parts of one reading share: the frame under dissection, keys, and where rows go.
final class Session {
    let configuration: SessionConfiguration
    let sink: any SessionSink
    let frame: CurrentFrame
    let tls: TLSContext
    /// One small record per TLS connection, since what to say of one depends on the others.
    private var connections: [TLSConnectionRecord] = []

    init(_ configuration: SessionConfiguration, sink: any SessionSink) {
        self.configuration = configuration
        self.sink = sink
        frame = CurrentFrame(wanted: configuration.frameFields, wantsSummary: configuration.wantsSummaries)
        tls = TLSContext(keyLog: configuration.keyLog)
    }

    /// Whether bodies of HTTP messages have to be kept.
    var keepsBodies: Bool {
        (configuration.wantsExchanges && configuration.wantsBodies)
            || configuration.frameFields.contains(.httpFileData)
    }

    func add(_ record: TLSConnectionRecord) { connections.append(record) }

    func finish() {
        let matched = connections.reduce(into: Set<[UInt8]>()) { matched, record in
            if let random = record.clientRandom, tls.keyLog.contains(clientRandom: random) { matched.insert(random) }
        }
        for record in connections {
            sink.stream(record.row(keyLog: tls.keyLog, matchedRandoms: matched.count), at: record.time)
        }
    }
}
