import SupportDiagnostics
import SupportYAML

/// What no part of a world shows alone: addresses and names that collide, parts that nothing leads to.
struct WorldChecks {
    let world: WorldDefinition
    /// Where the world was written.
    let node: YAMLNode
    let problems: Problems

    func verify() {
        names()
        networks()
        for host in world.hosts { addresses(of: host) }
        links()
        for router in world.routers { FirewallChecks(router: router, problems: problems).verify() }
        WorldReach(world: world, node: node, problems: problems).verify()
        sites()
    }

    private func span(_ part: String, _ name: String, _ key: String) -> SourceSpan? {
        node.value(of: part)?.value(of: name)?.value(of: key)?.span
    }

    private func keySpan(_ part: String, _ name: String) -> SourceSpan? {
        node.value(of: part)?.mapping?.first { $0.key.text == name }?.key.span
    }

    // MARK: Names

    private func names() {
        var seen: [String: SourceSpan] = [:]
        let items = node.value(of: "routers")?.sequence ?? []
        for item in items {
            guard let name = item.scalar?.text else { continue }
            if let first = seen[name] {
                problems.report(
                    Diagnostic(
                        "world.duplicate-name", "the router `\(name)` is listed twice", at: item.span,
                        secondary: [.init(first, "first here")]))
            }
            seen[name] = item.span
        }
        let routers = Set(world.routers.map(\.name))
        for host in world.hosts where routers.contains(host.name) {
            problems.report(
                Diagnostic(
                    "world.duplicate-name", "a host and a router are both named `\(host.name)`", at: host.span,
                    help: ["`$world.\(host.name).address` and the paths of traceroutes could mean either"]))
        }
    }

    // MARK: Addresses

    private func networks() {
        for key in ["prefix", "prefix6"] {
            var blocks: [(name: String, text: String, block: AddressBlock)] = []
            for network in world.networks {
                guard let text = key == "prefix" ? network.prefix : network.prefix6, let block = AddressBlock(text)
                else { continue }
                if let other = blocks.first(where: { $0.block.overlaps(block) }) {
                    problems.report(
                        Diagnostic(
                            "world.overlapping-networks",
                            "the networks `\(network.name)` and `\(other.name)` share addresses",
                            at: span("networks", network.name, key),
                            secondary: span("networks", other.name, key).map { [.init($0, "`\(other.text)`")] } ?? [],
                            help: ["RFC 5737 keeps 192.0.2.0/24, 198.51.100.0/24 and 203.0.113.0/24 for examples"]))
                }
                blocks.append((network.name, text, block))
            }
        }
    }

    private func addresses(of host: WorldDefinition.Host) {
        guard let network = world.network(host.network) else { return }
        check(host.address, of: host, key: "address", prefix: network.prefix, gateway: network.gateway, in: network)
        guard let address6 = host.address6 else { return }
        guard let prefix6 = network.prefix6 else {
            problems.report(
                Diagnostic(
                    "world.address-outside", "the network `\(network.name)` has no IPv6 addresses",
                    at: span("hosts", host.name, "address6"),
                    help: ["give it a `prefix6`, or the host no `address6`"]))
            return
        }
        check(
            address6, of: host, key: "address6", prefix: prefix6, gateway: network.gateway6 ?? "", in: network)
    }

    private func check(
        _ address: String, of host: WorldDefinition.Host, key: String, prefix: String, gateway: String,
        in network: WorldDefinition.Network
    ) {
        guard let block = AddressBlock(prefix), AddressBlock(address + (key == "address" ? "/32" : "/128")) != nil
        else {
            return
        }
        let place = span("hosts", host.name, key)
        if !block.contains(address) {
            problems.report(
                Diagnostic(
                    "world.address-outside",
                    "\(address) is no address of the network `\(network.name)`, which has \(prefix)", at: place))
        } else if block.reserves(address) {
            problems.report(
                Diagnostic(
                    "world.address-outside", "\(address) stands for the whole network or for all of its hosts",
                    at: place, help: ["the first and the last address of an IPv4 network belong to no host"]))
        } else if address == gateway {
            problems.report(
                Diagnostic(
                    "world.duplicate-address", "the router `\(network.router)` has the address \(address) already",
                    at: place, help: ["a router takes the first address of each of its networks"]))
        } else if address == world.resolver {
            problems.report(
                Diagnostic(
                    "world.duplicate-address", "the resolver has the address \(address) already", at: place,
                    secondary: node.value(of: "resolver").map { [.init($0.span, "the resolver")] } ?? []))
        } else if key == "address6",
            let other = world.hosts.first(where: { $0.address6 == address }), other.name != host.name,
            let first = span("hosts", other.name, key), let place, first.range.lowerBound < place.range.lowerBound
        {
            problems.report(
                Diagnostic(
                    "world.duplicate-address", "the host `\(other.name)` has the address \(address) already",
                    at: place))
        }
    }

    // MARK: Links and sites

    private func links() {
        for item in node.value(of: "links")?.sequence ?? [] {
            guard let between = item.value(of: "between"), let ends = between.sequence, ends.count == 2,
                let first = ends[0].scalar?.text, first == ends[1].scalar?.text
            else { continue }
            problems.report(
                Diagnostic(
                    "world.link-ends", "this link leads from `\(first)` to itself", at: between.span,
                    help: ["a link is between two routers"]))
        }
    }

    private func sites() {
        for site in world.sites where world.host(site.host).map(\.isVirtual) == false {
            guard let key = keySpan("sites", site.name) else { continue }
            let hosts = world.names.filter { $0.name == site.name }.map(\.host)
            guard let host = hosts.first else {
                let nearest = Suggestion.nearest(to: site.name, among: world.names.map(\.name))
                problems.report(
                    Diagnostic(
                        "world.site-name", "no name leads to the site `\(site.name)`", severity: .warning, at: key,
                        label: nearest.map { "did you mean `\($0)`?" } ?? "",
                        help: ["add `\(site.name): \(site.host)` to `names`"]))
                continue
            }
            if !hosts.contains(site.host), world.host(host) != nil {
                problems.report(
                    Diagnostic(
                        "world.site-name",
                        "the site is on the host `\(site.host)`, but its name leads to `\(host)`",
                        severity: .warning, at: key,
                        secondary: keySpan("names", site.name).map { [.init($0, "the name")] } ?? []))
            }
        }
    }
}
