import Wire

/// The emulated internet at work: frames and a clock in, frames with deadlines out. Pure; nothing waits here.
///
/// A frame is walked through every router at once, in virtual time: what comes of it (a delivery, a reply, an error from a
/// router on the way) is one frame at one deadline, the sum of the delays it met. So the error of a round trip on a real
/// clock does not grow with the number of hops. Times are nanoseconds on any clock that does not go back.
package struct NetworkModel: Sendable {
    /// A frame to be written to a host's port when its time has come.
    package struct Delivery: Sendable, Hashable {
        /// The host's index in the topology.
        package let host: Int
        package let frame: [UInt8]
        package let deadline: Int64
    }

    /// What became of a packet, for logs and for graders that replay a run.
    package struct Verdict: Sendable, Hashable {
        package enum Outcome: Sendable, Hashable {
            case delivered
            /// The node took it: it is the destination, and lives in the model.
            case received
            case expired
            case noRoute
            case hostUnreachable
            case hostSilent
            case tooBig(mtu: Int)
            case malformed
        }

        package let at: Int64
        /// Where it happened.
        package let node: String
        package let source: IPAddress
        package let destination: IPAddress
        package let proto: IPProtocol
        package let outcome: Outcome
    }

    let map: NetworkMap
    var routes = Routes()
    let zone: Zone
    /// Draws for impairments are keyed by this and by the packet's flow, never by the order of arrival.
    package let seed: UInt64
    var reassembly = Reassembly()

    /// How many verdicts are kept, the newest; 0 keeps none.
    package var verdictLimit = 0
    package private(set) var verdicts: [Verdict] = []

    package init(_ topology: Topology, seed: UInt64) {
        map = NetworkMap(topology)
        zone = Zone(topology.names)
        self.seed = seed
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

    /// A frame came out of a host. Malformed frames vanish, as they do in a network.
    package mutating func frameReceived(
        fromHost host: Int, _ frame: UnsafeRawBufferPointer, at time: Int64
    ) -> [Delivery] {
        guard isUp(host: host), let own = map.nodes[map.nodeOfHost[host]].interfaces.first,
            let header = try? EthernetHeader(parsing: frame)
        else { return [] }
        var walk = Walk()
        flood(frame, header, from: own, at: time, &walk)
        switch header.type {
        case .arp: addressResolutionReceived(part(frame, from: header.length), from: own, at: time, &walk)
        case .ipv4, .ipv6:
            if header.destination.isGroup {
                groupPacketReceived(part(frame, from: header.length), from: own, at: time, &walk)
            } else {
                packetReceived(part(frame, from: header.length), header, from: own, at: time, &walk)
            }
        default: break
        }
        finish(&walk)
        return walk.deliveries
    }

    /// Does what a switch does: groups go to every other host of the subnet, other frames to the one they are addressed to.
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

    /// A packet for the hardware address of a node in the model enters there.
    private mutating func packetReceived(
        _ bytes: UnsafeRawBufferPointer, _ header: EthernetHeader, from own: Int, at time: Int64, _ walk: inout Walk
    ) {
        let subnet = map.subnets[map.interfaces[own].subnet]
        guard
            let entry = subnet.interfaces.first(where: {
                $0 != own && map.interfaces[$0].hardwareAddress == header.destination
            }), let way = map.way(from: own, to: entry), isModelled(map.interfaces[entry].node),
            let packet = try? IPHeader(parsing: bytes)
        else { return }
        switch packet {
        case .v4: guard IPv4Header.checksumHolds(in: bytes) else { return }
        case .v6(let header):
            guard !neighborSolicitationReceived(bytes, header, from: own, at: time, &walk) else { return }
        }
        // Ethernet pads short packets; the padding ends here.
        let whole = Array(bytes.prefix(packet.totalLength))
        walk.arrivals.append(
            Walk.Arrival(
                packet: whole, node: map.interfaces[entry].node, entry: entry, time: time.advanced(by: way.delay)))
    }

    func isModelled(_ node: Int) -> Bool {
        guard let host = map.host(ofNode: node) else { return true }
        return host.kind == .virtual && host.condition == .up
    }

    private mutating func finish(_ walk: inout Walk) {
        // Replies never cause replies of replies; the limit only bounds what fragments multiply.
        var steps = 0
        while let arrival = walk.arrivals.popLast(), steps < 4096 {
            steps += 1
            advance(arrival, &walk)
        }
    }

    mutating func note(_ outcome: Verdict.Outcome, at node: Int, _ time: Int64, _ header: IPHeader) {
        guard verdictLimit > 0 else { return }
        if verdicts.count >= 2 * verdictLimit { verdicts.removeFirst(verdicts.count - verdictLimit + 1) }
        verdicts.append(
            Verdict(
                at: time, node: map.nodes[node].name, source: header.source, destination: header.destination,
                proto: header.proto, outcome: outcome))
    }
}

/// What is under way while one frame is walked to its ends.
struct Walk {
    struct Arrival {
        var packet: [UInt8]
        var node: Int
        /// The interface it came in by; nil for a packet that the node itself sends.
        var entry: Int?
        var time: Int64
    }

    var arrivals: [Arrival] = []
    var deliveries: [NetworkModel.Delivery] = []
}

func part(_ bytes: UnsafeRawBufferPointer, from offset: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: bytes[min(offset, bytes.count)...])
}

extension Int64 {
    /// Later by `delay`, and never earlier: an absurd sum stays at the end of time.
    func advanced(by delay: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(delay)
        return overflow ? Int64.max : sum
    }
}
