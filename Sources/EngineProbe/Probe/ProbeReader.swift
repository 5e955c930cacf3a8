import Wire

/// What bytes from outside say about our probes: the pure half of a transport. Nothing in them can do more than be wrong.
package struct ProbeReader: Sendable {
    /// Of our echoes; nil where the kernel only hands over what is ours.
    package var identifier: UInt16?
    /// Nil: payloads are not looked at.
    package var payload: EchoPayload?
    /// The address that probes leave from; nil: reports are not held against it.
    package var source: IPAddress?
    /// Whom all probes go to; nil: there are several.
    package var target: IPAddress?

    package init(
        identifier: UInt16?, payload: EchoPayload? = nil, source: IPAddress? = nil, target: IPAddress? = nil
    ) {
        self.identifier = identifier
        self.payload = payload
        self.source = source
        self.target = target
    }

    /// When and how a packet arrived.
    package struct Arrival: Sendable {
        package var from: IPAddress
        package var timeToLive: UInt8?
        package var at: Int64

        package init(from: IPAddress, timeToLive: UInt8?, at: Int64) {
            self.from = from
            self.timeToLive = timeToLive
            self.at = at
        }
    }

    /// Reads an ICMP message without its IP header; nil when it is none of ours.
    ///
    /// - Parameter verifiesChecksum: whether nobody has summed it yet: raw IPv4 sockets get messages before the kernel looks.
    package func message(
        _ icmp: UnsafeRawBufferPointer, _ arrival: Arrival, verifiesChecksum: Bool = false
    ) -> ProbeObservation? {
        guard let header = try? ICMPHeader(parsing: icmp) else { return nil }
        let kind = ICMPKind(family: arrival.from.family, type: header.type, code: header.code)
        let body = UnsafeRawBufferPointer(rebasing: icmp[ICMPHeader.length...])
        let isSound = !verifiesChecksum || InternetChecksum.of(icmp) == 0
        if kind == .echoReply {
            guard identifier == nil || header.identifier == identifier else { return nil }
            var integrity = payload?.verdict(on: body, from: arrival.from, number: header.sequence) ?? .intact
            if !isSound, integrity == .intact { integrity = .damaged }
            return ProbeObservation(
                number: header.sequence, outcome: .reply, from: arrival.from, timeToLive: arrival.timeToLive,
                bytes: icmp.count, at: arrival.at, integrity: integrity)
        }
        // A report that is damaged is no evidence of anything.
        guard isSound, let outcome = ProbeReader.outcome(kind, header) else { return nil }
        var observation = quoted(body, outcome, arrival, bytes: icmp.count)
        observation?.extensions = ICMPExtension.objects(in: icmp, arrival.from.family)
        return observation
    }

    /// What stands behind the quote in an error queue: `structure` is the extension structure alone (RFC 4884 §7).
    package static func extensions(_ structure: UnsafeRawBufferPointer) -> [ICMPExtension] {
        // As it would have come behind a quote of 32 words: the kernel found it by the message's length.
        let message = [11, 0, 0, 0, 0, 32, 0, 0] + [UInt8](repeating: 0, count: 128) + structure
        return message.withUnsafeBytes { ICMPExtension.objects(in: $0, .v4) }
    }

    private func quoted(
        _ body: UnsafeRawBufferPointer, _ outcome: ProbeObservation.Outcome, _ arrival: Arrival, bytes: Int
    ) -> ProbeObservation? {
        guard let header = try? IPHeader(parsing: body, truncationAllowed: true),
            let packet = try? QuotedPacket(parsing: body),
            packet.destination.family == arrival.from.family,
            case .echo(let identifier, let sequence) = packet.transport
        else { return nil }
        let echo = UnsafeRawBufferPointer(rebasing: body[header.payload])
        let rest = UnsafeRawBufferPointer(rebasing: echo[min(ICMPHeader.length, echo.count)...])
        // Whatever else was rewritten, the mark says whose it is.
        let isMarked = target.map { payload?.isQuoted(rest, to: $0, number: sequence) ?? false } ?? false
        guard isMarked || self.identifier == nil || identifier == self.identifier else { return nil }
        let destination = isMarked ? target ?? packet.destination : packet.destination
        let isOurs = isMarked || payload?.mayBeQuoted(rest, to: destination, number: sequence) ?? true
        var observation = ProbeObservation(
            number: sequence, outcome: outcome, target: destination, from: arrival.from,
            timeToLive: arrival.timeToLive, bytes: bytes, at: arrival.at, integrity: isOurs ? .intact : .forged)
        observation.quotedTimeToLive = packet.timeToLive
        if isOurs {
            observation.rewritten = rewritten(
                packet, identifier: identifier, echo: echo, isWhole: header.payload.upperBound == header.totalLength,
                destination, sequence)
        }
        return observation
    }

    private func rewritten(
        _ packet: QuotedPacket, identifier: UInt16, echo: UnsafeRawBufferPointer, isWhole: Bool,
        _ destination: IPAddress, _ sequence: UInt16
    ) -> [RewrittenField] {
        var fields: [RewrittenField] = []
        if let source, packet.source != source { fields.append(.source) }
        if packet.destination != destination { fields.append(.destination) }
        if let own = self.identifier, identifier != own { fields.append(.identifier) }
        // The checksum alone tells only when all that it covers is there, and is ours.
        if fields.isEmpty, isWhole, let source, let payload, echo.count >= ICMPHeader.length + 16,
            payload.verdict(
                on: UnsafeRawBufferPointer(rebasing: echo[ICMPHeader.length...]), from: destination, number: sequence)
                == .intact,
            !ICMPHeader.checksumHolds(in: echo, from: source, to: destination)
        {
            fields.append(.checksum)
        }
        return fields
    }

    /// Reads the echo request that an error queue gives back; nil when it is too short to be known again.
    package func number(ofQueued echo: UnsafeRawBufferPointer) -> UInt16? {
        (try? ICMPHeader(parsing: echo))?.sequence
    }

    package static func outcome(_ kind: ICMPKind, _ header: ICMPHeader) -> ProbeObservation.Outcome? {
        outcome(kind, header.type, header.code, mtu: kind == .packetTooBig ? Int(header.rest) : 0)
    }

    /// What a report means; nil for one that does not end a probe. In IPv4 the MTU has the lower half of its word (RFC 1191).
    package static func outcome(
        _ kind: ICMPKind, _ type: UInt8, _ code: UInt8, mtu: Int
    ) -> ProbeObservation.Outcome? {
        switch kind {
        case .timeExceeded: .timeExceeded
        case .destinationUnreachable, .parameterProblem: .unreachable(type: type, code: code)
        case .packetTooBig: .packetTooBig(mtu: type == 3 ? mtu & 0xFFFF : mtu)
        default: nil
        }
    }
}
