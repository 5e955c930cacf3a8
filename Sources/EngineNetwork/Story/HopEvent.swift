import Wire

/// One thing that happened to a packet on its way, and why: a row of a hop story.
package struct HopEvent: Sendable, Hashable {
    package enum Act: Sendable, Hashable {
        /// Sent on to a neighbour.
        case forwarded(to: String, Reason)
        /// Changed by address translation.
        case translated(from: IPAddress, to: IPAddress)
        /// Sent to a host by a port forward.
        case redirected(from: TransportAddress, to: TransportAddress)
        /// What the firewall knows of it.
        case tracked(ConnectionState)
        /// Waited for its turn before a link with a rate, in nanoseconds.
        case queued(link: String, wait: Int64)
        /// On a link for this many nanoseconds.
        case crossed(link: String, delay: Int64)
        case damaged(link: String)
        /// A second one goes on beside it.
        case doubled(link: String)
        case fragmented(pieces: Int, mtu: Int)
        /// Its way ends.
        case ended(NetworkModel.Verdict.Outcome)
        /// The node answers it, or reports about it: the number of the packet that does.
        case answered(packet: Int)
        /// The node would report, and does not.
        case kept(Silence)
    }

    /// Why a packet goes where it goes.
    package enum Reason: Sendable, Hashable {
        case shortestPath
        /// A route by hand.
        case route(IPPrefix)
        /// One of several ways of equal cost.
        case balanced(ways: Int, by: Router.Balancing)
        case label(UInt32)
        /// A host's own network or gateway.
        case host
    }

    package enum Silence: Sendable, Hashable {
        case silent
        case withheld(Router.Answer)
        case rateLimited
        /// Nothing may be reported about reports, groups and later pieces (RFC 1122 §3.2.2), nor by who sent the packet itself.
        case notAllowed
    }

    /// 0 is the packet that was sent; others came of it, in the order in which they did.
    package let packet: Int
    /// On the clock of the simulation, in nanoseconds.
    package let at: Int64
    package let node: String
    package let source: IPAddress
    package let destination: IPAddress
    package let timeToLive: UInt8
    package let act: Act
}

extension HopEvent: CustomStringConvertible {
    /// A line for people, times in milliseconds.
    package var description: String {
        "\(HopEvent.milliseconds(at))  packet \(packet)  \(node)  ttl \(timeToLive)  \(act)"
    }

    fileprivate static func milliseconds(_ nanoseconds: Int64) -> String {
        let microseconds = nanoseconds / 1000
        let fraction = String(microseconds.magnitude % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction + " ms"
    }
}

extension HopEvent.Act: CustomStringConvertible {
    package var description: String {
        switch self {
        case .forwarded(let next, let reason): "goes on to \(next): \(reason)"
        case .translated(let old, let new): "has its address \(old) changed to \(new)"
        case .redirected(let old, let new): "is for \(new) instead of \(old), by a port forward"
        case .tracked(let state): "is \(state.rawValue) to the firewall"
        case .queued(let link, let wait): "waits \(HopEvent.milliseconds(wait)) for its turn on \(link)"
        case .crossed(let link, let delay): "is on \(link) for \(HopEvent.milliseconds(delay))"
        case .damaged(let link): "is damaged on \(link)"
        case .doubled(let link): "is doubled on \(link)"
        case .fragmented(let pieces, let mtu): "is cut into \(pieces) pieces for an MTU of \(mtu) bytes"
        case .ended(let outcome): "ends: \(outcome)"
        case .answered(let packet): "is answered by packet \(packet)"
        case .kept(let silence): "is not reported: \(silence)"
        }
    }
}

extension HopEvent.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .shortestPath: "the shortest path"
        case .route(let prefix): "a route by hand to \(prefix)"
        case .balanced(let ways, let balancing): "one of \(ways) equal ways, chosen by \(balancing.rawValue)"
        case .label(let label): "a tunnel, with the label \(label)"
        case .host: "its network, or its gateway"
        }
    }
}

extension HopEvent.Silence: CustomStringConvertible {
    package var description: String {
        switch self {
        case .silent: "the router is silent"
        case .withheld(let answer): "the router withholds \(answer.rawValue)"
        case .rateLimited: "the router has made as many reports as it may"
        case .notAllowed: "nothing may be reported about it"
        }
    }
}

extension NetworkModel.Verdict.Outcome: CustomStringConvertible {
    package var description: String {
        switch self {
        case .delivered: "delivered to the host"
        case .received: "received by the node it is for"
        case .expired: "its TTL is used up"
        case .noRoute: "there is no route"
        case .hostUnreachable: "the host is not there"
        case .hostSilent: "the host is down, and nobody says so"
        case .tooBig(let mtu): "it is too big for an MTU of \(mtu) bytes"
        case .malformed: "it is malformed"
        case .lost(let link): "lost on \(link)"
        case .queueFull(let link): "the queue of \(link) is full"
        case .filtered(let rule): "rule \(rule + 1) of the firewall stops it"
        case .discarded: "a route by hand discards it"
        case .rateLimited: "the router has made as many reports as it may"
        }
    }
}
