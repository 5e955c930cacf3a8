import SupportDiagnostics

/// The emulated internet of a lab as its file says it, addresses assigned; independent of the engine that emulates it.
package struct WorldDefinition: Sendable {
    package struct Network: Sendable {
        package var name: String
        /// `198.51.100.0/24`
        package var prefix: String
        package var prefix6: String?
        package var router: String
        /// The router's addresses in this network: the first of each prefix.
        package var gateway: String
        package var gateway6: String?
        package var span: SourceSpan
    }

    package struct Router: Sendable {
        package var name: String
        package var address: String
        package var address6: String
        package var isSilent: Bool
        /// What else is special about it.
        package var behaviour = RouterBehaviour()
        package var span: SourceSpan
    }

    package struct Link: Sendable {
        /// Names of routers, switches, hosts or networks.
        package var from: String
        package var to: String
        package var there = LinkSide()
        package var back = LinkSide()
        package var isDown = false
        package var span: SourceSpan
        /// One-way, in nanoseconds.
        package var delay: Int64 { there.delay }
        package var name: String { "\(from)-\(to)" }
    }

    package struct Host: Sendable {
        package var name: String
        package var network: String
        package var address: String
        package var address6: String?
        /// Lives in the emulation alone: it answers pings, but runs no programs.
        package var isVirtual: Bool
        package var isDown: Bool
        package var span: SourceSpan
    }

    package struct Name: Sendable {
        package enum Family: String, Sendable, CaseIterable {
            case any
            case ipv4
            case ipv6
        }

        /// What is answered for a name in the place of addresses.
        package enum Failure: String, Sendable, CaseIterable {
            case servfail
            case refused
            case noAnswer = "no-answer"
        }

        package var name: String
        /// Empty for a name that fails.
        package var host: String
        /// Which of the host's addresses the name has.
        package var family: Family
        package var span: SourceSpan
        /// The name that this one stands for (CNAME); `host` is then that of the other name.
        package var alias: String?
        /// How long an answer may be kept, in seconds; nil: as the resolver has it.
        package var timeToLive: UInt32?
        package var failure: Failure?
        /// How long an answer about it takes, in nanoseconds.
        package var delay: Int64 = 0
    }

    package struct Page: Sendable {
        package var path: String
        package var status: Int
        package var type: String
        package var body: Template
        package var coding: String?
        package var isChunked: Bool
    }

    package struct Site: Sendable {
        package var name: String
        package var host: String
        package var hasTLS: Bool
        /// The site under mitm.it, which says that traffic does not pass through a proxy.
        package var isOnboarding: Bool
        package var pages: [Page]
    }

    /// A TCP service that greets and then echoes.
    package struct Service: Sendable {
        package var name: String
        package var host: String
        package var port: Int
        package var greeting: String
    }

    package var name: String
    package var networks: [Network] = []
    package var routers: [Router] = []
    package var links: [Link] = []
    package var switches: [String] = []
    package var tunnels: [Tunnel] = []
    package var changes: [Change] = []
    package var hosts: [Host] = []
    package var names: [Name] = []
    package var resolver: String = ""
    package var sites: [Site] = []
    package var services: [Service] = []

    package init(name: String) { self.name = name }

    package func network(_ name: String) -> Network? { networks.first { $0.name == name } }
    package func host(_ name: String) -> Host? { hosts.first { $0.name == name } }

    /// What a lab may refer to as `$world.NODE.address` and `$world.NODE.address6`.
    package var references: [String: Value] {
        var values: [String: Value] = ["world.resolver.address": .string(resolver)]
        for router in routers {
            values["world.\(router.name).address"] = .string(router.address)
            values["world.\(router.name).address6"] = .string(router.address6)
        }
        for host in hosts {
            values["world.\(host.name).address"] = .string(host.address)
            if let address6 = host.address6 { values["world.\(host.name).address6"] = .string(address6) }
        }
        return values
    }

    /// The node that has an address, by name: hosts, routers, and the routers' addresses within networks.
    package var nodesByAddress: [String: String] {
        var nodes: [String: String] = [:]
        for network in networks {
            nodes[network.gateway] = network.router
            if let gateway6 = network.gateway6 { nodes[gateway6] = network.router }
        }
        for router in routers {
            nodes[router.address] = router.name
            nodes[router.address6] = router.name
        }
        for host in hosts {
            nodes[host.address] = host.name
            if let address6 = host.address6 { nodes[address6] = host.name }
        }
        return nodes
    }
}
