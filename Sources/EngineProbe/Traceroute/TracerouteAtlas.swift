import Wire

/// A traceroute in the JSON of RIPE Atlas (firmware 5000 and later); times in milliseconds. Source: "RIPE Atlas docs, Measurement
/// Result Format", `traceroute`.
package struct AtlasTraceroute: Sendable, Encodable {
    package struct Hop: Sendable, Encodable {
        let hop: Int
        let result: [Reply]
    }

    package struct Reply: Sendable, Encodable {
        let row: HopRow
        let family: IPFamily

        private enum CodingKeys: String, CodingKey {
            case from, rtt, ttl, err, mtu, icmpext
            case nothing = "x"
        }

        private enum ExtensionKeys: String, CodingKey {
            case version, rfc4884, obj
        }

        private struct Object: Encodable {
            struct Label: Encodable { let label: UInt32 }

            let `class` = 1
            let type = 1
            let mpls: [Label]
        }

        package func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            guard let from = row.address else { return try container.encode("*", forKey: .nothing) }
            try container.encode(from, forKey: .from)
            try container.encodeIfPresent(row.roundTrip.map { Double($0) / 1e6 }, forKey: .rtt)
            try container.encodeIfPresent(row.replyTimeToLive, forKey: .ttl)
            try container.encodeIfPresent(row.mtu, forKey: .mtu)
            if row.outcome == .unreachable { try container.encode(letter, forKey: .err) }
            if let labels = row.labels {
                var inner = container.nestedContainer(keyedBy: ExtensionKeys.self, forKey: .icmpext)
                try inner.encode(2, forKey: .version)
                try inner.encode(1, forKey: .rfc4884)
                try inner.encode([Object(mpls: labels.map { Object.Label(label: $0) })], forKey: .obj)
            }
        }

        private var letter: String {
            switch (family, row.icmpCode ?? 0) {
            case (.v4, 0), (.v6, 0): "N"
            case (.v4, 1), (.v6, 3): "H"
            case (.v4, 2): "P"
            case (.v4, 13), (.v6, 1): "A"
            case (.v4, 3), (.v6, 4): "p"
            case (_, let code): "\(code)"
            }
        }
    }

    package let version = 5080
    package let type = "traceroute"
    package let family: Int
    package let name: String
    package let address: IPAddress
    package let proto: String
    package let size: Int
    /// 0: classic; otherwise the flow.
    package let parisIdentifier: Int
    /// Seconds since 1970 UTC.
    package let timestamp: Int64
    package let result: [Hop]

    private enum CodingKeys: String, CodingKey {
        case type, proto, size, timestamp, result
        case version = "fw"
        case family = "af"
        case name = "dst_name"
        case address = "dst_addr"
        case parisIdentifier = "paris_id"
    }

    /// - Parameter startedAt: nanoseconds since 1970 UTC.
    package init(_ result: TracerouteResult, startedAt: Int64) {
        family = result.address.family == .v4 ? 4 : 6
        name = result.target
        address = result.address
        proto = result.mode == .udp ? "UDP" : "ICMP"
        size = result.size
        parisIdentifier = result.flows == .each ? 0 : 1
        timestamp = startedAt / 1_000_000_000
        let family = result.address.family
        self.result = Set(result.rows.map(\.timeToLive)).sorted().map { hop in
            Hop(
                hop: hop,
                result: result.rows.filter { $0.timeToLive == hop }.map { Reply(row: $0, family: family) })
        }
    }
}
