import Wire

/// A ping result in the JSON of RIPE Atlas (firmware 5000 and later), so that what reads those results reads ours; times in
/// milliseconds. Source: "RIPE Atlas docs, Measurement Result Format", `ping`.
package struct AtlasPing: Sendable, Encodable {
    package enum Reply: Sendable, Encodable {
        case roundTrip(Double, duplicate: Bool)
        case nothing
        case error(String)

        private enum CodingKeys: String, CodingKey {
            case rtt, dup, error
            case nothing = "x"
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            switch self {
            case .roundTrip(let value, let duplicate):
                try container.encode(value, forKey: .rtt)
                if duplicate { try container.encode(1, forKey: .dup) }
            case .nothing: try container.encode("*", forKey: .nothing)
            case .error(let text): try container.encode(text, forKey: .error)
            }
        }
    }

    package let version: Int
    package let type: String
    package let family: Int
    package let name: String
    package let address: IPAddress
    package let source: IPAddress?
    package let proto: String
    package let size: Int
    package let timeToLive: UInt8?
    package let sent: Int
    package let received: Int
    package let duplicates: Int
    /// -1 without a reply, as Atlas has it.
    package let minimum: Double
    package let average: Double
    package let maximum: Double
    /// Seconds since 1970 UTC.
    package let timestamp: Int64
    package let result: [Reply]

    private enum CodingKeys: String, CodingKey {
        case type, proto, size, sent, timestamp, result
        case version = "fw"
        case family = "af"
        case name = "dst_name"
        case address = "dst_addr"
        case source = "src_addr"
        case timeToLive = "ttl"
        case received = "rcvd"
        case duplicates = "dup"
        case minimum = "min"
        case average = "avg"
        case maximum = "max"
    }

    package init(_ result: PingResult, startedAt: Int64) {
        func milliseconds(_ time: Int64?) -> Double { time.map { Double($0) / 1e6 } ?? -1 }
        version = 5080
        type = "ping"
        family = result.address.family == .v4 ? 4 : 6
        name = result.target
        address = result.address
        source = result.source
        proto = result.mode == .udp ? "UDP" : "ICMP"
        size = result.size
        timeToLive = result.rows.first { $0.outcome == .reply }?.timeToLive
        sent = result.summary.sent
        received = result.summary.received
        duplicates = result.summary.duplicates
        let times = result.summary.roundTrip
        minimum = milliseconds(times?.minimum)
        average = milliseconds(times?.average)
        maximum = milliseconds(times?.maximum)
        timestamp = startedAt / 1_000_000_000
        self.result =
            result.rows.map { row in
                switch row.outcome {
                case .reply: .roundTrip(milliseconds(row.roundTrip), duplicate: false)
                case .timeout: .nothing
                default: .error(PingText.line(row, target: result.address))
                }
            }
            + result.strays.filter { $0.kind == .duplicate }.map {
                .roundTrip(milliseconds($0.roundTrip), duplicate: true)
            }
    }
}
