import Wire

/// Watches links of a network that runs: every IP packet that is put on one of them, also one that gets lost there.
///
/// As Ethernet frames from interface to interface: of raw IP, readers such as libpcap take one interface a file only.
package struct LinkTap: Sendable {
    /// A packet on its way.
    package struct Sighting: Sendable, Hashable {
        /// Which of the links that were asked for.
        package let link: Int
        /// Whether it goes from the link's second end to its first.
        package let isBack: Bool
        /// When it is put on the link, on the clock of the network. A packet is walked to its end at once: this may be still to
        /// come.
        package let at: Int64
        package let frame: [UInt8]
    }

    /// The links by name; one that does not exist is never seen.
    package let links: [String]
    /// Given what was seen before anything comes of it, on the network's thread: it must not take long.
    let take: @Sendable ([Sighting]) -> Void

    package init(links: [String], take: @escaping @Sendable ([Sighting]) -> Void) {
        self.links = links
        self.take = take
    }
}

extension NetworkModel {
    /// From now on packets on these links are told of in ``takeSightings()``.
    package mutating func watch(links names: [String]) {
        watched = [:]
        for (index, name) in names.enumerated() {
            for link in map.links(named: name) {
                watched[2 * link] = WatchedLane(link: index, isBack: false)
                watched[2 * link + 1] = WatchedLane(link: index, isBack: true)
            }
        }
    }

    /// What was seen since the last time.
    package mutating func takeSightings() -> [LinkTap.Sighting] {
        defer { sightings = [] }
        return sightings
    }

    mutating func see(_ arrival: Walk.Arrival, on lane: Int, of hop: Routes.Hop) {
        guard let place = watched[lane] else { return }
        let addresses = [hop.next, hop.out].map { map.interfaces[$0].hardwareAddress.bytes }
        let type: [UInt8] = arrival.header.family == .v4 ? [0x08, 0x00] : [0x86, 0xDD]
        sightings.append(
            LinkTap.Sighting(
                link: place.link, isBack: place.isBack, at: arrival.time,
                frame: addresses.flatMap { $0 } + type + arrival.packet))
    }
}

/// A direction of a link that somebody watches.
struct WatchedLane: Sendable {
    let link: Int
    let isBack: Bool
}
