/// Both directions of one HTTP/2 connection (RFC 9113): stream octets in order go in, events come out.
///
/// Inputs may be cut anywhere; DATA comes back as slices of the input. The connection may be joined in its middle: what
/// depends on the part that is not there is marked unknown. Nothing in the input makes it trap, and what it keeps is
/// bounded by ``HTTP2Limits``.
package struct HTTP2Connection {
    /// How the connection was begun.
    package enum Beginning: Sendable {
        /// By ALPN or prior knowledge: the client's preface is due.
        case preface
        /// By `Upgrade: h2c`: the preface is due, and stream 1 answers the HTTP/1 request.
        case upgrade
        /// The capture lacks the beginning.
        case unknown
    }

    private var client: HTTP2Side
    private var server: HTTP2Side
    private var streams: HTTP2Streams

    package init(_ beginning: Beginning = .preface, limits: HTTP2Limits = HTTP2Limits()) {
        let joined = beginning == .unknown
        client = HTTP2Side(.client, joined: joined, limits: limits)
        server = HTTP2Side(.server, joined: joined, limits: limits)
        streams = HTTP2Streams(limit: limits.streams)
        if beginning == .upgrade { _ = streams.note([.clientHead, .clientEnd], on: 1) }
    }

    /// The next event of one side; takes octets off the front of `input`, nil once all are used up.
    package mutating func next(_ input: inout UnsafeRawBufferPointer, from side: HTTPSide) -> HTTP2Event? {
        side == .client
            ? client.next(&input, peer: &server.fields, &streams)
            : server.next(&input, peer: &client.fields, &streams)
    }

    /// The capture lacks this many octets of a side. Inside DATA nothing else is lost.
    package mutating func missed(_ count: UInt64, from side: HTTPSide) -> HTTP2Event {
        side == .client ? client.missed(count) : server.missed(count)
    }

    /// Octets of a side taken so far.
    package func offset(_ side: HTTPSide) -> UInt64 { side == .client ? client.offset : server.offset }

    /// Streams on which the side began a message that has not ended; at the end of the capture these are truncated.
    package func unfinished(_ side: HTTPSide) -> [UInt32] { streams.unfinished(side) }
}
