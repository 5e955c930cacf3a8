/// The header of an ICMP (RFC 792) or ICMPv6 (RFC 4443) message: the first eight bytes; what follows is the payload.
package struct ICMPHeader: Sendable, Hashable {
    package let type: UInt8
    package let code: UInt8
    package let checksum: UInt16
    /// The second word: identifier and sequence number of an echo, MTU of a "too big", unused otherwise.
    package let rest: UInt32

    /// Of an echo.
    package var identifier: UInt16 { UInt16(truncatingIfNeeded: rest >> 16) }
    /// Of an echo.
    package var sequence: UInt16 { UInt16(truncatingIfNeeded: rest) }

    package static let length = 8

    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        guard bytes.count >= 8 else { throw .truncated(.icmp, needed: 8, found: bytes.count) }
        type = bytes[0]
        code = bytes[1]
        checksum = bytes.be16(2)
        rest = bytes.be32(4)
    }

    /// A message with its checksum; ICMPv6 sums the addresses too (RFC 4443 §2.3), which IPv4 ignores.
    package static func message(
        type: UInt8, code: UInt8 = 0, rest: UInt32, payload: UnsafeRawBufferPointer, from source: IPAddress,
        to destination: IPAddress
    ) -> [UInt8] {
        [UInt8](header: length, payload: payload) { message in
            message[0] = type
            message[1] = code
            message.put16(0, at: 2)
            message.put32(rest, at: 4)
            var checksum = InternetChecksum()
            if source.family == .v6 {
                checksum.addPseudoHeader(
                    source: source, destination: destination, protocol: .icmpv6, length: message.count)
            }
            checksum.add(UnsafeRawBufferPointer(message))
            message.put16(checksum.value, at: 2)
        }
    }

    package static func message(
        type: UInt8, code: UInt8 = 0, rest: UInt32, payload: [UInt8], from source: IPAddress,
        to destination: IPAddress
    ) -> [UInt8] {
        payload.withUnsafeBytes {
            message(type: type, code: code, rest: rest, payload: $0, from: source, to: destination)
        }
    }

    package static func message(
        type: UInt8, code: UInt8 = 0, rest: UInt32, payload: some Collection<UInt8>, from source: IPAddress,
        to destination: IPAddress
    ) -> [UInt8] {
        message(type: type, code: code, rest: rest, payload: Array(payload), from: source, to: destination)
    }

    /// Whether the message's checksum holds.
    package static func checksumHolds(
        in message: UnsafeRawBufferPointer, from source: IPAddress, to destination: IPAddress
    ) -> Bool {
        var checksum = InternetChecksum()
        if source.family == .v6 {
            checksum.addPseudoHeader(
                source: source, destination: destination, protocol: .icmpv6, length: message.count)
        }
        checksum.add(message)
        return checksum.value == 0
    }
}

/// The messages both versions have, told apart by meaning instead of number.
package enum ICMPKind: Sendable, Hashable {
    case echoRequest
    case echoReply
    case timeExceeded
    case destinationUnreachable
    /// RFC 792 type 3 code 4; RFC 4443 type 2.
    case packetTooBig
    case parameterProblem
    case redirect
    case neighborSolicitation
    case neighborAdvertisement
    case routerSolicitation
    case routerAdvertisement
    case other

    package init(family: IPFamily, type: UInt8, code: UInt8) {
        switch (family, type) {
        case (.v4, 0), (.v6, 129): self = .echoReply
        case (.v4, 8), (.v6, 128): self = .echoRequest
        case (.v4, 3): self = code == 4 ? .packetTooBig : .destinationUnreachable
        case (.v6, 1): self = .destinationUnreachable
        case (.v6, 2): self = .packetTooBig
        case (.v4, 11), (.v6, 3): self = .timeExceeded
        case (.v4, 12), (.v6, 4): self = .parameterProblem
        case (.v4, 5), (.v6, 137): self = .redirect
        case (.v6, 133): self = .routerSolicitation
        case (.v6, 134): self = .routerAdvertisement
        case (.v6, 135): self = .neighborSolicitation
        case (.v6, 136): self = .neighborAdvertisement
        default: self = .other
        }
    }

    /// Whether it reports about another packet, so that nothing may be reported about it (RFC 1122 §3.2.2).
    package var isError: Bool {
        switch self {
        case .timeExceeded, .destinationUnreachable, .packetTooBig, .parameterProblem, .redirect: true
        default: false
        }
    }
}
