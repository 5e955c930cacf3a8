/// What a router adds behind the packet that its ICMP error quotes (RFC 4884).
package enum ICMPExtension: Sendable, Hashable {
    /// The label stack of the packet as it came in (RFC 4950).
    case labels([MPLSLabel])
    /// An interface that the packet came or would have gone by (RFC 5837).
    case interface(InterfaceInformation)
    case other(classNumber: UInt8, type: UInt8, payload: [UInt8])
}

/// An entry of a label stack (RFC 3032 §2.1).
package struct MPLSLabel: Sendable, Hashable {
    /// 20 bits.
    package let label: UInt32
    /// 3 bits, once called experimental.
    package let trafficClass: UInt8
    package let isBottom: Bool
    package let timeToLive: UInt8

    package init(label: UInt32, trafficClass: UInt8 = 0, isBottom: Bool, timeToLive: UInt8) {
        self.label = label & 0xF_FFFF
        self.trafficClass = trafficClass & 7
        self.isBottom = isBottom
        self.timeToLive = timeToLive
    }

    fileprivate var word: UInt32 {
        label << 12 | UInt32(trafficClass) << 9 | (isBottom ? 0x100 : 0) | UInt32(timeToLive)
    }

    fileprivate init(word: UInt32) {
        self.init(
            label: word >> 12, trafficClass: UInt8(word >> 9 & 7), isBottom: word & 0x100 != 0,
            timeToLive: UInt8(word & 0xFF))
    }
}

/// What a router tells about one of its interfaces (RFC 5837 §4); what it does not tell is nil.
package struct InterfaceInformation: Sendable, Hashable {
    package enum Role: UInt8, Sendable, Hashable {
        case incoming = 0
        case incomingComponent
        case outgoing
        case nextHop
    }

    package let role: Role
    package let index: UInt32?
    package let address: IPAddress?
    package let name: String?
    package let mtu: UInt32?

    package init(
        role: Role, index: UInt32? = nil, address: IPAddress? = nil, name: String? = nil, mtu: UInt32? = nil
    ) {
        self.role = role
        self.index = index
        self.address = address
        self.name = name
        self.mtu = mtu
    }
}

// MARK: Writing

extension ICMPExtension {
    /// The extension structure with its header and checksum (RFC 4884 §7).
    package static func structure(_ objects: [ICMPExtension]) -> [UInt8] {
        var bytes: [UInt8] = [0x20, 0, 0, 0]
        for object in objects {
            let (classNumber, type, payload) = object.parts
            bytes.append16(UInt16(truncatingIfNeeded: 4 + payload.count))
            bytes += [classNumber, type]
            bytes += payload
        }
        bytes.put16(InternetChecksum.of(bytes), at: 2)
        return bytes
    }

    private var parts: (classNumber: UInt8, type: UInt8, payload: [UInt8]) {
        switch self {
        case .labels(let stack):
            var payload: [UInt8] = []
            for entry in stack { payload.append32(entry.word) }
            return (1, 1, payload)
        case .interface(let information): return (2, information.type, information.payload)
        case .other(let classNumber, let type, let payload): return (classNumber, type, payload)
        }
    }
}

extension InterfaceInformation {
    fileprivate var type: UInt8 {
        role.rawValue << 6 | (index == nil ? 0 : 8) | (address == nil ? 0 : 4) | (name == nil ? 0 : 2)
            | (mtu == nil ? 0 : 1)
    }

    fileprivate var payload: [UInt8] {
        var payload: [UInt8] = []
        if let index { payload.append32(index) }
        if let address {
            payload.append16(address.family == .v4 ? 1 : 2)
            payload.append16(0)
            payload += address.bytes
        }
        if let name {
            // With its length, in whole words, at most 64 bytes.
            let text = Array(name.utf8.prefix(63))
            let length = (1 + text.count + 3) / 4 * 4
            payload.append(UInt8(length))
            payload += text + [UInt8](repeating: 0, count: length - 1 - text.count)
        }
        if let mtu { payload.append32(mtu) }
        return payload
    }

