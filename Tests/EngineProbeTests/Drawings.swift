import EngineNetwork
import Wire

/// The topology that probes are tested on, with addresses from the ranges for documentation and benchmarking.
enum Drawings {
    static func interface(_ text: String) -> InterfaceAddress {
        guard let address = InterfaceAddress(text) else { preconditionFailure("\(text) is no interface address") }
        return address
    }

    static func address(_ text: String) -> IPAddress {
        guard let address = IPAddress(text) else { preconditionFailure("\(text) is no address") }
        return address
    }

    static let millisecond: Int64 = 1_000_000

    /// laptop - r1 - … - rN - www, with a resolver and a dead host beside www on a switch, both families.
    ///
    /// Router i has 198.18.i.1 and .2 towards its neighbours; the laptop's side of r1 is 192.0.2.1.
    static func chain(routers count: Int, delay: Int64 = millisecond, www: Host.Kind = .virtual) -> Topology {
        var topology = Topology()
        topology.hosts = [
            Host(name: "laptop", addresses: [interface("192.0.2.10/24"), interface("2001:db8:0:1::10/64")]),
            Host(name: "www", kind: www, addresses: [interface("203.0.113.80/24"), interface("2001:db8:0:2::80/64")]),
            Host(
                name: "dns", kind: .virtual,
                addresses: [interface("203.0.113.53/24"), interface("2001:db8:0:2::53/64")], resolver: true),
            Host(
                name: "dead", kind: .virtual,
                addresses: [interface("203.0.113.66/24"), interface("2001:db8:0:2::66/64")], condition: .silent),
        ]
        topology.routers = (1...count).map { Router(name: "r\($0)") }
        topology.switches = [Switch(name: "lan")]
        let first = Link.End("r1", addresses: [interface("192.0.2.1/24"), interface("2001:db8:0:1::1/64")])
        topology.links = [Link(Link.End("laptop"), first, delay: delay)]
        for index in 1..<max(1, count) {
            let near = Link.End(
                "r\(index)", addresses: [interface("198.18.\(index).1/30"), interface("2001:db8:1:\(index)::1/64")])
            let far = Link.End(
                "r\(index + 1)",
                addresses: [interface("198.18.\(index).2/30"), interface("2001:db8:1:\(index)::2/64")])
            topology.links.append(Link(near, far, delay: delay))
        }
        let last = Link.End("r\(count)", addresses: [interface("203.0.113.1/24"), interface("2001:db8:0:2::1/64")])
        topology.links.append(Link(last, Link.End("lan"), delay: 0))
        for host in ["www", "dns", "dead"] {
            topology.links.append(Link(Link.End("lan"), Link.End(host), delay: host == "www" ? delay : 0))
        }
        topology.names = [
            NameRecord(
                "www.example.test", addresses: [address("203.0.113.80"), address("2001:db8:0:2::80")]),
            NameRecord("alias.example.test", alias: "www.example.test"),
            NameRecord("r1.example.test", addresses: [address("192.0.2.1")]),
        ]
        return topology
    }

    /// laptop - r1 - (r2 | r3) - r4 - www: r1 spreads flows over two ways. r2 is 198.18.1.2 towards r1, r3 198.18.2.2.
    static func diamond() -> Topology {
        var topology = Topology()
        topology.hosts = [
            Host(name: "laptop", addresses: [interface("192.0.2.10/24")]),
            Host(name: "www", kind: .virtual, addresses: [interface("203.0.113.80/24")]),
        ]
        topology.routers = (1...4).map { Router(name: "r\($0)", balancing: $0 == 1 ? .flow : nil) }
        func link(_ a: String, _ addressA: String, _ b: String, _ addressB: String) -> Link {
            Link(
                Link.End(a, addresses: [interface(addressA)]), Link.End(b, addresses: [interface(addressB)]),
                delay: millisecond)
        }
        topology.links = [
            Link(Link.End("laptop"), Link.End("r1", addresses: [interface("192.0.2.1/24")]), delay: millisecond),
            link("r1", "198.18.1.1/30", "r2", "198.18.1.2/30"), link("r1", "198.18.2.1/30", "r3", "198.18.2.2/30"),
            link("r2", "198.18.3.1/30", "r4", "198.18.3.2/30"), link("r3", "198.18.4.1/30", "r4", "198.18.4.2/30"),
            Link(Link.End("r4", addresses: [interface("203.0.113.1/24")]), Link.End("www"), delay: millisecond),
        ]
        return topology
    }

    /// The address that hop `ttl` of a chain shows to the laptop.
    static func hop(_ ttl: Int, _ family: IPFamily) -> IPAddress {
        switch (ttl, family) {
        case (1, .v4): address("192.0.2.1")
        case (1, .v6): address("2001:db8:0:1::1")
        case (_, .v4): address("198.18.\(ttl - 1).2")
        case (_, .v6): address("2001:db8:1:\(ttl - 1)::2")
        }
    }
}
