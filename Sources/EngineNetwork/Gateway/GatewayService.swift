import CLinux
import HeapModule
import Wire

/// The gateway's working state, owned by its thread: the model, what is due, and the buffer frames are read into.
struct GatewayService {
    private struct Due: Comparable {
        let deadline: Int64
        /// Keeps frames of one deadline in the order in which they were made.
        let sequence: UInt64
        let host: Int
        let frame: [UInt8]

        static func < (left: Due, right: Due) -> Bool {
            (left.deadline, left.sequence) < (right.deadline, right.sequence)
        }

        static func == (left: Due, right: Due) -> Bool { left.sequence == right.sequence }
    }

    /// Above this, what a host sends is lost like in a full queue, so that a flood over a slow link ends in loss, not in memory.
    private static let dueLimit = 65536
    private static let batch = 32
    /// Room for the largest frame that a host with segmentation offload hands over, 65,550 bytes; and such that the beginnings
    /// of slots, which is all that most frames fill, lie apart in the processor's caches too: at a distance of about 64 KiB each
    /// would drive the one before out before it is sent.
    private static let slotSize = 65_536 + 1600

    private var model: NetworkModel
    private let sockets: [PortSocket]
    /// By the host's index; nil for one that has no port here.
    private let socketOfHost: [PortSocket?]
    private var due = Heap<Due>()
    private var sequence: UInt64 = 0
    private var buffer = [UInt8](repeating: 0, count: batch * slotSize)
    private var frames = [lab_frame](repeating: lab_frame(), count: batch)
    /// Frames of ``buffer`` that are to be sent at once, all to one host; empty but while a batch is read.
    private var outgoing: [lab_span] = []
    private var receiver = 0

    init(model: NetworkModel, sockets: [PortSocket]) {
        self.model = model
        self.sockets = sockets
        var socketOfHost = [PortSocket?](repeating: nil, count: model.map.hosts.count)
        for socket in sockets { socketOfHost[socket.host] = socket }
        self.socketOfHost = socketOfHost
    }

    /// Writes what is due, earliest first; gives the time until there is more to do, nil when nothing is waiting.
    mutating func writeDue(now start: Int64) -> Int64? {
        var now = start
        while true {
            let event = model.nextEvent ?? .max
            let deadline = due.min?.deadline ?? .max
            let next = min(event, deadline)
            guard next < .max else { return nil }
            if next > now {
                now = lab_clock_monotonic()
                if next > now { return next - now }
            }
            if event <= deadline {
                keep(model.timeReached(event))
            } else if let frame = due.popMin() {
                socketOfHost[frame.host]?.send(frame.frame)
            }
        }
    }

    mutating func takeFates(ofHost host: String) -> [PacketFate] { model.takeFates(ofHost: host) }

    mutating func apply(_ change: NetworkChange) { model.apply(change) }

    /// Whom what is seen on links is told.
    private var tap: LinkTap?

    mutating func open(_ tap: LinkTap) {
        self.tap = tap
        model.watch(links: tap.links)
    }

    private mutating func keep(_ deliveries: [NetworkModel.Delivery]) {
        if let tap {
            let sightings = model.takeSightings()
            if !sightings.isEmpty { tap.take(sightings) }
        }
        for delivery in deliveries where due.count < GatewayService.dueLimit {
            due.insert(
                Due(deadline: delivery.deadline, sequence: sequence, host: delivery.host, frame: delivery.frame))
            sequence &+= 1
        }
    }

    /// Reads a batch from one socket and lets the model decide.
    mutating func read(_ index: Int) {
        let socket = sockets[index]
        let count = lab_packet_receive(
            socket.descriptor, &buffer, Int32(GatewayService.slotSize), &frames, Int32(GatewayService.batch))
        guard count > 0 else { return }
        // Arrival stamps are on the wall clock; deadlines are not, lest a step of that clock tear the network.
        let monotonic = lab_clock_monotonic()
        let offset = monotonic &- lab_clock_realtime()
        for slot in 0..<Int(count) {
            let frame = frames[slot]
            let stamped = frame.arrival == 0 ? monotonic : frame.arrival &+ offset
            let arrival = stamped > monotonic || stamped < monotonic - 1_000_000_000 ? monotonic : stamped
            let start = slot * GatewayService.slotSize
            let end = start + Int(min(frame.length, Int32(GatewayService.slotSize)))
            let isPending = frame.checksum_pending != 0
            var direct: (host: Int, length: Int)?
            let deliveries = buffer.withUnsafeMutableBytes { bytes -> [NetworkModel.Delivery] in
                let frame = UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end])
                let host = socket.host
                if !isPending, let shortcut = model.shortcut(fromHost: host, frame, at: arrival) {
                    let bytes = UnsafeRawBufferPointer(rebasing: frame[..<min(shortcut.length, frame.count)])
                    // What is due already, and behind nothing that is due before, needs no queue.
                    if shortcut.deadline <= monotonic, due.min.map({ $0.deadline > shortcut.deadline }) ?? true {
                        direct = (shortcut.host, bytes.count)
                        return []
                    }
                    return [
                        NetworkModel.Delivery(
                            host: shortcut.host, frame: Array(bytes), deadline: shortcut.deadline)
                    ]
                }
                if isPending {
                    // A host whose offloads could not be switched off hands over what its network card was to finish.
                    if let parts = TCPSegmentation.segments(
                        of: UnsafeRawBufferPointer(frame), mtu: model.mtu(ofHost: host))
                    {
                        return parts.flatMap { part in
                            part.withUnsafeBytes { model.frameReceived(fromHost: host, $0, at: arrival) }
                        }
                    }
                    TransportChecksum.finish(in: frame)
                }
                return model.frameReceived(fromHost: host, UnsafeRawBufferPointer(frame), at: arrival)
            }
            if let direct {
                if receiver != direct.host { sendOutgoing() }
                receiver = direct.host
                outgoing.append(lab_span(offset: Int64(start), length: Int32(clamping: direct.length)))
            }
            keep(deliveries)
        }
        sendOutgoing()
    }

    private mutating func sendOutgoing() {
        guard !outgoing.isEmpty else { return }
        socketOfHost[receiver]?.send(outgoing, of: buffer)
        outgoing.removeAll(keepingCapacity: true)
    }
}
