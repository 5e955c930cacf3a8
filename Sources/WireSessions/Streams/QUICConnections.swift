import SupportQuestions
import Wire

/// Gives each UDP datagram that holds QUIC to its connection: by addresses and ports, and by connection IDs where a side
/// has moved (RFC 9000, section 9).
final class QUICConnections {
    private struct Key: Hashable {
        let lower: TCPEndpoint
        let upper: TCPEndpoint
    }

    private let session: Session
    /// With the client's end, which changes when it moves.
    private var connections: [Key: (layer: QUICLayer, client: TCPEndpoint)] = [:]
    /// Who gave out a connection ID: the side to which packets with it go.
    private var ids: [[UInt8]: (layer: QUICLayer, side: HTTPSide)] = [:]
    private var idLengths: Set<Int> = []
    private var all: [QUICLayer] = []
    /// More connections than this are told of when their turn is over.
    private static let mostKept = 20_000

    init(_ session: Session) { self.session = session }

    /// False where the payload is no QUIC.
    func datagram(_ payload: UnsafeRawBufferPointer, from source: TCPEndpoint, to destination: TCPEndpoint) -> Bool {
        guard let first = payload.first, !connections.isEmpty || first & 0xc0 == 0xc0 else { return false }
        let key =
            source < destination
            ? Key(lower: source, upper: destination) : Key(lower: destination, upper: source)
        if let known = connections[key] {
            let side: HTTPSide = known.client == source ? .client : .server
            if !isReplaced(known.layer, by: payload, from: side) { return give(payload, to: known.layer, from: side) }
        } else if let (layer, receiver) = moved(payload) {
            connections[key] = (layer, receiver == .server ? source : destination)
            return give(payload, to: layer, from: receiver.other)
        }
        guard QUICHeader.looksLikeQUIC(payload) else { return false }
        if all.count >= Self.mostKept { forget() }
        let layer = QUICLayer(
            session, place: ChannelPlace(stream: count, client: source, server: destination, tunnel: nil, tls: nil))
        count += 1
        all.append(layer)
        connections[key] = (layer, source)
        return give(payload, to: layer, from: .client)
    }

    private var count = 0

    func finish() {
        for layer in all { layer.finish() }
        all = []
        connections = [:]
        ids = [:]
    }

    private func give(_ payload: UnsafeRawBufferPointer, to layer: QUICLayer, from side: HTTPSide) -> Bool {
        layer.receive(payload, from: side)
        for issued in layer.takeIssuedIDs() {
            ids[issued.id] = (layer, issued.side)
            idLengths.insert(issued.id.count)
        }
        return true
    }

    /// Whether a client begins a new connection from the port of an earlier one.
    private func isReplaced(_ layer: QUICLayer, by payload: UnsafeRawBufferPointer, from side: HTTPSide) -> Bool {
        guard layer.isEstablished, payload[0] & 0x80 != 0, let header = QUICHeader(long: payload),
            header.type == .initial, payload.count >= 1_200
        else { return false }
        return side == .client && ids[header.destination]?.layer !== layer && !layer.began(with: header.destination)
    }

    /// The connection to whose ID a datagram goes, from addresses that it was not seen with.
    private func moved(_ payload: UnsafeRawBufferPointer) -> (QUICLayer, HTTPSide)? {
        if payload[0] & 0x80 != 0 {
            return QUICHeader(long: payload).flatMap { ids[$0.destination] }
        }
        guard payload[0] & 0x40 != 0 else { return nil }
        for length in idLengths where length >= 4 && payload.count > length {
            if let found = ids[Array(payload[1..<1 + length])] { return found }
        }
        return nil
    }

    /// The oldest half is told of now, so that memory stays bounded.
    private func forget() {
        let ended = all.prefix(Self.mostKept / 2)
        for layer in ended { layer.finish() }
        all.removeFirst(ended.count)
        let kept = Set(all.map(ObjectIdentifier.init))
        connections = connections.filter { kept.contains(ObjectIdentifier($0.value.layer)) }
        ids = ids.filter { kept.contains(ObjectIdentifier($0.value.layer)) }
    }
}
