import Wire

/// One TCP connection: both directions put in order, their bytes handed to whatever protocol they turn out to be.
final class TCPConnection {
    /// What is known of one direction.
    private struct Half {
        var reassembly = TCPReassembly()
        /// Sequence number that relative ones count from.
        var base: UInt32?
        /// Sequence number behind the last byte, once FIN was seen.
        var end: UInt32?
        var isClosed = false
        var windowScale: UInt8?
        /// Frames since a hole behind which the receiver already acknowledged bytes.
        var framesSinceHole = 0
        var wasCut = false
        /// Bytes up to here were acknowledged, but never came.
        var assumed: UInt32?
    }

    private let session: Session
    let index: Int
    let client: TCPEndpoint
    let server: TCPEndpoint
    private var clientHalf = Half()
    private var serverHalf = Half()
    private let channel: ByteChannel
    private var waiting: [WaitingSegment] = []
    private var framesWaited = 0
    private var wasReset = false
    private var isFinished = false

    /// Who opened the connection is told by its SYN, and where that is missing by the ports: servers have the lower.
    init(_ session: Session, index: Int, first: TCPSegment) {
        self.session = session
        self.index = index
        let isFromClient =
            first.has(.syn) ? !first.has(.ack) : first.destination.port <= first.source.port
        client = isFromClient ? first.source : first.destination
        server = isFromClient ? first.destination : first.source
        channel = ByteChannel(
            session, place: ChannelPlace(stream: index, client: client, server: server, tunnel: nil, tls: nil))
    }

    func side(of segment: TCPSegment) -> HTTPSide { segment.source == client ? .client : .server }

    private subscript(side: HTTPSide) -> Half {
        _read { if side == .client { yield clientHalf } else { yield serverHalf } }
        _modify { if side == .client { yield &clientHalf } else { yield &serverHalf } }
    }

    /// Whether the segment opens another connection between the same ports.
    func isReplaced(by segment: TCPSegment) -> Bool {
        guard segment.has(.syn), !segment.has(.ack) else { return false }
        return self[side(of: segment)].base.map { $0 != segment.sequence } ?? false
    }

    // MARK: Numbers

    func note(_ segment: TCPSegment, from sender: HTTPSide) {
        if self[sender].base == nil {
            // Without a SYN, counting begins so that the first byte seen has the number 1.
            self[sender].base = segment.has(.syn) ? segment.sequence : segment.sequence &- 1
        }
        if segment.has(.ack), self[sender.other].base == nil { self[sender.other].base = segment.acknowledgment &- 1 }
        if segment.has(.syn) {
            self[sender].windowScale = segment.windowScale
        }
    }

    func relativeSequence(_ segment: TCPSegment, _ sender: HTTPSide) -> UInt32 {
        segment.sequence &- (self[sender].base ?? 0)
    }

    func relativeAcknowledgment(_ segment: TCPSegment, _ sender: HTTPSide) -> UInt32 {
        segment.has(.ack) ? segment.acknowledgment &- (self[sender.other].base ?? 0) : segment.acknowledgment
    }

    func window(_ segment: TCPSegment, _ sender: HTTPSide) -> UInt64 {
        guard !segment.has(.syn), let own = self[sender].windowScale, self[sender.other].windowScale != nil else {
            return UInt64(segment.window)
        }
        return UInt64(segment.window) << UInt64(own)
    }

    // MARK: Bytes

    func deliver(_ segment: TCPSegment, from sender: HTTPSide) {
        guard !isFinished else { return }
        if mustWait(segment.acknowledgment, segment.flags, segment.length, sender) {
            waiting.append(WaitingSegment(segment, sender))
        } else {
            // Frames padded to the least size of Ethernet carry more than their IP length says.
            take(
                segment.sequence, segment.payload.upTo(segment.length), length: segment.length,
                acknowledgment: segment.acknowledgment, flags: segment.flags, from: sender)
        }
        if !waiting.isEmpty { release(losingPatience: segment.has(.rst)) }
        if segment.has(.rst), !wasReset {
            wasReset = true
            close(.client, .aborted)
            close(.server, .aborted)
        }
    }

    private func take(
        _ start: UInt32, _ payload: UnsafeRawBufferPointer, length: Int, acknowledgment: UInt32, flags: UInt16,
        from sender: HTTPSide
    ) {
        var sequence = start
        if flags.has(.syn) {
            self[sender].reassembly.begin(synSequence: sequence)
            sequence &+= 1
        }
        if !payload.isEmpty {
            if payload.count < length { self[sender].wasCut = true }
            if let bytes = self[sender].reassembly.accept(sequence: sequence, payload: payload) {
                channel.receive(bytes, from: sender)
                if self[sender].reassembly.hasHole { deliverReady(from: sender) }
            } else if self[sender].reassembly.isOverfull {
                skipHole(of: sender)
            }
        }
        if flags.has(.fin) { self[sender].end = sequence &+ UInt32(truncatingIfNeeded: length) }
        if flags.has(.ack), self[sender.other].reassembly.hasHole {
            acknowledge(acknowledgment, isLast: flags.has(.fin), of: sender.other)
        }
        closeWhereComplete(sender)
    }

