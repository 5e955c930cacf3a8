import Wire

/// What is under way while frames are walked to their ends.
struct Walk {
    /// A packet at a node, or on its way to the next.
    struct Arrival: Sendable {
        var packet: [UInt8]
        /// As it was parsed; the TTL is ``timeToLive``, which changes on the way.
        var header: IPHeader
        var timeToLive: UInt8
        var identity: PacketIdentity
        var node: Int
        /// The interface it came in by; nil for a packet that the node itself sends.
        var entry: Int?
        var time: Int64
        /// The hop it is on, and how many lanes of that are behind it.
        var crossing: Routes.Hop?
        var lanesCrossed = 0
        /// The tunnel it is in, and how many routers of that are behind it.
        var tunnel: (index: Int, position: Int)?
        /// The label it came with.
        var label: UInt32?
        /// What a translating router made it for: its destination as it came, and its source as it will leave.
        var cameFor: TransportAddress?
        var leavesFrom: TransportAddress?
        /// The length of the longest piece that it was put together from.
        var longestPiece: Int?
        /// What it goes back to; nil where no fates are kept.
        var origin: PacketOrigin?
        /// Its number in a story; nil for packets that are not told of.
        var number: Int?

        init?(packet: [UInt8], node: Int, entry: Int?, time: Int64, identity: PacketIdentity) {
            guard let header = packet.withUnsafeBytes({ try? IPHeader(parsing: $0) }) else { return nil }
            self.packet = packet
            self.header = header
            timeToLive = header.timeToLive
            self.identity = identity
            self.node = node
            self.entry = entry
            self.time = time
        }

        /// After addresses or ports were changed.
        mutating func reparse() {
            if let header = packet.withUnsafeBytes({ try? IPHeader(parsing: $0) }) { self.header = header }
        }

        mutating func lowerTimeToLive() {
            timeToLive -= 1
            switch header {
            case .v4: IPv4Header.setTimeToLive(timeToLive, in: &packet)
            case .v6: packet[7] = timeToLive
            }
        }
    }

    var arrivals: [Arrival] = []
    var deliveries: [NetworkModel.Delivery] = []

    /// A packet that a node of the model sends itself.
    mutating func send(
        _ packet: [UInt8], from node: Int, at time: Int64, _ identity: PacketIdentity, of origin: PacketOrigin?,
        number: Int? = nil
    ) {
        if var arrival = Arrival(packet: packet, node: node, entry: nil, time: time, identity: identity) {
            arrival.origin = origin
            arrival.number = number
            arrivals.append(arrival)
        }
    }
}

/// A packet that waits until the network has come to its time.
struct ParkedArrival: Comparable, Sendable {
    let sequence: UInt64
    let arrival: Walk.Arrival

    static func < (left: ParkedArrival, right: ParkedArrival) -> Bool {
        (left.arrival.time, left.sequence) < (right.arrival.time, right.sequence)
    }

    static func == (left: ParkedArrival, right: ParkedArrival) -> Bool { left.sequence == right.sequence }
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
