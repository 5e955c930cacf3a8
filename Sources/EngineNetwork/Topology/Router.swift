import Wire

/// A node that forwards, lowers TTLs and reports what it cannot deliver, as well or badly as it is told to.
package struct Router: Codable, Sendable, Hashable {
    /// Which address a router speaks from when it reports about a packet.
    package enum Voice: Codable, Sendable, Hashable {
        /// Its own of the packet's family, where it has one; otherwise the interface's.
        case own
        /// That of the interface the packet came in by.
        case interface
        /// Any other: a lie. Families without one are spoken for as by ``own``.
        case other([IPAddress])
    }

    /// What a router can leave unsaid.
    package enum Answer: String, Codable, Sendable, CaseIterable {
        case echo
        case timeExceeded = "time-exceeded"
        case unreachable
        /// Without it large packets vanish without a word: a black hole for path MTU discovery (RFC 2923 §2.1).
        case packetTooBig = "packet-too-big"
    }

    /// How a router spreads packets over ways of equal cost.
    package enum Balancing: String, Codable, Sendable, CaseIterable {
        /// By addresses, protocol and the first four bytes behind the header (ports; for ICMP type, code and checksum).
        case flow
        case destination
        /// Each packet for itself, by a draw.
        case packet
    }

    package var name: String
    /// Addresses of the router itself, beside those of its link ends. When there is one of a packet's family, the first is
    /// the source of all that the router says; otherwise the address of the interface the packet came in on.
    package var addresses: [IPAddress]
    /// Forwards, but never speaks: a row of stars in a traceroute.
    package var silent: Bool
    package var withholds: Set<Answer>
    package var voice: Voice
    /// How many reports it makes; nil: as many as there are reasons.
    package var limit: ReportLimit?
    /// Tells about the interface that a reported packet came in by (RFC 5837).
    package var tellsInterfaces: Bool
    /// Nil: the first of equal ways takes all.
    package var balancing: Balancing?
    package var routes: [StaticRoute]
    /// Asked in order, the first that matches decides; what none matches passes.
    package var filters: [FilterRule]
    package var translation: AddressTranslation?

    package init(
        name: String, addresses: [IPAddress] = [], silent: Bool = false, withholds: Set<Answer> = [],
        voice: Voice = .own, limit: ReportLimit? = nil, tellsInterfaces: Bool = false, balancing: Balancing? = nil,
        routes: [StaticRoute] = [], filters: [FilterRule] = [], translation: AddressTranslation? = nil
    ) {
        self.name = name
        self.addresses = addresses
        self.silent = silent
        self.withholds = withholds
        self.voice = voice
        self.limit = limit
        self.tellsInterfaces = tellsInterfaces
        self.balancing = balancing
        self.routes = routes
        self.filters = filters
        self.translation = translation
    }
}

/// How many reports (not echo replies) a router makes, as Linux counts them: for each receiver a credit that grows with time
/// up to `burst` reports, and one for all together (net.ipv4.icmp_ratelimit, icmp_msgs_per_sec and icmp_msgs_burst).
package struct ReportLimit: Codable, Sendable, Hashable {
    /// Nanoseconds between two reports to one receiver, in the long run.
    package var interval: Int64
    package var burst: Int
    /// Reports a second to all receivers together, and how many at once; nil: any number.
    package var perSecond: Int?
    package var totalBurst: Int

    package init(interval: Int64, burst: Int = 6, perSecond: Int? = nil, totalBurst: Int = 50) {
        self.interval = interval
        self.burst = burst
        self.perSecond = perSecond
        self.totalBurst = totalBurst
    }

    /// What a Linux router does unless it is told otherwise.
    package static let linux = ReportLimit(interval: 1_000_000_000, burst: 6, perSecond: 1000, totalBurst: 50)
}