    // MARK: Order between the directions

    /// A segment that answers bytes which the capture has not shown yet.
    private struct WaitingSegment {
        let sender: HTTPSide
        let sequence: UInt32
        let acknowledgment: UInt32
        let flags: UInt16
        let length: Int
        let payload: [UInt8]

        init(_ segment: TCPSegment, _ sender: HTTPSide) {
            self.sender = sender
            sequence = segment.sequence
            acknowledgment = segment.acknowledgment
            flags = segment.flags
            length = segment.length
            payload = Array(segment.payload.upTo(segment.length))
        }
    }

    /// Captures swap frames also between the directions; an answer is read after what it acknowledges, lest a response
    /// come before its request and a server's hello before the client's.
    private func mustWait(_ acknowledgment: UInt32, _ flags: UInt16, _ length: Int, _ sender: HTTPSide) -> Bool {
        guard flags.has(.ack), !flags.has(.rst), length > 0 || flags.has(.fin) || flags.has(.syn),
            let known = self[sender.other].reassembly.next
        else { return false }
        guard Int32(bitPattern: acknowledgment &- known) > 0 else { return false }
        if self[sender.other].end == known, acknowledgment == known &+ 1 { return false }
        if let assumed = self[sender.other].assumed, Int32(bitPattern: acknowledgment &- assumed) <= 0 { return false }
        return true
    }

    /// Reads the segments whose time has come; those that have waited too long answer bytes that the capture lacks.
    private func release(losingPatience: Bool) {
        framesWaited += 1
        var isImpatient = losingPatience || framesWaited > Self.patience
        var index = 0
        while index < waiting.count {
            let segment = waiting[index]
            if isImpatient { self[segment.sender.other].assumed = segment.acknowledgment }
            guard !mustWait(segment.acknowledgment, segment.flags, segment.length, segment.sender) else {
                index += 1
                continue
            }
            waiting.remove(at: index)
            segment.payload.withUnsafeBytes {
                take(
                    segment.sequence, $0, length: segment.length, acknowledgment: segment.acknowledgment,
                    flags: segment.flags, from: segment.sender)
            }
            // What was read may be what others waited for.
            index = 0
            framesWaited = 0
            isImpatient = losingPatience
        }
        if waiting.isEmpty { framesWaited = 0 }
    }

    // MARK: Holes and ends

    private func deliverReady(from sender: HTTPSide) {
        while let bytes = self[sender].reassembly.takeReady() {
            bytes.withUnsafeBytes { channel.receive($0, from: sender) }
        }
        if !self[sender].reassembly.hasHole { self[sender].framesSinceHole = 0 }
    }

    /// Frames after which a hole that the receiver has acknowledged is taken for a loss of the capture. Captures of
    /// several queues swap frames, but not by that many.
    private static let patience = 64

    private func acknowledge(_ acknowledgment: UInt32, isLast: Bool, of sender: HTTPSide) {
        guard self[sender].reassembly.isHoleAcknowledged(by: acknowledgment) else { return }
        self[sender].framesSinceHole += 1
        if self[sender].framesSinceHole > Self.patience || isLast && self[sender].end != nil {
            skipHole(of: sender)
        }
    }

    private func skipHole(of sender: HTTPSide) {
        guard let lost = self[sender].reassembly.skipHole() else { return }
        self[sender].framesSinceHole = 0
        channel.missed(lost, from: sender, wasCut: self[sender].wasCut)
        deliverReady(from: sender)
        closeWhereComplete(sender)
    }

    private func closeWhereComplete(_ sender: HTTPSide) {
        guard let end = self[sender].end else { return }
        if self[sender].reassembly.next == nil || self[sender].reassembly.next == end { close(sender, .closed) }
    }

    private func close(_ sender: HTTPSide, _ end: HTTPStreamEnd) {
        guard !self[sender].isClosed else { return }
        while self[sender].reassembly.hasHole, end == .aborted { skipHole(of: sender) }
        // Skipping a hole may have brought the end.
        guard !self[sender].isClosed else { return }
        self[sender].isClosed = true
        channel.closed(end, from: sender)
        if isOver, waiting.isEmpty {
            isFinished = true
            channel.finish()
        }
    }

    /// Both sides have ended; what still comes are acknowledgments and repetitions.
    var isOver: Bool { clientHalf.isClosed && serverHalf.isClosed }

    /// The capture has ended, or another connection took the place.
    func finish() {
        guard !isFinished else { return }
        release(losingPatience: true)
        for side in [HTTPSide.client, .server] {
            while self[side].reassembly.hasHole { skipHole(of: side) }
            closeWhereComplete(side)
            close(side, .aborted)
        }
        guard !isFinished else { return }
        isFinished = true
        channel.finish()
    }
}
