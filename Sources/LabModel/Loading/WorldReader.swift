import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads a world, from its own file or inline.
struct WorldReader {
    let problems: Problems
    /// Names that the bodies of pages may refer to.
    let isDeclared: (String) -> Bool

    func read(_ node: YAMLNode) -> WorldDefinition? {
        guard var fields = FieldReader(node, of: "the world", declared: LabGrammar.world.names, problems) else {
            return nil
        }
        _ = fields.integer("format", in: 1...1)
        var world = WorldDefinition(name: fields.string("world")?.value ?? "inline")
        _ = fields.string("title")
        readNetworks(&fields, &world)
        readRouters(&fields, &world)
        readSwitches(&fields, &world)
        readHosts(&fields, &world)
        readBehaviours(&fields, &world)
        readLinks(&fields, &world)
        readTunnels(&fields, &world)
        readChanges(&fields, &world)
        readResolver(&fields, &world)
        readNames(&fields, &world)
        readSites(&fields, &world)
        readServices(&fields, &world)
        WorldChecks(world: world, node: node, problems: problems).verify()
        fields.finish(help: "`lab explain world` lists what a world may have")
        return world
    }

    private func readNetworks(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        for pair in fields.map("networks", required: true) ?? [] {
            guard
                var network = FieldReader(
                    pair.value, of: "the network `\(pair.key.text)`", declared: LabGrammar.network.names, problems)
            else {
                continue
            }
            var prefix = network.string("prefix")
            var prefix6 = network.string("prefix6")
            let router = network.string("router", required: true)
            network.finish()
            if prefix == nil, let assigned = AddressPlan.network(world.networks.count) {
                prefix = Located(assigned.prefix, at: pair.key.span)
                prefix6 = prefix6 ?? Located(assigned.prefix6, at: pair.key.span)
            }
            guard let prefix, let router else { continue }
            var first = AddressPlan.first(of: prefix.value) ?? ""
            if first.isEmpty || first.contains(":") {
                problems.report(.badPrefix(prefix, example: "198.51.100.0/24"))
                first = ""
            }
            let first6 = prefix6.flatMap { AddressPlan.first(of: $0.value) }
            if let prefix6, first6?.contains(":") != true {
                problems.report(.badPrefix(prefix6, example: "2001:db8:1::/64"))
            }
            world.networks.append(
                .init(
                    name: pair.key.text, prefix: prefix.value, prefix6: prefix6?.value, router: router.value,
                    gateway: first, gateway6: first6, span: pair.key.span))
        }
    }

    private func readHosts(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        for pair in fields.map("hosts", required: true) ?? [] {
            guard
                var host = FieldReader(
                    pair.value, of: "the host `\(pair.key.text)`", declared: LabGrammar.host.names, problems)
            else { continue }
            let network = host.string("network", required: true)
            var address = host.string("address")
            var address6 = host.string("address6")
            let isDown = host.boolean("down")?.value ?? false
            let isVirtual = (host.boolean("virtual")?.value ?? false) || isDown
            host.finish()
            if address == nil, let name = network?.value, let network = world.network(name) {
                (address, address6) = assigned(in: network, address6, world, at: pair.key.span)
            }
            guard let network, let address else { continue }
            if world.network(network.value) == nil {
                problems.report(
                    .unknownNode(
                        "network", code: "world.unknown-network", network.value, known: world.networks.map(\.name),
                        at: network.span))
            }
            if AddressText.ipv4(address.value) == nil {
                problems.report(.badAddress(address.value, example: "198.51.100.10", at: address.span))
            }
            if let address6, AddressText.ipv6(address6.value) == nil {
                problems.report(.badAddress(address6.value, example: "2001:db8::10", at: address6.span))
            }
            if let other = world.hosts.first(where: { $0.address == address.value }) {
                problems.report(
                    Diagnostic(
                        "world.duplicate-address", "the host `\(other.name)` has the address \(address.value) already",
                        at: address.span))
            }
            world.hosts.append(
                .init(
                    name: pair.key.text, network: network.value, address: address.value, address6: address6?.value,
                    isVirtual: isVirtual, isDown: isDown, span: pair.key.span))
        }
    }

    /// The next free addresses of a network, from the tenth on.
    private func assigned(
        in network: WorldDefinition.Network, _ address6: Located<String>?, _ world: WorldDefinition, at span: SourceSpan
    ) -> (Located<String>?, Located<String>?) {
        let taken = Set(world.hosts.flatMap { [$0.address, $0.address6 ?? ""] })
        for number in UInt32(10)...250 {
            guard let text = AddressPlan.address(number, of: network.prefix), !taken.contains(text) else { continue }
            let text6 = network.prefix6.flatMap { AddressPlan.address(number, of: $0) }
            return (Located(text, at: span), address6 ?? text6.map { Located($0, at: span) })
        }
        problems.report(
            Diagnostic("world.full-network", "the network `\(network.name)` has no address left", at: span))
        return (nil, address6)
    }

    private func readResolver(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        guard let resolver = fields.string("resolver") else { return }
        if AddressText.ipv4(resolver.value) == nil {
            problems.report(.badAddress(resolver.value, example: "192.0.2.53", at: resolver.span))
        }
        world.resolver = resolver.value
    }

    private func readServices(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        for item in fields.list("services") ?? [] {
            guard var service = FieldReader(item, of: "the service", declared: LabGrammar.service.names, problems)
            else { continue }
            let name = service.string("name", required: true)
            let host = service.string("host", required: true)
            let port = service.integer("port", in: 1...65_535, required: true)
            let greeting = service.string("greeting")
            service.finish()
            guard let name, let host, let port else { continue }
            if world.host(host.value).map(\.isVirtual) ?? true {
                problems.report(.unknownHost(host.value, in: world, at: host.span))
            }
            world.services.append(
                .init(name: name.value, host: host.value, port: port.value, greeting: greeting?.value ?? ""))
        }
    }
}

extension Diagnostic {
    static func unknownNode(
        _ kind: String, code: String, _ name: String, known: [String], at span: SourceSpan
    ) -> Diagnostic {
        let nearest = Suggestion.nearest(to: name, among: known)
        return Diagnostic(
            code, "there is no \(kind) `\(name)` in this world", at: span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "",
            help: known.isEmpty ? [] : ["there are " + known.map { "`\($0)`" }.joined(separator: ", ")],
            fix: .spelling(of: name, as: nearest, at: span))
    }

    static func badAddress(_ found: String, example: String, at span: SourceSpan) -> Diagnostic {
        Diagnostic("world.bad-address", "expected an address such as `\(example)`, found `\(found)`", at: span)
    }

    static func badPrefix(_ found: Located<String>, example: String) -> Diagnostic {
        Diagnostic("world.bad-prefix", "expected a prefix such as `\(example)`, found `\(found.value)`", at: found.span)
    }
}