/// A route that its author set by hand; it wins over the shortest path where its prefix is as long or longer.
package struct StaticRoute: Codable, Sendable, Hashable {
    package enum Action: Codable, Sendable, Hashable {
        /// To a neighbour of the router: its name.
        case via(String)
        /// Away with it, without a word.
        case discard
        /// Away with it, and tell the sender that there is no route.
        case refuse
    }

    package var prefix: IPPrefix
    package var action: Action
    /// A loop that comes of it is meant.
    package var mayLoop: Bool

    package init(_ prefix: IPPrefix, _ action: Action, mayLoop: Bool = false) {
        self.prefix = prefix
        self.action = action
        self.mayLoop = mayLoop
    }
}

/// One rule of a firewall. What is nil matches everything.
package struct FilterRule: Codable, Sendable, Hashable {
    package enum Action: String, Codable, Sendable, CaseIterable {
        case accept
        case drop
        case port = "port-unreachable"
        case host = "host-unreachable"
        case network = "network-unreachable"
        case hostProhibited = "host-prohibited"
        case networkProhibited = "network-prohibited"
        case prohibited = "admin-prohibited"
        /// Of a TCP connection; other packets are dropped.
        case reset
    }

    package enum Subject: String, Codable, Sendable, CaseIterable {
        case icmp
        case tcp
        case udp
    }

    package var action: Action
    /// ICMP is that of the packet's own family.
    package var subject: Subject?
    package var from: IPPrefix?
    package var to: IPPrefix?
    /// Of the destination; matches TCP and UDP alone.
    package var ports: ClosedRange<UInt16>?
    /// Of an ICMP message.
    package var type: UInt8?
    /// A rule that asks for one makes its router track connections.
    package var states: Set<ConnectionState>?
    /// Its place among the rules of its author, from 0, of which several of these may come; nil: its own place.
    package var number: Int?

    package init(
        _ action: Action, _ subject: Subject? = nil, from: IPPrefix? = nil, to: IPPrefix? = nil,
        ports: ClosedRange<UInt16>? = nil, type: UInt8? = nil, states: Set<ConnectionState>? = nil, number: Int? = nil
    ) {
        self.action = action
        self.subject = subject
        self.from = from
        self.to = to
        self.ports = ports
        self.type = type
        self.states = states
        self.number = number
    }
}

/// A router that hides hosts behind one address of its own in each family (RFC 3022), ports and echo identifiers kept where they
/// are free, or lets packets for ports of that address through to hosts.
package struct AddressTranslation: Codable, Sendable, Hashable {
    package var inside: [IPPrefix]
    /// Must be an address of the router.
    package var outside: IPv4Address
    /// The same for IPv6, which is not translated without.
    package var outside6: IPv6Address?
    package var forwards: [PortForward]

    package init(
        inside: [IPPrefix], outside: IPv4Address, outside6: IPv6Address? = nil, forwards: [PortForward] = []
    ) {
        self.inside = inside
        self.outside = outside
        self.outside6 = outside6
        self.forwards = forwards
    }

    /// The router's address, where packets of that family are translated.
    package func ownAddress(of family: IPFamily) -> IPAddress? {
        family == .v4 ? .v4(outside) : outside6.map { .v6($0) }
    }
}

/// A port of a translating router that stands for one of a host (destination NAT).
package struct PortForward: Codable, Sendable, Hashable {
    package enum Subject: String, Codable, Sendable, CaseIterable {
        case tcp
        case udp

        var proto: IPProtocol { self == .tcp ? .tcp : .udp }
    }

    package var subject: Subject
    package var port: UInt16
    package var to: TransportAddress

    package init(_ subject: Subject, port: UInt16, to: TransportAddress) {
        self.subject = subject
        self.port = port
        self.to = to
    }
}

/// A label-switched path (RFC 3031): packets that go from the first router to the second on their way to the last carry labels.
package struct Tunnel: Codable, Sendable, Hashable {
    /// Neighbours in order, three at least.
    package var path: [String]
    /// What the routers behind the first receive; the last ones may receive none (the label is popped before).
    package var labels: [UInt32]
    /// Whether the routers inside lower the packets' TTL; otherwise they are invisible to a traceroute (RFC 3443).
    package var showsHops: Bool

    package init(path: [String], labels: [UInt32], showsHops: Bool = true) {
        self.path = path
        self.labels = labels
        self.showsHops = showsHops
    }
}
