import Wire

extension Simulation {
    /// What every router would do to a packet, and why, if a host sent it now; the simulation itself stays as it is. Empty where
    /// the host has no way to send it. Packets that are under way already take part, but are not told of.
    package func story(of packet: [UInt8], fromHost host: Int) -> [HopEvent] {
        var copy = self
        copy.beginStory()
        guard copy.send(packet, fromHost: host) else { return [] }
        // Who answers within a minute of virtual time answers at all.
        let limit = now.advanced(by: 60_000_000_000)
        while copy.next(until: limit) != nil {}
        return copy.model.story ?? []
    }
}
