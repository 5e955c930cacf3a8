import SupportDiagnostics

/// What links and routers of a world do besides carrying packets, in the words of its file.
extension WorldDefinition {
    /// One direction of a link. Shares are from 0 to 1, times in nanoseconds.
    package struct LinkSide: Sendable, Hashable {
        package enum Distribution: String, Sendable, CaseIterable {
            case uniform
            case normal
            case pareto
        }

        package enum Loss: Sendable, Hashable {
            case random(Double)
            /// This share in the long run, in bursts of this mean length.
            case bursts(mean: Double, length: Double)
            /// The four chances of a Gilbert-Elliott channel.
            case channel(enter: Double, leave: Double, good: Double, bad: Double)
        }

        package var delay: Int64 = 0
        package var jitter: Int64 = 0
        package var distribution = Distribution.uniform
        package var loss: Loss?
        package var duplicate = 0.0
        package var reorder = 0.0
        /// How much later packets out of order come.
        package var hold: Int64 = 10_000_000
        package var corrupt = 0.0
        /// Bits a second; nil: any number.
        package var rate: Int64?
        /// Bytes; nil: the usual queue.
        package var queue: Int?
        package var mtu = 1500
        package var cost = 1
    }

    package struct RouterBehaviour: Sendable, Hashable {
        package enum Answer: String, Sendable, CaseIterable {
            case echo
            case timeExceeded = "time-exceeded"
            case unreachable
            case packetTooBig = "packet-too-big"
        }

        package enum Balance: String, Sendable, CaseIterable {
            case flow
            case destination
            case packet
        }

        /// Whose address stands in what the router reports.
        package enum Voice: Sendable, Hashable {
            case own
            case interface
            case addresses([String])
        }

        package struct RateLimit: Sendable, Hashable {
            /// Nanoseconds between two reports to one receiver, and how many may come at once.
            package var every: Int64
            package var burst: Int
            /// As Linux limits all reports together.
            package var limitsTotal: Bool
        }

        package var withheld: [Answer] = []
        package var voice = Voice.own
        package var rateLimit: RateLimit?
        package var tellsInterface = false
        package var balance: Balance?
        package var routes: [Route] = []
        package var firewall: [Rule] = []
        package var translation: Translation?
    }

    package struct Route: Sendable, Hashable {
        package enum Action: Sendable, Hashable {
            case via(String)
            case discard
            case refuse
        }

        /// Prefixes as text; empty text stands for everything.
        package var to: [String]
        package var action: Action
        package var mayLoop: Bool
    }

    package struct Rule: Sendable, Hashable {
        package enum Action: String, Sendable, CaseIterable {
            case accept
            case drop
            case port = "port-unreachable"
            case host = "host-unreachable"
            case network = "network-unreachable"
            case hostProhibited = "host-prohibited"
            case networkProhibited = "network-prohibited"
            case prohibited = "admin-prohibited"
            case reset
        }

        package enum Subject: String, Sendable, CaseIterable {
            case icmp
            case tcp
            case udp
        }

        /// What connection tracking knows of a packet.
        package enum State: String, Sendable, CaseIterable {
            case new
            case established
            case related
            case invalid
        }

        package var action: Action
        package var subject: Subject?
        /// Nil: any; a rule that asks for one makes its router track connections.
        package var states: [State]?
        /// Prefixes as text; nil: from anywhere.
        package var from: [String]?
        package var to: [String]?
        package var ports: ClosedRange<Int>?
        /// Of an ICMP message.
        package var type: Int?
        package var span: SourceSpan
    }

    package struct Translation: Sendable, Hashable {
        /// Prefixes as text, of both families.
        package var inside: [String]
        package var outside: String
        package var outside6: String
        package var forwards: [Forward] = []
    }

    /// A port of a router's own address that stands for one of a host.
    package struct Forward: Sendable, Hashable {
        package enum Subject: String, Sendable, CaseIterable {
            case tcp
            case udp
        }

        package var subject: Subject
        package var port: Int
        package var host: String
        /// The host's IPv4 address.
        package var address: String
        package var address6: String?
        package var hostPort: Int
        package var span: SourceSpan
    }

    /// A label-switched path.
    package struct Tunnel: Sendable, Hashable {
        package var path: [String]
        package var labels: [Int]
        package var isHidden: Bool
        package var span: SourceSpan
    }

    package struct Change: Sendable, Hashable {
        package enum Subject: Sendable, Hashable {
            case link(String)
            case host(String)
        }

        /// Nanoseconds after the world's start.
        package var at: Int64
        package var subject: Subject
        package var isUp: Bool
        package var span: SourceSpan
    }
}
