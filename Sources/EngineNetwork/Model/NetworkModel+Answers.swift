import Wire

/// What routers and virtual hosts answer to packets for one of their addresses.
extension NetworkModel {
    mutating func packetReachedDestination(_ arrival: Walk.Arrival, _ walk: inout Walk) {
        note(.received, arrival)
        let header = arrival.header
        guard !map.nodes[arrival.node].isSilent else { return rememberFate(.ignored, arrival, .silent) }
        guard header.source.isUnicast, !header.source.isLoopback, filter(arrival, &walk) else { return }
        guard header.isFragment else { return answer(arrival, &walk) }
        guard let whole = reassembly.received(arrival.packet, header, byNode: arrival.node, at: arrival.time),
            var packet = Walk.Arrival(
                packet: whole.packet, node: arrival.node, entry: arrival.entry, time: arrival.time,
                identity: arrival.identity), !packet.header.isFragment
        else { return }
        (packet.number, packet.origin) = (arrival.number, arrival.origin)
        answer(packet, &walk)
    }

    private mutating func answer(_ arrival: Walk.Arrival, _ walk: inout Walk) {
        let (node, header) = (arrival.node, arrival.header)
        var reply: (proto: IPProtocol, payload: [UInt8])?
        var (unreachable, isWithheld, isUnanswered) = (false, false, false)
        var delay: Int64 = 0
        arrival.packet.withUnsafeBytes { bytes in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            switch header.proto {
            case .icmp(header.family):
                guard !withholds(node, .echo) else {
                    isWithheld = true
                    return
                }
                reply = NetworkModel.echoReply(to: payload, header).map { (.icmp(header.family), $0) }
            case .udp:
                guard UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination),
                    let udp = try? UDPHeader(parsing: payload)
                else { return }
                if udp.destinationPort == 53, map.host(ofNode: node)?.resolver == true {
                    if let answer = zone.answer(UnsafeRawBufferPointer(rebasing: payload[udp.payload])) {
                        delay = answer.delay
                        isUnanswered = answer.bytes == nil
                        reply = answer.bytes.map { (.udp, NetworkModel.datagram($0, answering: udp, header)) }
                    }
                } else {
                    unreachable = true
                }
            case .tcp: reply = NetworkModel.reset(payload, header).map { (.tcp, $0) }
            default: break
            }
        }
        if isWithheld || unreachable && withholds(node, .unreachable) { rememberFate(.ignored, arrival, .withheld) }
        if isUnanswered { rememberFate(.ignored, arrival, .silent) }
        if unreachable, !withholds(node, .unreachable),
            let report = arrival.packet.withUnsafeBytes({
                ICMPError.portUnreachable.packet(about: $0, from: header.destination)
            })
        {
            let number = newNumber()
            if let number { tell(.answered(packet: number), arrival) }
            walk.send(
                report, from: node, at: arrival.time,
                arrival.identity.derived(.report, by: map.keyOfNode[node]), of: arrival.origin?.answered,
                number: number)
        }
        guard let reply else { return }
        let identification: UInt16 = if case .v4(let ipv4) = header { ipv4.identification } else { 0 }
        if let answer = IPPacket.build(
            from: header.destination, to: header.source, proto: reply.proto, identification: identification,
            payload: reply.payload)
        {
            let number = newNumber()
            if let number { tell(.answered(packet: number), arrival) }
            walk.send(
                answer, from: node, at: arrival.time.advanced(by: delay), arrival.identity.derived(.reply),
                of: arrival.origin?.answered,
                number: number)
        }
    }

    /// What a host says to an echo request, nil to all else; given the message behind the IP header.
    package static func echoReply(to message: UnsafeRawBufferPointer, _ header: IPHeader) -> [UInt8]? {
        guard ICMPHeader.checksumHolds(in: message, from: header.source, to: header.destination),
            let echo = try? ICMPHeader(parsing: message),
            ICMPKind(family: header.family, type: echo.type, code: echo.code) == .echoRequest
        else { return nil }
        return ICMPHeader.message(
            type: header.family == .v4 ? 0 : 129, rest: echo.rest, payload: part(message, from: ICMPHeader.length),
            from: header.destination, to: header.source)
    }

    private static func datagram(_ answer: [UInt8], answering udp: UDPHeader, _ header: IPHeader) -> [UInt8] {
        UDPHeader.datagram(
            from: header.destination, port: udp.destinationPort, to: header.source, port: udp.sourcePort,
            payload: answer)
    }

    /// Nothing listens: a reset, unless the segment is one (RFC 9293 §3.5.2).
    static func reset(_ segment: UnsafeRawBufferPointer, _ header: IPHeader) -> [UInt8]? {
        guard let tcp = try? TCPHeader(parsing: segment), !tcp.flags.contains(.rst) else { return nil }
        let length =
            UInt32(truncatingIfNeeded: tcp.payload.count)
            &+ (tcp.flags.contains(.syn) ? 1 : 0) &+ (tcp.flags.contains(.fin) ? 1 : 0)
        let acknowledged = tcp.flags.contains(.ack)
        return TCPHeader.segment(
            from: header.destination, port: tcp.destinationPort, to: header.source, port: tcp.sourcePort,
            sequence: acknowledged ? tcp.acknowledgment : 0,
            acknowledgment: acknowledged ? 0 : tcp.sequence &+ length, flags: acknowledged ? .rst : [.rst, .ack])
    }
}
