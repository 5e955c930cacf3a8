import Wire

/// What routers spread packets by.
extension NetworkModel {
    /// A hash of the packet's flow. A report is hashed as the packet it quotes, so that answers about one flow keep together.
    func flowHash(_ arrival: Walk.Arrival, _ balancing: Router.Balancing) -> UInt64 {
        let start = Hash.mix(seed, map.keyOfNode[arrival.node])
        switch balancing {
        case .packet: return Hash.mix(Hash.mix(start, arrival.identity.flow), arrival.identity.ordinal)
        case .destination: return Hash.mix(start, arrival.header.destination)
        case .flow:
            return arrival.packet.withUnsafeBytes { bytes in
                let header = arrival.header
                if header.proto == .icmp(header.family), header.hasTransportHeader,
                    header.payload.count > ICMPHeader.length,
                    let message = try? ICMPHeader(parsing: part(bytes, from: header.payload.lowerBound)),
                    ICMPKind(family: header.family, type: message.type, code: message.code).isError
                {
                    let quote = part(bytes, from: header.payload.lowerBound + ICMPHeader.length)
                    if let quoted = try? IPHeader(parsing: quote, truncationAllowed: true) {
                        return NetworkModel.flowHash(quoted, quote, start)
                    }
                }
                return NetworkModel.flowHash(header, bytes, start)
            }
        }
    }

    private static func flowHash(_ header: IPHeader, _ bytes: UnsafeRawBufferPointer, _ start: UInt64) -> UInt64 {
        var hash = Hash.mix(Hash.mix(start, header.source), header.destination)
        hash = Hash.mix(hash, UInt64(header.proto.rawValue))
        if case .v6(let header) = header { hash = Hash.mix(hash, UInt64(header.flowLabel)) }
        guard header.hasTransportHeader, !header.isFragment, header.payload.count >= 4 else { return hash }
        let first = bytes[header.payload.lowerBound..<(header.payload.lowerBound + 4)]
        return Hash.mix(hash, first.reduce(0) { $0 << 8 | UInt64($1) })
    }
}
