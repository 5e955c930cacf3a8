import EngineNetwork
import LabModel
import SupportDiagnostics

/// What the engine finds wrong with a world that reads well: loops, routes by strangers, broken tunnels, tiny MTUs.
package enum WorldExamination {
    package static func problems(of world: WorldDefinition) -> [Diagnostic] {
        let problems = smallMTUs(in: world)
        guard let topology = try? TopologyAssembly.topology(of: world) else { return problems }
        return problems + topology.problems().compactMap { diagnostic($0, world) }
    }

    /// Worlds with IPv6 need 1280 bytes everywhere (RFC 8200 §5): no router cuts its packets up.
    private static func smallMTUs(in world: WorldDefinition) -> [Diagnostic] {
        guard world.networks.contains(where: { $0.prefix6 != nil }) else { return [] }
        return world.links.compactMap { link in
            let mtu = min(link.there.mtu, link.back.mtu)
            guard mtu < 1280 else { return nil }
            return Diagnostic(
                "world.mtu", "IPv6 needs an MTU of at least 1280 bytes on every link, found \(mtu)", at: link.span,
                help: ["write `mtu: 1280`, or leave `prefix6` out of all networks"])
        }
    }

    private static func diagnostic(_ problem: TopologyProblem, _ world: WorldDefinition) -> Diagnostic? {
        func router(_ name: String) -> SourceSpan? { world.routers.first { $0.name == name }?.span }
        switch problem {
        case .loop(let host, let nodes):
            let turning = nodes.first { name in
                world.routers.contains { $0.name == name && !$0.behaviour.routes.isEmpty }
            }
            return Diagnostic(
                "world.loop",
                "packets to `\(host)` go round: \(nodes.map { "`\($0)`" }.joined(separator: " → "))",
                at: turning.flatMap(router), label: "with a route by hand",
                help: ["correct the route, or write `may-loop: true` beside it where the loop is what the lab shows"])
        case .routeByStranger(let name, let prefix, let neighbor):
            return Diagnostic(
                "world.route", "the router `\(name)` has a route to \(prefix) via `\(neighbor)`, no neighbour of it",
                at: router(name), help: ["a route leads to a router or host at the other end of a link"])
        case .forwardAround(let name, let address):
            let forward = world.routers.first { $0.name == name }?.behaviour.translation?.forwards
                .first { $0.address == "\(address)" || $0.address6 == "\(address)" }
            return Diagnostic(
                "world.forward",
                "answers of `\(forward?.host ?? "\(address)")` go around the router `\(name)` that forwards to it",
                severity: .warning, at: forward?.span,
                help: ["forward ports to hosts behind the router, whose way out leads through it"])
        case .brokenTunnel(let first, let second):
            let tunnel = world.tunnels.first { tunnel in
                zip(tunnel.path, tunnel.path.dropFirst()).contains { $0 == (first, second) }
            }
            return Diagnostic(
                "world.tunnel", "the tunnel leads from `\(first)` to `\(second)`, which no link joins",
                at: tunnel?.span, help: ["the routers of `path` are neighbours, each of the next"])
        case .impossibleLabels(let name):
            return Diagnostic(
                "world.tunnel", "the tunnel has more labels than routers behind its first",
                at: world.tunnels.first { $0.path.joined(separator: "-") == name }?.span)
        case .hostWithSeveralLinks(let name):
            return Diagnostic(
                "world.host-links", "the host `\(name)` has several links; a host has one",
                at: world.host(name)?.span, help: ["join networks by a router"])
        case .duplicateAddress(let address, let first, let second):
            return Diagnostic(
                "world.duplicate-address", "`\(first)` and `\(second)` both have the address \(address)",
                at: world.host(first)?.span ?? world.host(second)?.span,
                help: ["routers have the addresses from 198.18.0.1 and 2001:2::1 on"])
        case .unreachable(let from, let to, let family) where !isCutOnPurpose(world):
            return Diagnostic(
                "world.unreachable", "no IP\(family) path leads from `\(from)` to `\(to)`", severity: .warning,
                at: world.host(to)?.span)
        default: return nil
        }
    }

    /// A link that begins down, or a route into nothing, is there to cut something off.
    private static func isCutOnPurpose(_ world: WorldDefinition) -> Bool {
        world.links.contains(where: \.isDown)
            || world.routers.contains { router in
                router.behaviour.routes.contains { route in
                    if case .via = route.action { false } else { true }
                }
            }
    }
}
