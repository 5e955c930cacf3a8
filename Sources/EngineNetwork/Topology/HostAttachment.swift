import Wire

/// What a namespace has to be given so that its kernel finds the emulated network: addresses, gateways, neighbours.
///
/// Neighbour entries spare the first packet an ARP or ND exchange; the model answers those too.
package struct HostAttachment: Sendable, Hashable {
    package struct Neighbor: Sendable, Hashable {
        package let address: IPAddress
        package let hardwareAddress: MACAddress
    }

    package let host: String
    package let hardwareAddress: MACAddress
    package let addresses: [InterfaceAddress]
    /// The default route of each family, when a router is in reach.
    package let gateways: [IPAddress]
    /// Who is on the same subnet, gateways first. Entries may be made permanent.
    package let neighbors: [Neighbor]
    /// The smallest MTU on the way to any neighbour.
    package let mtu: Int
    /// Addresses of all resolvers in the topology, in order.
    package let resolvers: [IPAddress]
}

extension Topology {
    /// The address the host's interface must have: the one given, or 02:6c:61:62 followed by its place among the hosts.
    package func hardwareAddress(ofHost name: String) -> MACAddress? {
        guard let index = hosts.firstIndex(where: { $0.name == name }) else { return nil }
        return hosts[index].hardwareAddress ?? MACAddress(rawValue: 0x026C_6162_0000 | UInt64(index + 1) & 0xFFFF)
    }

    /// The address of one end of a link when it belongs to a router: the one given, or 02:72 followed by the link's place.
    func hardwareAddress(ofLink index: Int, atEndA: Bool) -> MACAddress {
        let end = atEndA ? links[index].a : links[index].b
        return end.hardwareAddress
            ?? MACAddress(rawValue: 0x0272_0000_0000 | UInt64(index & 0x7FFF_FFFF) << 1 | (atEndA ? 0 : 1))
    }

    /// How to configure the namespace of `host`; nil for a host that does not exist or has no link.
    package func attachment(ofHost name: String) -> HostAttachment? {
        guard let host = hosts.first(where: { $0.name == name }), let own = hardwareAddress(ofHost: name),
            let subnet = Subnets(self).subnet(ofHost: name)
        else { return nil }
        let others = subnet.members.filter { $0.node != name }
        let gateways = host.gateways ?? subnet.defaultGateways(for: host)
        let known = others.flatMap { member in
            member.addresses.map {
                HostAttachment.Neighbor(address: $0.address, hardwareAddress: member.hardwareAddress)
            }
        }
        let first = gateways.compactMap { gateway in known.first { $0.address == gateway } }
        let local = known.filter { neighbor in
            !gateways.contains(neighbor.address)
                && host.addresses.contains { $0.prefix.contains(neighbor.address) }
        }
        return HostAttachment(
            host: name, hardwareAddress: own, addresses: host.addresses, gateways: gateways, neighbors: first + local,
            mtu: subnet.mtu,
            resolvers: hosts.filter(\.resolver).flatMap { $0.addresses.map(\.address) })
    }
}
