/// The end of a connection that octets come from.
package enum HTTPSide: UInt8, Sendable, Hashable {
    case client, server

    package var other: HTTPSide { self == .client ? .server : .client }
}

/// Both directions of one HTTP/1 connection: responses know their requests, and a tunnel opens on both sides.
///
/// Feed inputs in the order in which they were seen; every event belongs to ``exchange(_:)`` of its side.
package struct HTTP1Connection: Sendable {
    private var requests: HTTP1Parser
    private var responses: HTTP1Parser
    /// Exchange numbers of the requests without response, oldest first; bounded as the pipeline is.
    private var open = ArraySlice<Int>()
    private var exchanges = 0
    private var current = (client: -1, server: -1)
    private let limits: HTTP1Limits

    package init(limits: HTTP1Limits = HTTP1Limits()) {
        self.limits = limits
        requests = HTTP1Parser(.request, limits: limits)
        responses = HTTP1Parser(.response, limits: limits)
    }

    /// The next event of one side; takes octets off the front of `input`, nil once all are used up.
    package mutating func next(_ input: inout UnsafeRawBufferPointer, from side: HTTPSide) -> HTTP1Event? {
        switch side {
        case .client:
            let event = requests.next(&input)
            if case .request(let head) = event { requestRead(head) }
            return event
        case .server:
            let event = responses.next(&input)
            if case .response(let head) = event { responseRead(head) }
            return event
        }
    }

    /// The number of the exchange, from 0 in the order of requests, that the side's latest event belongs to; -1 before any.
    package func exchange(_ side: HTTPSide) -> Int { side == .client ? current.client : current.server }

    /// Octets of a side taken so far: the stream offset of what comes next.
    package func offset(_ side: HTTPSide) -> UInt64 { side == .client ? requests.offset : responses.offset }

    /// The capture lacks this many octets of a side.
    package mutating func missed(_ count: UInt64, from side: HTTPSide) -> HTTP1Event {
        side == .client ? requests.missed(count) : responses.missed(count)
    }

    /// A side's stream ended; the last event of a message that was under way.
    package mutating func closed(_ end: HTTPStreamEnd, from side: HTTPSide) -> HTTP1Event? {
        side == .client ? requests.closed(end) : responses.closed(end)
    }

    /// Whether both sides left HTTP/1 for what a tunnel or an upgrade carries.
    package var isTunnel: Bool { requests.isTunnel && responses.isTunnel }

    private mutating func requestRead(_ head: HTTP1RequestHead) {
        current.client = exchanges
        guard open.count < limits.pipelined else { return }
        open.append(exchanges)
        exchanges += 1
        responses.requestSent(HTTP1Expectation(method: head.method))
    }

    private mutating func responseRead(_ head: HTTP1ResponseHead) {
        if head.anomalies.contains(.resynchronised), open.count > 1 { open = open.suffix(1) }
        if let oldest = open.first {
            current.server = oldest
        } else {
            current.server = exchanges
            if !head.isInterim { exchanges += 1 }
        }
        guard !head.isInterim else { return }
        open = open.dropFirst()
        switch head.framing {
        case .tunnel:
            let upgraded = head.status == 101
            requests.switchDecided(upgraded ? .upgrade(head.fields.first("upgrade") ?? "") : .connect)
        default: requests.switchDecided(nil)
        }
    }
}
