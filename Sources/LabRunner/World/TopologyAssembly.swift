import EngineNetwork
import LabModel
import Wire

/// The network of a lab's world, as the engine that emulates it wants it.
enum TopologyAssembly {
    /// - Throws: `StepFailure` with fault `lab` for addresses that the loader let through and the engine does not take.
    static func topology(of world: WorldDefinition) throws -> Topology {
        var topology = Topology()
        for router in world.routers {
            topology.routers.append(
                Router(
                    name: router.name, addresses: try [router.address, router.address6].map(address),
                    silent: router.isSilent))
        }
        for network in world.networks {
            // A hub between the router and its hosts, in the router's own name space of nodes.
            let hub = "network " + network.name
            topology.switches.append(Switch(name: hub))
            topology.links.append(
                Link(.init(network.router, addresses: try gatewayAddresses(of: network)), .init(hub)))
        }
        for link in world.links { topology.links.append(Link(.init(link.from), .init(link.to), delay: link.delay)) }
        for host in world.hosts {
            guard let network = world.network(host.network) else { continue }
            topology.hosts.append(
                Host(
                    name: host.name, kind: host.isVirtual ? .virtual : .namespace,
                    addresses: try addresses(of: host, in: network), condition: host.isDown ? .silent : .up))
            topology.links.append(Link(.init(host.name), .init("network " + network.name)))
        }
        try addResolver(of: world, to: &topology)
        topology.names = try world.names.compactMap { name in
            guard let host = world.host(name.host) else { return nil }
            var addresses = name.family == .ipv6 ? [] : [host.address]
            if name.family != .ipv4, let address6 = host.address6 { addresses.append(address6) }
            return NameRecord(name.name, addresses: try addresses.map(address))
        }
        // Routers and hosts without a name of their own answer reverse look-ups with the node's name.
        for router in world.routers {
            topology.names.append(
                NameRecord(router.name + ".net.example", addresses: try [router.address, router.address6].map(address)))
        }
        return topology
    }

    /// The resolver lives in the network whose prefix holds its address.
    private static func addResolver(of world: WorldDefinition, to topology: inout Topology) throws {
        guard !world.resolver.isEmpty else { return }
        let resolver = try address(world.resolver)
        for network in world.networks {
            guard let prefix = IPPrefix(network.prefix), prefix.contains(resolver),
                let own = InterfaceAddress(resolver, length: prefix.length)
            else { continue }
            topology.hosts.append(Host(name: "resolver", kind: .virtual, addresses: [own], resolver: true))
            topology.links.append(Link(.init("resolver"), .init("network " + network.name)))
            return
        }
        throw StepFailure(.lab, "the resolver \(world.resolver) lies in none of the world's networks")
    }

    private static func gatewayAddresses(of network: WorldDefinition.Network) throws -> [InterfaceAddress] {
        var addresses = [try interface(network.gateway, in: network.prefix)]
        if let gateway6 = network.gateway6, let prefix6 = network.prefix6 {
            addresses.append(try interface(gateway6, in: prefix6))
        }
        return addresses
    }

    private static func addresses(
        of host: WorldDefinition.Host, in network: WorldDefinition.Network
    ) throws -> [InterfaceAddress] {
        var addresses = [try interface(host.address, in: network.prefix)]
        if let address6 = host.address6, let prefix6 = network.prefix6 {
            addresses.append(try interface(address6, in: prefix6))
        }
        return addresses
    }

    private static func address(_ text: String) throws -> IPAddress {
        guard let address = IPAddress(text) else { throw StepFailure(.lab, "`\(text)` is no IP address") }
        return address
    }

    private static func interface(_ text: String, in prefix: String) throws -> InterfaceAddress {
        guard let prefix = IPPrefix(prefix), let address = InterfaceAddress(try address(text), length: prefix.length),
            prefix.contains(address.address)
        else { throw StepFailure(.lab, "the address `\(text)` does not lie in the network `\(prefix)`") }
        return address
    }
}
