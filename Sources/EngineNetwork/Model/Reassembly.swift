import Wire

/// Pieces of packets for nodes of the model until they are whole (RFC 791 §3.2, RFC 8200 §4.5), within bounds of memory and
/// time.
struct Reassembly: Sendable {
    private struct Key: Hashable {
        let node: Int
        let source: IPAddress
        let destination: IPAddress
        let proto: IPProtocol
        let identification: UInt32
    }

    private struct Partial {
        var pieces: [(offset: Int, bytes: [UInt8])] = []
        var total: Int?
        var longest = 0
        var started: Int64
    }

    static let limit = 32
    private static let pieceLimit = 64
    private static let timeout: Int64 = 30_000_000_000
    private var partials: [Key: Partial] = [:]

    /// The whole packet once its last missing piece is there, and the length of the longest piece.
    mutating func received(
        _ packet: [UInt8], _ header: IPHeader, byNode node: Int, at time: Int64
    ) -> (packet: [UInt8], longestPiece: Int)? {
        let key = Key(
            node: node, source: header.source, destination: header.destination, proto: header.proto,
            identification: header.fragmentIdentification)
        if partials[key] == nil, partials.count >= Reassembly.limit {
            guard let oldest = partials.min(by: { $0.value.started < $1.value.started })?.key else { return nil }
            partials[oldest] = nil
        }
        var partial = partials[key] ?? Partial(started: time)
        if time > partial.started.advanced(by: Reassembly.timeout) { partial = Partial(started: time) }
        partial.longest = max(partial.longest, header.totalLength)
        partial.pieces.append((header.fragmentOffset, Array(packet[header.payload])))
        if !header.moreFragments { partial.total = header.fragmentOffset + header.payload.count }
        guard partial.pieces.count <= Reassembly.pieceLimit else {
            partials[key] = nil
            return nil
        }
        guard let payload = Reassembly.whole(partial) else {
            partials[key] = partial
            return nil
        }
        partials[key] = nil
        return IPPacket.build(
            from: header.source, to: header.destination, proto: header.proto, timeToLive: header.timeToLive,
            identification: UInt16(truncatingIfNeeded: key.identification), payload: payload
        ).map { ($0, partial.longest) }
    }

    private static func whole(_ partial: Partial) -> [UInt8]? {
        guard let total = partial.total, total <= 65515 else { return nil }
        var payload: [UInt8] = []
        for piece in partial.pieces.sorted(by: { $0.offset < $1.offset }) {
            guard piece.offset <= payload.count else { return nil }
            payload += piece.bytes.dropFirst(payload.count - piece.offset)
        }
        return payload.count >= total ? Array(payload.prefix(total)) : nil
    }
}
