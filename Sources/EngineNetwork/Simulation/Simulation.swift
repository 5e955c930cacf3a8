import HeapModule
import Wire

/// The emulated network on a virtual clock: packets in, packets out in the order of their deadlines, and no time passes in between.
///
/// The same topology, seed and inputs give the same packets at the same nanoseconds on every machine.
package struct Simulation: Sendable {
    /// A packet that reached a namespace host, which here is whoever drives the simulation.
    package struct Arrival: Sendable, Hashable {
        /// The host's index in the topology.
        package let host: Int
        /// As it arrives, from the Ethernet header on.
        package let frame: [UInt8]
        package let at: Int64

        /// From the IP header on.
        package var packet: [UInt8] { Array(frame.dropFirst(14)) }
    }

    private struct Due: Comparable {
        let sequence: UInt64
        let arrival: Arrival

        static func < (left: Due, right: Due) -> Bool {
            (left.arrival.at, left.sequence) < (right.arrival.at, right.sequence)
        }

        static func == (left: Due, right: Due) -> Bool { left.sequence == right.sequence }
    }

    package private(set) var model: NetworkModel
    private let attachments: [HostAttachment?]
    private var due = Heap<Due>()
    private var sequence: UInt64 = 0
    /// Nanoseconds since the simulation began.
    package private(set) var now: Int64 = 0

    package init(_ topology: Topology, seed: UInt64) {
        model = NetworkModel(topology, seed: seed)
        attachments = topology.hosts.map { $0.kind == .namespace ? topology.attachment(ofHost: $0.name) : nil }
    }

    /// Keeps the newest `limit` verdicts in ``NetworkModel/verdicts``.
    package mutating func keepVerdicts(_ limit: Int) { model.verdictLimit = limit }

    /// Keeps what became of the newest `limit` packets that came to grief, for ``takeFates(ofHost:)``.
    package mutating func keepFates(_ limit: Int) { model.fateLimit = limit }

    package mutating func takeFates(ofHost name: String) -> [PacketFate] { model.takeFates(ofHost: name) }

    /// How many packets, and bytes of them, may wait for their time; what comes in excess is the queue's loss.
    package mutating func limitParked(packets: Int, bytes: Int = .max) {
        (model.parkedLimit, model.parkedByteLimit) = (packets, bytes)
    }

    /// From now on packets on these links are told of in ``takeSightings()``, as a ``LinkTap`` does on a real clock.
    package mutating func watch(links names: [String]) { model.watch(links: names) }

    package mutating func takeSightings() -> [LinkTap.Sighting] { model.takeSightings() }

    /// A host sends a packet, now: to a neighbour directly, to everything else by its gateway. False when it has no way to send it.
    @discardableResult
    package mutating func send(_ packet: [UInt8], fromHost host: Int) -> Bool {
        transmit(packet, fromHost: host) != nil
    }

    /// The same, and gives the frame that left the host; nil when it has no way to send it.
    package mutating func transmit(_ packet: [UInt8], fromHost host: Int) -> [UInt8]? {
        guard attachments.indices.contains(host), let attachment = attachments[host],
            let header = packet.withUnsafeBytes({ try? IPHeader(parsing: $0) })
        else { return nil }
        let isNear = attachment.addresses.contains { $0.prefix.contains(header.destination) }
        let gateway = attachment.gateways.first { $0.family == header.family }
        let hop = isNear ? header.destination : gateway
        guard let neighbor = attachment.neighbors.first(where: { $0.address == hop }) else { return nil }
        let frame = EthernetHeader(
            destination: neighbor.hardwareAddress, source: attachment.hardwareAddress,
            type: header.family == .v4 ? .ipv4 : .ipv6
        ).frame(carrying: packet)
        take(frame.withUnsafeBytes { model.frameReceived(fromHost: host, $0, at: now) })
        return frame
    }

    mutating func beginStory() { model.story = [] }

    /// Changes the network, now.
    package mutating func apply(_ change: NetworkChange) { model.apply(change) }

    private mutating func take(_ deliveries: [NetworkModel.Delivery]) {
        for delivery in deliveries {
            let arrival = Arrival(
                host: delivery.host, frame: delivery.frame, at: delivery.deadline)
            due.insert(Due(sequence: sequence, arrival: arrival))
            sequence &+= 1
        }
    }

    /// The next packet to reach any namespace host at or before `limit`; the clock moves to its arrival, or to `limit` when there
    /// is none.
    package mutating func next(until limit: Int64) -> Arrival? {
        // What waits in the network may come out before what is due already.
        while let event = model.nextEvent, event <= min(limit, due.min?.arrival.at ?? limit) {
            take(model.timeReached(event))
        }
        guard let first = due.min, first.arrival.at <= limit else {
            now = max(now, limit)
            return nil
        }
        due.removeMin()
        now = max(now, first.arrival.at)
        return first.arrival
    }
}
