/// Follows one direction of an HTTP/1 connection (RFC 9112): stream octets in order go in, events come out.
///
/// Inputs may be cut anywhere. Only an incomplete head, trailer section or chunk line is kept, within ``HTTP1Limits``;
/// body octets come back as slices of the input. A response parser is told each request's method beforehand
/// (``requestSent(_:)``); ``HTTP1Connection`` does that for a pair. Nothing in the input makes it trap.
package struct HTTP1Parser: Sendable {
    package enum Role: Sendable { case request, response }

    enum Phase: Sendable {
        /// At or inside a head. Leads to any of the body phases, to itself for a message without body, or to lost.
        case head
        /// Inside `Content-Length` octets. Leads to head.
        case fixedBody
        /// At or inside a chunk's size line. Leads to chunkData, trailers or lost.
        case chunkLine
        /// Inside a chunk. Leads to chunkEnd.
        case chunkData
        /// At the line end behind a chunk. Leads to chunkLine.
        case chunkEnd
        /// At or inside the section behind the last chunk. Leads to head or lost.
        case trailers
        /// Everything up to the stream's end is body.
        case untilClose
        /// Behind a CONNECT that is not answered yet. Leads to tunnel, or to head when refused.
        case awaitingTunnel
        case tunnel
        /// Skipping until an input begins like a start line. Leads to head.
        case lost
    }

    package let role: Role
    let limits: HTTP1Limits
    var phase = Phase.head
    /// Octets left of the body or chunk.
    var remaining: UInt64 = 0
    /// The incomplete head, section or line; `scanned` of it hold no end.
    var partial: [UInt8] = []
    var scanned = 0
    /// Octets of the direction taken so far, missing ones counted.
    package private(set) var offset: UInt64 = 0
    var messageOffset: UInt64 = 0
    /// How many heads other than interim ones were read.
    package internal(set) var messageCount = 0

    var expectations = HTTP1Expectations()
    var pending = HTTP1Pending()
    var leadingEmptyLine = false
    var resynchronised = false
    private var sawReturn = false
    private var switchAfterMessage: HTTP1Switch?

    package init(_ role: Role, limits: HTTP1Limits = HTTP1Limits()) {
        self.role = role
        self.limits = limits
    }

    /// Whether the beginning of a head was taken, and not its end.
    package var isAmidHead: Bool { phase == .head && !partial.isEmpty }

    /// The next event. Takes what it needs off the front of `input`; nil once all of it is used up.
    package mutating func next(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        if let event = pending.next() { return event }
        while !input.isEmpty {
            if let event = step(&input) { return event }
            if let event = pending.next() { return event }
        }
        return nil
    }

    private mutating func step(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        switch phase {
        case .head: return readHead(&input)
        case .fixedBody:
            let part = takeBody(&input)
            if remaining == 0 { messageEnded(.complete) }
            return .body(part)
        case .chunkLine: return readChunkLine(&input)
        case .chunkData:
            let part = takeBody(&input)
            if remaining == 0 { phase = .chunkEnd }
            return .body(part)
        case .chunkEnd: return readChunkEnd(&input)
        case .trailers: return readTrailers(&input)
        case .untilClose: return .body(advance(&input, input.count))
        case .tunnel: return .tunnel(advance(&input, input.count))
        case .awaitingTunnel:
            // Nobody waits for ever: what does not begin like a request is taken for the tunnel's first octets.
            if (0x41...0x5a).contains(input[0]) { phase = .head } else { enterTunnel(.connect) }
            return nil
        case .lost:
            guard HTTP1Signature.isStartLine(input, role) else {
                advance(&input, input.count)
                return nil
            }
            phase = .head
            resynchronised = true
            expectations.keepLast()
            return nil
        }
    }

    private mutating func takeBody(_ input: inout UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let part = advance(&input, Int(clamping: min(remaining, UInt64(input.count))))
        remaining -= UInt64(part.count)
        return part
    }

    @discardableResult
    mutating func advance(_ input: inout UnsafeRawBufferPointer, _ count: Int) -> UnsafeRawBufferPointer {
        let part = input.take(count)
        offset &+= UInt64(part.count)
        return part
    }

    mutating func messageEnded(_ end: HTTP1End) {
        pending.end = end
        phase = .head
        if let switched = switchAfterMessage {
            switchAfterMessage = nil
            enterTunnel(switched)
        }
    }

    mutating func enterTunnel(_ reason: HTTP1Switch) {
        pending.switched = reason
        phase = .tunnel
    }

    /// Gives the message up; what is left of this input is skipped.
    mutating func fail(_ failure: HTTP1Failure, _ input: inout UnsafeRawBufferPointer) -> HTTP1Event {
        advance(&input, input.count)
        lose()
        return .failed(failure)
    }

    private mutating func lose() {
        partial = []
        scanned = 0
        remaining = 0
        phase = .lost
    }

    private mutating func readChunkEnd(_ input: inout UnsafeRawBufferPointer) -> HTTP1Event? {
        if input[0] == 0x0d, !sawReturn {
            sawReturn = true
            advance(&input, 1)
            return nil
        }
        defer { sawReturn = false }
        phase = .chunkLine
        guard input[0] == 0x0a else { return .anomaly(.chunkWithoutLineEnd) }
        advance(&input, 1)
        return sawReturn ? nil : .anomaly(.bareLineFeed)
    }
}

