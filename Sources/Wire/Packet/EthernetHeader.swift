/// The header of an Ethernet II frame; up to two VLAN tags (802.1Q, 802.1ad) are skipped.
package struct EthernetHeader: Sendable, Hashable {
    package let destination: MACAddress
    package let source: MACAddress
    package let type: EtherType
    /// The innermost tag's VLAN identifier.
    package let vlan: UInt16?
    /// Where the payload begins.
    package let length: Int

    package init(destination: MACAddress, source: MACAddress, type: EtherType) {
        self.destination = destination
        self.source = source
        self.type = type
        vlan = nil
        length = 14
    }

    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        guard bytes.count >= 14 else { throw .truncated(.ethernet, needed: 14, found: bytes.count) }
        destination = bytes.mac(0)
        source = bytes.mac(6)
        var type = EtherType(rawValue: bytes.be16(12))
        var offset = 14
        var vlan: UInt16?
        while type == .vlan || type == .providerBridge, offset < 22 {
            guard bytes.count >= offset + 4 else {
                throw .truncated(.ethernet, needed: offset + 4, found: bytes.count)
            }
            vlan = bytes.be16(offset) & 0xFFF
            type = EtherType(rawValue: bytes.be16(offset + 2))
            offset += 4
        }
        self.vlan = vlan
        self.type = type
        length = offset
    }

    /// A frame with this header, untagged.
    package func frame(carrying payload: [UInt8]) -> [UInt8] {
        payload.withUnsafeBytes { payload in
            [UInt8](header: 14, payload: payload) { frame in
                frame.put(destination, at: 0)
                frame.put(source, at: 6)
                frame.put16(type.rawValue, at: 12)
            }
        }
    }
}
