import Wire

/// The connections of TCP that one port of a hidden host is used for, and until when they keep it.
///
/// An open connection keeps its port for 2 h 4 min; one that is being opened, or that both ends have closed, for four minutes,
/// in which the last acknowledgment may still be lost (RFC 5382 §5, REQ-5); one that was reset for ten seconds, as Linux does
/// (nf_conntrack_tcp_timeout_close). Sequence numbers are not looked at.
struct HiddenConnections: Sendable {
    struct Segment: Sendable {
        /// The end that is not hidden.
        var remote: TransportAddress
        var flags: TCPHeader.Flags
    }

    private struct Connection: Sendable {
        /// Of each end, the hidden one first.
        var hasBegun = (inside: false, outside: false)
        var hasFinished = (inside: false, outside: false)
        /// Both ends have begun, and one has acknowledged it.
        var isOpen = false
        var isReset = false
        var last: Int64

        var isClosed: Bool { isReset || hasFinished.inside && hasFinished.outside }

        var expiry: Int64 {
            last.advanced(
                by: isReset
                    ? HiddenConnections.afterReset
                    : isOpen && !isClosed ? HiddenConnections.whileOpen : HiddenConnections.inTransition)
        }
    }

    private static let whileOpen: Int64 = 7440 * 1_000_000_000
    private static let inTransition: Int64 = 240 * 1_000_000_000
    private static let afterReset: Int64 = 10 * 1_000_000_000

    /// As many connections of one port as are told apart. Beyond that, those that are there become one that was used for the
    /// last of them.
    static let limit = 512
    private var connections: [TransportAddress: Connection] = [:]
    private var rest = Int64.min
    private(set) var expiry = Int64.min

    /// A segment went through, or something of which only the port is known.
    mutating func received(_ segment: Segment?, isAnswer: Bool, at time: Int64) {
        guard let segment else {
            rest = max(rest, time.advanced(by: Self.whileOpen))
            expiry = max(expiry, rest)
            return
        }
        guard let connection = next(connections[segment.remote], segment.flags, isAnswer: isAnswer, at: time) else {
            return
        }
        if connections[segment.remote] == nil, connections.count >= Self.limit { fold(at: time) }
        connections[segment.remote] = connection
        expiry = connections.values.reduce(rest) { max($0, $1.expiry) }
    }

    /// What becomes of a connection; nil where the segment means nothing for one.
    private func next(
        _ known: Connection?, _ flags: TCPHeader.Flags, isAnswer: Bool, at time: Int64
    ) -> Connection? {
        let isOver = known.map { $0.expiry <= time || $0.isClosed }
        let opens = flags.contains(.syn) && !flags.contains(.ack) && !flags.contains(.rst)
        guard var connection = known, !(opens && isOver == true) else {
            // A stranger can begin a connection with a host that is seen, but cannot end or keep one that it has not.
            guard opens || !isAnswer && !flags.contains(.rst) else { return nil }
            var connection = Connection(last: time)
            // In the midst of one that began before its port was forgotten.
            connection.isOpen = !opens
            connection.hasBegun = opens ? (!isAnswer, isAnswer) : (true, true)
            return connection
        }
        connection.last = max(connection.last, time)
        if flags.contains(.rst) {
            connection.isReset = true
            return connection
        }
        if flags.contains(.syn) {
            if isAnswer { connection.hasBegun.outside = true } else { connection.hasBegun.inside = true }
        } else if connection.hasBegun.inside && connection.hasBegun.outside {
            connection.isOpen = true
        }
        if flags.contains(.fin) {
            if isAnswer { connection.hasFinished.outside = true } else { connection.hasFinished.inside = true }
        }
        return connection
    }

    /// Makes room: those that are over go, and of the others only the longest time is kept.
    private mutating func fold(at time: Int64) {
        connections = connections.filter { $0.value.expiry > time }
        guard connections.count >= Self.limit else { return }
        rest = connections.values.reduce(rest) { max($0, $1.expiry) }
        connections = [:]
    }
}
