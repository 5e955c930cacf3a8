import Wire

/// Numbers the packets of each flow as hosts send them, and remembers echo requests until their replies come by.
struct FlowLedger: Sendable {
    private struct Echo: Hashable {
        let asking: IPAddress
        let asked: IPAddress
        let rest: UInt32
    }

    /// Above these the oldest knowledge goes: a scan of every port of every host must not fill the memory.
    private static let flowLimit = 1 << 16
    private static let echoLimit = 1 << 13

    private var counts: [UInt64: UInt64] = [:]
    private var echoes: [Echo: [PacketIdentity]] = [:]
    private var order: [Echo] = []
    private var oldest = 0

    /// The identity of a packet that a host just sent. `host` and `seed` are hashes.
    mutating func identity(
        of header: IPHeader, _ packet: UnsafeRawBufferPointer, host: UInt64, seed: UInt64
    ) -> PacketIdentity {
        let payload = UnsafeRawBufferPointer(rebasing: packet[header.payload])
        if header.proto == .icmp(header.family), let message = FlowLedger.echo(in: payload, header, .echoReply) {
            let echo = Echo(asking: header.destination, asked: header.source, rest: message.rest)
            if var waiting = echoes[echo], !waiting.isEmpty {
                let request = waiting.removeFirst()
                echoes[echo] = waiting.isEmpty ? nil : waiting
                return request.derived(.reply)
            }
        }
        var flow = Hash.mix(Hash.mix(seed, host), header.destination)
        flow = Hash.mix(flow, UInt64(header.proto.rawValue) << 16 | UInt64(FlowLedger.service(header, payload)))
        if counts.count >= FlowLedger.flowLimit, counts[flow] == nil { counts = [:] }
        let ordinal = counts[flow, default: 0]
        counts[flow] = ordinal &+ 1
        return PacketIdentity(flow: flow, ordinal: ordinal)
    }

    /// An echo request reaches a host whose kernel will answer.
    mutating func delivered(_ packet: [UInt8], _ header: IPHeader, _ identity: PacketIdentity) {
        guard header.proto == .icmp(header.family) else { return }
        packet.withUnsafeBytes { bytes in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            guard let message = FlowLedger.echo(in: payload, header, .echoRequest) else { return }
            let echo = Echo(asking: header.source, asked: header.destination, rest: message.rest)
            if echoes[echo] == nil {
                order.append(echo)
                if order.count - oldest > FlowLedger.echoLimit {
                    echoes[order[oldest]] = nil
                    oldest += 1
                    if oldest > FlowLedger.echoLimit {
                        order.removeFirst(oldest)
                        oldest = 0
                    }
                }
            }
            if echoes[echo, default: []].count < 16 { echoes[echo, default: []].append(identity) }
        }
    }

    private static func echo(in payload: UnsafeRawBufferPointer, _ header: IPHeader, _ kind: ICMPKind) -> ICMPHeader? {
        guard header.fragmentOffset == 0, let message = try? ICMPHeader(parsing: payload),
            ICMPKind(family: header.family, type: message.type, code: message.code) == kind
        else { return nil }
        return message
    }

    /// The port by which a service is known: the lower one below the ephemeral range (RFC 6335, and Linux's wider one), or 0
    /// where there is none, as between traceroute's ports. For ICMP its type.
    private static func service(_ header: IPHeader, _ payload: UnsafeRawBufferPointer) -> UInt16 {
        guard header.fragmentOffset == 0, payload.count >= 4 else { return 0 }
        switch header.proto {
        case .udp, .tcp:
            let source = UInt16(payload[0]) << 8 | UInt16(payload[1])
            let destination = UInt16(payload[2]) << 8 | UInt16(payload[3])
            let lower = min(source, destination)
            return lower < 32768 ? lower : 0
        case .icmp(header.family): return UInt16(payload[0])
        default: return 0
        }
    }
}
