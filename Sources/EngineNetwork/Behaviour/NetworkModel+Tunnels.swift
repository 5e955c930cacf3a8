/// Packets on label-switched paths.
extension NetworkModel {
    /// Whether the packet is inside a tunnel that hides its routers: they look at its label, not at its TTL.
    func isHidden(_ arrival: Walk.Arrival) -> Bool {
        guard let (index, position) = arrival.tunnel else { return false }
        let tunnel = map.tunnels[index]
        return !tunnel.showsHops && position < tunnel.path.count - 1
    }

    /// The hop that a packet at a router takes when tunnels are asked, and the label it goes with.
    func tunnelled(_ arrival: inout Walk.Arrival, _ hop: Routes.Hop, _ heading: Int) -> Routes.Hop {
        arrival.label = nil
        if let (index, position) = arrival.tunnel {
            arrival.tunnel = nil
            let tunnel = map.tunnels[index]
            if position + 1 < tunnel.path.count, tunnel.path[position] == arrival.node,
                let next = routes.hop(from: arrival.node, to: tunnel.path[position + 1], heading, in: map)
            {
                arrival.tunnel = (index, position + 1)
                arrival.label = position < tunnel.labels.count ? tunnel.labels[position] : nil
                return next
            }
        }
        // A path may begin where another one ends.
        guard let index = map.tunnels.firstIndex(where: { $0.path.first == arrival.node }),
            let first = entrance(of: index, heading)
        else { return hop }
        arrival.tunnel = (index, 1)
        arrival.label = map.tunnels[index].labels.first
        return first
    }

    /// The first hop of a tunnel, where the way to a destination leads through all of it.
    private func entrance(of index: Int, _ heading: Int) -> Routes.Hop? {
        let path = map.tunnels[index].path
        var first: Routes.Hop?
        for (node, next) in zip(path, path.dropFirst()) {
            guard let hop = routes.hop(from: node, to: next, heading, in: map) else { return nil }
            first = first ?? hop
        }
        return first
    }
}
