import Wire

/// The emulated internet as its author drew it: hosts, routers, switches, the links between them, and the names.
///
/// Nodes are known by name, one name space for all. Routes are shortest paths over ``Link/cost``, unless a router has its own.
/// ``problems()`` says what is wrong with a drawing before anything runs on it.
package struct Topology: Codable, Sendable, Hashable {
    package var hosts: [Host]
    package var routers: [Router]
    package var switches: [Switch]
    package var links: [Link]
    /// What hosts with ``Host/resolver`` answer for.
    package var names: [NameRecord]
    /// What becomes different while the network runs, and when.
    package var changes: [TimedChange]
    package var tunnels: [Tunnel]

    package init(
        hosts: [Host] = [], routers: [Router] = [], switches: [Switch] = [], links: [Link] = [],
        names: [NameRecord] = [], changes: [TimedChange] = [], tunnels: [Tunnel] = []
    ) {
        self.hosts = hosts
        self.routers = routers
        self.switches = switches
        self.links = links
        self.names = names
        self.changes = changes
        self.tunnels = tunnels
    }
}

/// An end of the network: one link, any number of addresses.
package struct Host: Codable, Sendable, Hashable {
    package enum Kind: String, Codable, Sendable {
        /// A real network namespace, attached by a port; its own kernel answers.
        case namespace
        /// Lives in the model only: answers echo requests, refuses TCP and UDP, resolves names when asked to.
        case virtual
    }

    /// What becomes of packets for a host that is not there.
    package enum Condition: String, Codable, Sendable {
        case up
        /// Nobody answers and nobody says so.
        case silent
        /// The last router says "host unreachable" (RFC 792 type 3 code 1; RFC 4443 type 1 code 3).
        case unreachable
    }

    package var name: String
    package var kind: Kind
    package var addresses: [InterfaceAddress]
    /// Nil: derived from the place in the topology (``Topology/hardwareAddress(ofHost:)``).
    package var hardwareAddress: MACAddress?
    /// At most one for each family; nil: the lowest router address within the host's own prefix.
    package var gateways: [IPAddress]?
    package var condition: Condition
    /// Whether it answers DNS over UDP from ``Topology/names``; virtual hosts only.
    package var resolver: Bool

    package init(
        name: String, kind: Kind = .namespace, addresses: [InterfaceAddress], hardwareAddress: MACAddress? = nil,
        gateways: [IPAddress]? = nil, condition: Condition = .up, resolver: Bool = false
    ) {
        self.name = name
        self.kind = kind
        self.addresses = addresses
        self.hardwareAddress = hardwareAddress
        self.gateways = gateways
        self.condition = condition
        self.resolver = resolver
    }
}

/// A node that joins links to one subnet; it has no addresses and lowers no TTL.
package struct Switch: Codable, Sendable, Hashable {
    package var name: String

    package init(name: String) { self.name = name }
}

/// A wire between two nodes.
package struct Link: Codable, Sendable, Hashable {
    /// Where a link meets a node. `addresses` matter for routers only: a host carries its own.
    package struct End: Codable, Sendable, Hashable {
        package var node: String
        package var addresses: [InterfaceAddress]
        package var hardwareAddress: MACAddress?

        package init(_ node: String, addresses: [InterfaceAddress] = [], hardwareAddress: MACAddress? = nil) {
            self.node = node
            self.addresses = addresses
            self.hardwareAddress = hardwareAddress
        }
    }

    package var a: End
    package var b: End
    /// One-way delay from `a` to `b`, in nanoseconds.
    package var delay: Int64
    /// One-way delay from `b` to `a`, in nanoseconds; nil: the same.
    package var delayBack: Int64?
    /// The largest IP packet it carries from `a` to `b`, in bytes.
    package var mtu: Int
    /// From `b` to `a`; nil: the same.
    package var mtuBack: Int?
    /// What routing adds for crossing it from `a` to `b`; equal sums are told apart by delay, then by the order of the nodes.
    package var cost: Int
    /// From `b` to `a`; nil: the same. Where the two differ, answers may come back another way.
    package var costBack: Int?
    /// What happens to packets from `a` to `b` besides.
    package var conditions: LinkConditions
    /// From `b` to `a`; nil: the same, drawn apart.
    package var conditionsBack: LinkConditions?
    /// Whether it carries anything at first; see ``Topology/changes``.
    package var isUp: Bool

    package init(
        _ a: End, _ b: End, delay: Int64 = 0, delayBack: Int64? = nil, mtu: Int = 1500, mtuBack: Int? = nil,
        cost: Int = 1, costBack: Int? = nil, conditions: LinkConditions = LinkConditions(),
        conditionsBack: LinkConditions? = nil, isUp: Bool = true
    ) {
        self.a = a
        self.b = b
        self.delay = delay
        self.delayBack = delayBack
        self.mtu = mtu
        self.mtuBack = mtuBack
        self.cost = cost
        self.costBack = costBack
        self.conditions = conditions
        self.conditionsBack = conditionsBack
        self.isUp = isUp
    }

    /// The link's name in errors and logs: both node names.
    package var name: String { "\(a.node)-\(b.node)" }
}

/// One name that the resolvers answer for. PTR records follow from the addresses: the first name with an address has it.
package struct NameRecord: Codable, Sendable, Hashable {
    /// Without a trailing dot; compared without regard to case.
    package var name: String
    package var addresses: [IPAddress]
    /// The name this one stands for (CNAME); then `addresses` is empty.
    package var alias: String?
    /// How long an answer may be kept, in seconds; nil: as long as every other.
    package var timeToLive: UInt32?
    /// What is answered in the place of addresses; then `addresses` is empty.
    package var failure: Failure?
    /// How long an answer about it takes, in nanoseconds; nil: no time.
    package var delay: Int64?

    package enum Failure: String, Codable, Sendable, CaseIterable {
        /// The resolver says that it could not find out (RFC 1035 §4.1.1, RCODE 2).
        case servfail
        /// The resolver says that it does not want to (RCODE 5).
        case refused
        /// The resolver says nothing.
        case noAnswer = "no-answer"
    }

    package init(
        _ name: String, addresses: [IPAddress] = [], alias: String? = nil, timeToLive: UInt32? = nil,
        failure: Failure? = nil, delay: Int64? = nil
    ) {
        self.timeToLive = timeToLive
        self.failure = failure
        self.delay = delay
        self.name = name
        self.addresses = addresses
        self.alias = alias
    }
}
