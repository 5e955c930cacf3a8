import SupportQuestions
import Wire

/// One QUIC connection: adds the fields of packets and frames, and hands the streams of HTTP/3 on.
final class QUICLayer {
    let place: ChannelPlace
    private let session: Session
    private let frame: CurrentFrame
    private let observer: QUICObserver
    private let record: TLSConnectionRecord
    private var http: HTTP3Layer?
    private var takenIDs = 0
    private var firstDestination: [UInt8]?

    init(_ session: Session, place: ChannelPlace) {
        self.session = session
        frame = session.frame
        observer = QUICObserver(context: session.tls)
        record = TLSConnectionRecord(place: place, frame: frame.number, time: frame.time, isQUIC: true)
        session.add(record)
        var place = place
        place.tls = record
        self.place = place
    }

    /// The server has answered.
    var isEstablished: Bool { observer.serverHello != nil }

    func began(with destination: [UInt8]) -> Bool { firstDestination == destination }

    func takeIssuedIDs() -> ArraySlice<(id: [UInt8], side: HTTPSide)> {
        defer { takenIDs = observer.issuedIDs.count }
        return observer.issuedIDs[takenIDs...]
    }

    func receive(_ datagram: UnsafeRawBufferPointer, from side: HTTPSide) {
        observer.receive(datagram, from: side) { event, side in handle(event, from: side) }
    }

    func finish() {
        observer.finish { event, side in handle(event, from: side) }
        http?.finish()
        record.note(client: observer.clientCounts, server: observer.serverCounts)
        record.isFinished = true
    }

    // MARK: Events

    private func handle(_ event: QUICObserver.Event, from side: HTTPSide) {
        switch event {
        case .packet(let packet): add(packet)
        case .frame(let type, let content): add(type, content)
        case .handshake(let message):
            frame.enter(.tls, "tls")
            frame.add(message, "QUIC")
            record.noteHandshake(message)
        case .stream(let id, let bytes): layer?.receive(bytes, on: id, from: side)
        case .missing(let id, let count): layer?.missed(count, on: id, from: side)
        case .streamEnd(let id): layer?.ended(id, from: side)
        case .reset(let id, _): layer?.reset(id, from: side)
        }
    }

    /// Early data comes before the server has chosen a protocol; then the client's first offer counts.
    private var layer: HTTP3Layer? {
        if let http { return http }
        let name = observer.applicationProtocol ?? observer.clientHello?.extensions.applicationProtocols.first
        guard let name, name == "h3" || name.hasPrefix("h3-") else { return nil }
        let layer = HTTP3Layer(session, place: place)
        http = layer
        return layer
    }

    // MARK: Fields

    private func add(_ packet: QUICPacket) {
        let header = packet.header
        if firstDestination == nil { firstDestination = header.destination }
        frame.enter(.quic, "quic")
        frame.add(.quicConnectionNumber, .unsigned(UInt64(place.stream)))
        frame.add(.quicPacketLength, .unsigned(UInt64(header.length)))
        frame.add(.quicHeaderForm, .unsigned(header.isLong ? 1 : 0))
        if let number = header.type.longNumber { frame.add(.quicLongPacketType, .unsigned(UInt64(number))) }
        if let version = header.version { frame.add(.quicVersion, .unsigned(UInt64(version))) }
        for version in header.supportedVersions { frame.add(.quicSupportedVersion, .unsigned(UInt64(version))) }
        if !header.destination.isEmpty { frame.add(.quicDcid, .bytes(header.destination)) }
        if header.isLong, !header.source.isEmpty { frame.add(.quicScid, .bytes(header.source)) }
        if !header.token.isEmpty {
            frame.add(header.type == .retry ? .quicRetryToken : .quicToken, .bytes(header.token))
        }
        var text = header.type.name
        if case .opened(let number, let phase) = packet.protection {
            frame.add(.quicPacketNumber, .unsigned(number))
            if let phase {
                frame.add(.quicKeyPhase, .boolean(phase))
                text += " (KP\(phase ? 1 : 0))"
            }
            frame.describe("QUIC", text + Self.ids(header) + ", PKN: \(number)")
        } else {
            frame.describe("QUIC", text + Self.ids(header))
        }
    }

    private static func ids(_ header: QUICHeader) -> String {
        func digits(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        let destination = header.destination.isEmpty ? "" : ", DCID=\(digits(header.destination))"
        return destination + (header.source.isEmpty ? "" : ", SCID=\(digits(header.source))")
    }

    private func add(_ type: UInt64, _ content: QUICFrame) {
        frame.add(.quicFrameType, .unsigned(type))
        switch content {
        case .acknowledgement(let largest): frame.add(.quicAckLargestAcknowledged, .unsigned(largest))
        case .stream(let id, _, let bytes, let isEnd):
            frame.add(.quicStreamStreamId, .unsigned(id))
            frame.add(.quicStreamFin, .boolean(isEnd))
            if type & 0x02 != 0 { frame.add(.quicStreamLength, .unsigned(UInt64(bytes.count))) }
            frame.add(.quicStreamData, .bytes(Array(bytes)))
        case .connectionClose(let code, let reason, let isApplication):
            frame.add(isApplication ? .quicCcErrorCodeApp : .quicCcErrorCode, .unsigned(code))
            if !reason.isEmpty { frame.add(.quicCcReasonPhrase, .string(reason)) }
        default: break
        }
        if case .padding = content { return }
        let name = type & ~7 == 8 ? "STREAM" : FrameField.frameTypes.first { $0.value == type }?.key ?? "frame \(type)"
        if case .stream(let id, _, _, _) = content {
            frame.describe("QUIC", "\(name)(\(id))")
        } else {
            frame.describe("QUIC", name)
        }
    }
}
