/// An address resolution packet for IPv4 over Ethernet (RFC 826).
package struct ARPPacket: Sendable, Hashable {
    package enum Operation: UInt16, Sendable {
        case request = 1
        case reply = 2
    }

    package var operation: Operation
    package var senderHardware: MACAddress
    package var sender: IPv4Address
    package var targetHardware: MACAddress
    package var target: IPv4Address

    package init(
        operation: Operation, senderHardware: MACAddress, sender: IPv4Address, targetHardware: MACAddress,
        target: IPv4Address
    ) {
        self.operation = operation
        self.senderHardware = senderHardware
        self.sender = sender
        self.targetHardware = targetHardware
        self.target = target
    }

    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        guard bytes.count >= 28 else { throw .truncated(.arp, needed: 28, found: bytes.count) }
        guard bytes.be16(0) == 1 else { throw .malformed(.arp, field: "arp.hw.type") }
        guard bytes.be16(2) == EtherType.ipv4.rawValue else { throw .malformed(.arp, field: "arp.proto.type") }
        guard bytes.be16(4) == 0x0604 else { throw .malformed(.arp, field: "arp.hw.size") }
        guard let operation = Operation(rawValue: bytes.be16(6)) else {
            throw .malformed(.arp, field: "arp.opcode")
        }
        self.operation = operation
        senderHardware = bytes.mac(8)
        sender = IPv4Address(rawValue: bytes.be32(14))
        targetHardware = bytes.mac(18)
        target = IPv4Address(rawValue: bytes.be32(24))
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = [0, 1, 8, 0, 6, 4, 0, UInt8(operation.rawValue)]
        bytes += senderHardware.bytes + sender.bytes + targetHardware.bytes + target.bytes
        return bytes
    }
}