    /// Nil where the object is cut off or contradicts itself.
    fileprivate init?(type: UInt8, _ bytes: UnsafeRawBufferPointer) {
        guard let role = Role(rawValue: type >> 6) else { return nil }
        var offset = 0
        var (index, address, name, mtu): (UInt32?, IPAddress?, String?, UInt32?)
        if type & 8 != 0 {
            guard bytes.count >= offset + 4 else { return nil }
            index = bytes.be32(offset)
            offset += 4
        }
        if type & 4 != 0 {
            guard bytes.count >= offset + 4 else { return nil }
            let family = bytes.be16(offset)
            offset += 4
            switch family {
            case 1:
                guard bytes.count >= offset + 4 else { return nil }
                address = .v4(IPv4Address(rawValue: bytes.be32(offset)))
                offset += 4
            case 2:
                guard bytes.count >= offset + 16 else { return nil }
                address = .v6(bytes.ipv6(offset))
                offset += 16
            default: return nil
            }
        }
        if type & 2 != 0 {
            guard offset < bytes.count else { return nil }
            let length = Int(bytes[offset])
            guard length >= 4, length <= 64, length % 4 == 0, bytes.count >= offset + length else { return nil }
            let text = bytes[(offset + 1)..<(offset + length)].prefix { $0 != 0 }
            name = String(decoding: text, as: UTF8.self)
            offset += length
        }
        if type & 1 != 0 {
            guard bytes.count >= offset + 4 else { return nil }
            mtu = bytes.be32(offset)
        }
        self.init(role: role, index: index, address: address, name: name, mtu: mtu)
    }
}

// MARK: Reading

extension ICMPExtension {
    /// The objects of an ICMP error, from its first byte on; empty for every other message, and where version or checksum of
    /// the structure is wrong. Without a checksum (0) it is taken only where the message says by its length that it is there
    /// (RFC 4884 §7): behind the 128 bytes that a sender without lengths quotes (§5.5) anything may stand.
    package static func objects(in message: UnsafeRawBufferPointer, _ family: IPFamily) -> [ICMPExtension] {
        guard message.count > ICMPHeader.length, hasExtensions(type: message[0], family) else { return [] }
        let words = family == .v4 ? Int(message[5]) * 4 : Int(message[4]) * 8
        let start = ICMPHeader.length + (words == 0 ? 128 : words)
        guard words == 0 || words >= 128, message.count >= start + 4 else { return [] }
        let structure = message.part(start..<message.count)
        let isUnsummed = words != 0 && structure.be16(2) == 0
        guard structure[0] >> 4 == 2, isUnsummed || InternetChecksum.of(structure) == 0 else { return [] }
        var objects: [ICMPExtension] = []
        var offset = 4
        while structure.count >= offset + 4 {
            let length = Int(structure.be16(offset))
            guard length >= 4, structure.count >= offset + length else { break }
            let (classNumber, type) = (structure[offset + 2], structure[offset + 3])
            let payload = structure.part((offset + 4)..<(offset + length))
            switch (classNumber, type) {
            case (1, 1):
                objects.append(
                    .labels(stride(from: 0, to: payload.count / 4 * 4, by: 4).map { MPLSLabel(word: payload.be32($0)) })
                )
            case (2, _):
                if let information = InterfaceInformation(type: type, payload) {
                    objects.append(.interface(information))
                } else {
                    fallthrough
                }
            default: objects.append(.other(classNumber: classNumber, type: type, payload: Array(payload)))
            }
            offset += length
        }
        return objects
    }

    /// RFC 4884 §4: destination unreachable, time exceeded and, in ICMPv4, parameter problem.
    static func hasExtensions(type: UInt8, _ family: IPFamily) -> Bool {
        switch family {
        case .v4: [3, 11, 12].contains(type)
        case .v6: [1, 3].contains(type)
        }
    }
}
