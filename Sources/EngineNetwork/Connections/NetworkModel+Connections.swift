import Wire

/// Routers that remember connections, because a rule of theirs asks for the state of one.
extension NetworkModel {
    /// What the router knows of a packet, told to the story; nil where it does not track.
    mutating func track(_ arrival: Walk.Arrival) -> (state: ConnectionState, beginning: ConnectionTable.Beginning?)? {
        guard map.nodes[arrival.node].tracksConnections else { return nil }
        let known = arrival.packet.withUnsafeBytes { bytes in
            connections[arrival.node, default: ConnectionTable()].received(arrival.header, bytes, at: arrival.time)
        }
        tell(.tracked(known.state), arrival)
        return known
    }

    mutating func confirm(_ beginning: ConnectionTable.Beginning?, _ arrival: Walk.Arrival) {
        guard let beginning else { return }
        connections[arrival.node]?.confirm(beginning, at: arrival.time)
    }

    /// What the router says itself passes no rule, but may answer a connection that began with a packet for the router.
    mutating func trackOwn(_ arrival: Walk.Arrival) {
        guard arrival.entry == nil, !arrival.header.isFragment, map.nodes[arrival.node].tracksConnections else {
            return
        }
        arrival.packet.withUnsafeBytes { bytes in
            _ = connections[arrival.node]?.received(arrival.header, bytes, at: arrival.time)
        }
    }
}
