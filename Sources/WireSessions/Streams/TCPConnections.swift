import SupportQuestions
import Wire

/// Gives each TCP segment to its connection, adds the segment's fields, and says when a connection begins anew under
/// the same addresses and ports.
final class TCPConnections {
    /// Addresses and ports of both ends, the smaller end first, so that both directions find the same connection.
    private struct Key: Hashable {
        let lower: TCPEndpoint
        let upper: TCPEndpoint
    }

    private let session: Session
    private let frame: CurrentFrame
    private var connections: [Key: TCPConnection] = [:]
    private var latest: (key: Key, connection: TCPConnection)?
    private var count = 0
    private let wantsFields: Bool

    init(_ session: Session) {
        self.session = session
        frame = session.frame
        wantsFields = frame.wanted.containsAny(.tcp ... .tcpPayload) || frame.wanted.contains(.frameProtocols)
    }

    func segment(_ packet: NetworkPacket) {
        guard let segment = TCPSegment(packet) else { return }
        let isForward = segment.source < segment.destination
        let key = Key(
            lower: isForward ? segment.source : segment.destination,
            upper: isForward ? segment.destination : segment.source)
        let connection = find(key, segment)
        let sender = connection.side(of: segment)
        connection.note(segment, from: sender)
        if wantsFields { addFields(segment, connection, sender) }
        if frame.wantsSummary { describe(segment, connection, sender) }
        connection.deliver(segment, from: sender)
    }

    func finish() {
        // In the order in which they began, so that the same capture gives the same rows.
        for connection in connections.values.sorted(by: { $0.index < $1.index }) { connection.finish() }
    }

    private func find(_ key: Key, _ segment: TCPSegment) -> TCPConnection {
        if let latest, latest.key == key, !latest.connection.isReplaced(by: segment) { return latest.connection }
        if let known = connections[key] {
            if !known.isReplaced(by: segment) {
                latest = (key, known)
                return known
            }
            known.finish()
        }
        if connections.count >= mostKept { forgetEnded() }
        let connection = TCPConnection(session, index: count, first: segment)
        count += 1
        connections[key] = connection
        latest = (key, connection)
        return connection
    }

    /// Connections that have ended are kept for a while, since acknowledgments and repetitions follow them.
    private func forgetEnded() {
        connections = connections.filter { !$0.value.isOver }
        mostKept = max(Self.usuallyKept, connections.count * 2)
    }

    private static let usuallyKept = 8192
    private var mostKept = usuallyKept

    private func addFields(_ segment: TCPSegment, _ connection: TCPConnection, _ sender: HTTPSide) {
        frame.enter(.tcp, "tcp")
        frame.add(.tcpBytes, .bytes(segment.bytes))
        frame.add(.tcpSrcport, .unsigned(UInt64(segment.source.port)))
        frame.add(.tcpDstport, .unsigned(UInt64(segment.destination.port)))
        frame.add(.tcpPort, .unsigned(UInt64(segment.source.port)))
        frame.add(.tcpPort, .unsigned(UInt64(segment.destination.port)))
        frame.add(.tcpStream, .unsigned(UInt64(connection.index)))
        frame.add(.tcpLen, .unsigned(UInt64(segment.length)))
        frame.add(.tcpSeq, .unsigned(UInt64(connection.relativeSequence(segment, sender))))
        frame.add(.tcpSeqRaw, .unsigned(UInt64(segment.sequence)))
        frame.add(.tcpAck, .unsigned(UInt64(connection.relativeAcknowledgment(segment, sender))))
        frame.add(.tcpAckRaw, .unsigned(UInt64(segment.acknowledgment)))
        frame.add(.tcpFlags, .unsigned(UInt64(segment.flags)))
        frame.add(.tcpFlagsFin, .boolean(segment.has(.fin)))
        frame.add(.tcpFlagsSyn, .boolean(segment.has(.syn)))
        frame.add(.tcpFlagsReset, .boolean(segment.has(.rst)))
        frame.add(.tcpFlagsPush, .boolean(segment.has(.psh)))
        frame.add(.tcpFlagsAck, .boolean(segment.has(.ack)))
        frame.add(.tcpWindowSizeValue, .unsigned(UInt64(segment.window)))
        frame.add(.tcpWindowSize, .unsigned(connection.window(segment, sender)))
        if !segment.payload.isEmpty { frame.add(.tcpPayload, .bytes(Array(segment.payload))) }
    }

    private func describe(_ segment: TCPSegment, _ connection: TCPConnection, _ sender: HTTPSide) {
        let names: [(TCPSegment.Flag, String)] = [
            (.fin, "FIN"), (.syn, "SYN"), (.rst, "RST"), (.psh, "PSH"), (.ack, "ACK"),
        ]
        let flags = names.filter { segment.has($0.0) }.map(\.1).joined(separator: ", ")
        let sequence = connection.relativeSequence(segment, sender)
        let acknowledgment =
            segment.has(.ack) ? " Ack=\(connection.relativeAcknowledgment(segment, sender))" : ""
        frame.describe(
            "TCP",
            "\(segment.source.port) → \(segment.destination.port) [\(flags)] Seq=\(sequence)\(acknowledgment) "
                + "Win=\(connection.window(segment, sender)) Len=\(segment.length)")
    }
}