// MARK: - What the outside tells

extension HTTP1Parser {
    /// Response parsers: a request was sent; responses are matched to requests in order.
    package mutating func requestSent(_ method: HTTP1Expectation) {
        expectations.append(method, limit: limits.pipelined)
    }

    /// Request parsers: the response to CONNECT or to an upgrade came. Nil: CONNECT was refused, HTTP/1 goes on.
    package mutating func switchDecided(_ reason: HTTP1Switch?) {
        guard let reason else {
            if phase == .awaitingTunnel { phase = .head }
            return
        }
        switch phase {
        case .tunnel: break
        case .head, .awaitingTunnel, .lost:
            if !partial.isEmpty {
                pending.missing = UInt64(partial.count)
                partial = []
                scanned = 0
            }
            enterTunnel(reason)
        default: switchAfterMessage = reason
        }
    }

    /// The capture lacks this many octets here. Inside a body of known length the count is enough to go on.
    package mutating func missed(_ count: UInt64) -> HTTP1Event {
        offset &+= count
        switch phase {
        case .untilClose, .tunnel: return .missing(count)
        case .fixedBody, .chunkData:
            if count <= remaining {
                remaining -= count
                if remaining == 0 {
                    if phase == .fixedBody { messageEnded(.complete) } else { phase = .chunkEnd }
                }
                return .missing(count)
            }
            let missing = phase == .fixedBody ? remaining : nil
            lose()
            return .end(.truncated(missing: missing))
        case .chunkLine, .chunkEnd, .trailers:
            lose()
            return .end(.truncated(missing: nil))
        case .head, .awaitingTunnel, .lost:
            lose()
            return .failed(.gap(count))
        }
    }

    /// The stream ended. Returns the last event of a message that was under way; call it after ``next(_:)`` gave nil.
    package mutating func closed(_ end: HTTPStreamEnd) -> HTTP1Event? {
        defer { lose() }
        switch phase {
        case .head: return partial.isEmpty ? nil : .failed(.truncatedHead)
        case .fixedBody: return .end(.truncated(missing: remaining))
        case .chunkLine, .chunkData, .chunkEnd, .trailers: return .end(.truncated(missing: nil))
        case .untilClose: return .end(end == .closed ? .closed : .truncated(missing: nil))
        case .awaitingTunnel, .tunnel, .lost: return nil
        }
    }

    /// Whether the direction left HTTP/1 for another protocol.
    package var isTunnel: Bool { phase == .tunnel }
}
