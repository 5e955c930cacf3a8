import HeapModule
import Wire

/// The emulated internet at work: frames and a clock in, frames with deadlines out. Pure; nothing waits here.
///
/// A frame is walked through every router at once, in virtual time: what comes of it (a delivery, a reply, an error from a
/// router on the way) is one frame at one deadline, the sum of the delays it met. So the error of a round trip on a real
/// clock does not grow with the number of hops. Only what depends on other packets, a link with a rate or a router that
/// tracks connections, or on a change to come, makes a packet wait for its time: ``nextEvent`` says when the model must be
/// asked again. Times are nanoseconds on any clock that does not go back.
package struct NetworkModel: Sendable {
    /// A frame to be written to a host's port when its time has come.
    package struct Delivery: Sendable, Hashable {
        /// The host's index in the topology.
        package let host: Int
        package let frame: [UInt8]
        package let deadline: Int64
    }

    var map: NetworkMap
    var routes = Routes()
    let zone: Zone
    /// Draws for impairments are keyed by this and by the packet's flow, never by the order of arrival.
    package let seed: UInt64
    var plainPaths = PlainPaths()
    var reassembly = Reassembly()
    var ledger = FlowLedger()
    var queues: [LaneQueue?]
    /// By node, of those that limit, translate, forward ports or track.
    var credits: [Int: ReportCredit] = [:]
    var translations: [Int: TranslationTable] = [:]
    var forwards: [Int: ForwardTable] = [:]
    var connections: [Int: ConnectionTable] = [:]
    /// How far time has come.
    private var clock = Int64.min
    private var parked = Heap<ParkedArrival>()
    private var parkedBytes = 0
    /// How many packets, and bytes of them, may wait for their time: what comes in excess is lost like in a full queue, so that
    /// a flood ends in loss, not in memory.
    package var parkedLimit = 65_536
    package var parkedByteLimit = 256 << 20
    private var sequence: UInt64 = 0
    private var changes: [TimedChange]
    /// When the next change comes: nothing may be walked beyond it before.
    private var horizon = Int64.max

    /// What happened to packets, while it is asked for.
    var story: [HopEvent]?
    private var storyNumber = 0

    /// What became of packets that came to grief, for people.
    var fates = FateLog()
    /// How many of these are kept at least, the newest; 0 keeps none.
    package var fateLimit: Int {
        get { fates.limit }
        set { fates.limit = newValue }
    }

    /// How many verdicts are kept, the newest; 0 keeps none.
    package var verdictLimit = 0
    package private(set) var verdicts: [Verdict] = []

    /// Lanes that somebody watches, and what was seen on them.
    var watched: [Int: WatchedLane] = [:]
    var sightings: [LinkTap.Sighting] = []

    /// - Parameter start: when the network begins, which the times of changes are counted from.
    package init(_ topology: Topology, seed: UInt64, start: Int64 = 0) {
        map = NetworkMap(topology)
        zone = Zone(topology.names)
        self.seed = seed
        queues = Array(repeating: nil, count: map.lanes.count)
        changes = topology.changes.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map { TimedChange(at: start.advanced(by: $0.element.at), $0.element.change) }.reversed()
        horizon = changes.last?.at ?? .max
    }

    /// The place of a host among the topology's, as ``Delivery/host`` and ``frameReceived(fromHost:_:at:)`` count.
    package func index(ofHost name: String) -> Int? { map.hosts.firstIndex { $0.name == name } }

    package func isUp(host: Int) -> Bool { map.hosts.indices.contains(host) && map.hosts[host].condition == .up }

    /// The largest packet the host's own link carries.
    func mtu(ofHost host: Int) -> Int {
        guard map.hosts.indices.contains(host), let own = map.nodes[map.nodeOfHost[host]].interfaces.first else {
            return 1500
        }
        let others = map.subnets[map.interfaces[own].subnet].interfaces.filter { $0 != own }
        return others.compactMap { map.way(from: own, to: $0)?.mtu }.min() ?? 1500
    }

    // MARK: Time

    /// When ``timeReached(_:)`` must be called; nil while nothing waits for its time.
    package var nextEvent: Int64? {
        let next = min(parked.min?.arrival.time ?? .max, horizon)
        return next == .max ? nil : next
    }

    /// Time has come to `time`: what waited for it goes on, changes that are due happen.
    package mutating func timeReached(_ time: Int64) -> [Delivery] {
        guard let next = nextEvent, next <= time else {
            clock = max(clock, time)
            return []
        }
        var walk = Walk()
        // One event after the other, so that each finds what those before it left.
        while let next = nextEvent, next <= time {
            clock = max(clock, next)
            if horizon <= next {
                while let change = changes.last, change.at <= next {
                    changes.removeLast()
                    apply(change.change)
                }
                horizon = changes.last?.at ?? .max
            } else if let arrival = parked.popMin()?.arrival {
                parkedBytes -= arrival.packet.count
                walk.arrivals.append(arrival)
                finish(&walk)
            }
        }
        clock = max(clock, time)
        return walk.deliveries
    }

    /// Changes the network now. Packets that are walked already are not touched by it.
    package mutating func apply(_ change: NetworkChange) {
        switch change {
        case .link(let name, let isUp):
            for link in map.links(named: name) { map.set(link: link, isUp: isUp) }
        case .conditions(let name, let there, let back):
            for link in map.links(named: name) { map.set(link: link, there: there, back: back) }
        case .host(let name, let condition): map.set(host: name, condition)
        }
        routes = Routes()
        plainPaths = PlainPaths()
    }

    /// Keeps a packet until the network has come to its time; where too many wait already, it is the queue's loss.
    ///
    /// - Parameter link: before or behind which it waits; nil: that it came by.
    mutating func park(_ arrival: Walk.Arrival, at link: String? = nil) {
        guard parked.count < parkedLimit, arrival.packet.count <= parkedByteLimit - parkedBytes else {
            let lane = (arrival.entry ?? map.nodes[arrival.node].interfaces.first).flatMap { map.lane(at: $0) }
            return note(.queueFull(link: link ?? lane?.name ?? map.nodes[arrival.node].name), arrival)
        }
        parkedBytes += arrival.packet.count
        parked.insert(ParkedArrival(sequence: sequence, arrival: arrival))
        sequence &+= 1
    }

    /// Whether a packet must wait before something that depends on other packets happens to it.
    func isAhead(_ arrival: Walk.Arrival) -> Bool { arrival.time > clock }
    /// Whether something changes before the packet's time.
    func isBehindChange(_ arrival: Walk.Arrival) -> Bool { arrival.time >= horizon }

    /// Whether nobody asks what happens to packets on the way, and nothing of it is left to chance.
    var isPlain: Bool {
        !map.draws && map.tunnels.isEmpty && story == nil && verdictLimit == 0 && watched.isEmpty
    }

    // MARK: Frames

    /// A frame came out of a host. Malformed frames vanish, as they do in a network.
    package mutating func frameReceived(
        fromHost host: Int, _ frame: UnsafeRawBufferPointer, at time: Int64
    ) -> [Delivery] {
        var walk = Walk()
        walk.deliveries = timeReached(time)
        guard isUp(host: host), let own = map.nodes[map.nodeOfHost[host]].interfaces.first,
            let header = try? EthernetHeader(parsing: frame)
        else { return walk.deliveries }
        let body = part(frame, from: header.length)
        let isPacket = header.type == .ipv4 || header.type == .ipv6 && !NetworkModel.isNeighborDiscovery(body)
        if isPacket, !header.destination.isGroup, let packet = try? IPHeader(parsing: body) {
            packetReceived(body, packet, header, from: own, host, at: time, &walk)
        } else {
            flood(frame, header, from: own, at: time, &walk)
            if header.type == .arp { addressResolutionReceived(body, from: own, at: time, &walk) }
            if header.type == .ipv6 { groupPacketReceived(body, from: own, at: time, &walk) }
        }
        finish(&walk)
        return walk.deliveries
    }

    /// Does what a switch does with what is no packet of the network's own: groups go to every other host of the subnet, other
    /// frames to the one they are addressed to. Nothing is left to chance here, lest it use up draws.
    private func flood(
        _ frame: UnsafeRawBufferPointer, _ header: EthernetHeader, from own: Int, at time: Int64, _ walk: inout Walk
    ) {
        for other in map.subnets[map.interfaces[own].subnet].interfaces where other != own {
            let interface = map.interfaces[other]
            guard header.destination.isGroup || interface.hardwareAddress == header.destination,
                case .host(let host) = map.nodes[interface.node].role, map.hosts[host].kind == .namespace,
                isUp(host: host), let way = map.way(from: own, to: other)
            else { continue }
            walk.deliveries.append(
                Delivery(host: host, frame: Array(frame), deadline: time.advanced(by: way.delay)))
        }
    }

    /// A packet for the hardware address of another node of the subnet.
    private mutating func packetReceived(
        _ bytes: UnsafeRawBufferPointer, _ packet: IPHeader, _ header: EthernetHeader, from own: Int, _ host: Int,
        at time: Int64, _ walk: inout Walk
    ) {
        let subnet = map.subnets[map.interfaces[own].subnet]
        guard
            let entry = subnet.interfaces.first(where: {
                $0 != own && map.interfaces[$0].hardwareAddress == header.destination
            }), map.way(from: own, to: entry) != nil
        else { return }
        let target = map.interfaces[entry].node
        if let there = map.host(ofNode: target), there.condition != .up { return }
        if isModelled(target), packet.family == .v4 { guard IPv4Header.checksumHolds(in: bytes) else { return } }
        let identity =
            map.draws
            ? ledger.identity(of: packet, bytes, host: map.keyOfHost[host], seed: seed) : PacketIdentity.none
        // Ethernet pads short packets; the padding ends here.
        let whole = Array(UnsafeRawBufferPointer(rebasing: bytes.prefix(packet.totalLength)))
        guard
            var arrival = Walk.Arrival(
                packet: whole, node: map.interfaces[own].node, entry: nil, time: time, identity: identity)
        else { return }
        arrival.crossing = Routes.Hop(out: own, next: entry)
        if fates.limit > 0 {
            arrival.origin = PacketOrigin(
                host: host, source: packet.source, destination: packet.destination, timeToLive: packet.timeToLive)
        }
        arrival.number = newNumber()
        let next = map.nodes[target].name
        tell(.forwarded(to: next, .host), arrival)
        walk.arrivals.append(arrival)
    }

    func isModelled(_ node: Int) -> Bool {
        guard let host = map.host(ofNode: node) else { return true }
        return host.kind == .virtual && host.condition == .up
    }

    private mutating func finish(_ walk: inout Walk) {
        // Replies never cause replies of replies; the limit only bounds what fragments and copies multiply.
        var steps = 0
        while let arrival = walk.arrivals.popLast(), steps < 4096 {
            steps += 1
            advance(arrival, &walk)
        }
        walk.arrivals = []
    }

    /// The number of the next packet in a story; nil where none is told.
    mutating func newNumber() -> Int? {
        guard story != nil else { return nil }
        defer { storyNumber += 1 }
        return storyNumber
    }

    mutating func tell(_ act: HopEvent.Act, _ arrival: Walk.Arrival, at node: Int? = nil) {
        guard story != nil, let number = arrival.number else { return }
        story?.append(
            HopEvent(
                packet: number, at: arrival.time, node: map.nodes[node ?? arrival.node].name,
                source: arrival.header.source, destination: arrival.header.destination,
                timeToLive: arrival.timeToLive, act: act))
    }

    /// - Parameter isReportDue: what is said about it follows, and is remembered then.
    mutating func note(
        _ outcome: Verdict.Outcome, _ arrival: Walk.Arrival, at node: Int? = nil, isReportDue: Bool = false
    ) {
        if outcome != .rateLimited { tell(.ended(outcome), arrival, at: node) }
        if !isReportDue { remember(outcome, arrival, at: node) }
        guard verdictLimit > 0 else { return }
        if verdicts.count >= 2 * verdictLimit { verdicts.removeFirst(verdicts.count - verdictLimit + 1) }
        verdicts.append(
            Verdict(
                at: arrival.time, node: map.nodes[node ?? arrival.node].name, source: arrival.header.source,
                destination: arrival.header.destination, proto: arrival.header.proto, outcome: outcome))
    }
}
