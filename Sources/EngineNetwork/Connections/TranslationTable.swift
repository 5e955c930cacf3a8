import Wire

/// Who is behind which port of a router that translates addresses.
struct TranslationTable: Sendable {
    struct Inside: Hashable, Sendable {
        let proto: IPProtocol
        let address: IPAddress
        let port: UInt16
    }

    private struct Outside: Hashable {
        let proto: IPProtocol
        let family: IPFamily
        let port: UInt16
    }

    private struct Entry: Sendable {
        let port: UInt16
        var expiry: Int64
        /// Counts what was used; the lowest was left alone longest.
        var turn: UInt64
        /// What a port of TCP is used for: the port is kept for the connection that lasts longest.
        var connections = HiddenConnections()
    }

    static let limit = 16384
    private let limit: Int
    private var entries: [Inside: Entry] = [:]
    private var insideOf: [Outside: Inside] = [:]
    private var turn: UInt64 = 0

    init(limit: Int = TranslationTable.limit) { self.limit = max(8, limit) }

    var count: Int { entries.count }

    /// How long a port is kept from its last packet on, in nanoseconds: the shortest that a translator may (RFC 4787 §4.3 for
    /// UDP, RFC 5508 §3.2 for ICMP). Ports of TCP are kept by their connections.
    private static func lifetime(_ proto: IPProtocol) -> Int64 {
        (proto == .udp ? 120 : 60) * 1_000_000_000
    }

    /// The port under which a host is seen outside: its own where that is free, else the next that is.
    ///
    /// - Parameter segment: of TCP, with the other end of its connection.
    mutating func port(
        for inside: Inside, at time: Int64, segment: HiddenConnections.Segment? = nil, isReserved: (UInt16) -> Bool
    ) -> UInt16 {
        if let known = entries[inside] {
            if known.expiry > time {
                use(inside, at: time, segment, isAnswer: false)
                return known.port
            }
            forget(inside)
        }
        if entries.count >= limit { makeRoom(at: time) }
        var port = inside.port
        for _ in 0...UInt16.max {
            guard isTaken(inside.proto, inside.address.family, port, at: time) || isReserved(port) else { break }
            port = port == .max ? 1024 : port + 1
        }
        let outside = Outside(proto: inside.proto, family: inside.address.family, port: port)
        if let former = insideOf[outside] { forget(former) }
        insideOf[outside] = inside
        entries[inside] = Entry(port: port, expiry: time, turn: turn)
        use(inside, at: time, segment, isAnswer: false)
        return port
    }

    /// Who is behind a port, which a packet has come for.
    ///
    /// - Parameter segment: of TCP, with the other end of its connection.
    mutating func inside(
        _ proto: IPProtocol, _ family: IPFamily = .v4, port: UInt16, at time: Int64,
        segment: HiddenConnections.Segment? = nil
    ) -> Inside? {
        guard let inside = owner(proto, family, port: port, at: time) else { return nil }
        use(inside, at: time, segment, isAnswer: true)
        return inside
    }

    /// Who is behind a port, of which a report speaks: reports keep nothing (RFC 5382 §6, RFC 5508 §4).
    func owner(_ proto: IPProtocol, _ family: IPFamily = .v4, port: UInt16, at time: Int64) -> Inside? {
        insideOf[Outside(proto: proto, family: family, port: port)].flatMap { inside in
            entries[inside].flatMap { $0.expiry > time ? inside : nil }
        }
    }

    /// The port that a host is seen under already.
    func outside(of inside: Inside, at time: Int64) -> UInt16? {
        entries[inside].flatMap { $0.expiry > time ? $0.port : nil }
    }

    /// Whether somebody is seen under a port.
    func isTaken(_ proto: IPProtocol, _ family: IPFamily = .v4, _ port: UInt16, at time: Int64) -> Bool {
        insideOf[Outside(proto: proto, family: family, port: port)].flatMap { entries[$0] }.map { $0.expiry > time }
            ?? false
    }

    private mutating func use(
        _ inside: Inside, at time: Int64, _ segment: HiddenConnections.Segment?, isAnswer: Bool
    ) {
        turn &+= 1
        guard var entry = entries[inside] else { return }
        entry.turn = turn
        if inside.proto == .tcp {
            entry.connections.received(segment, isAnswer: isAnswer, at: time)
            entry.expiry = entry.connections.expiry
        } else {
            // Packets are walked ahead of their time: one that is late takes nothing back.
            entry.expiry = max(entry.expiry, time.advanced(by: TranslationTable.lifetime(inside.proto)))
        }
        entries[inside] = entry
    }

    private mutating func forget(_ inside: Inside) {
        guard let entry = entries.removeValue(forKey: inside) else { return }
        insideOf[Outside(proto: inside.proto, family: inside.address.family, port: entry.port)] = nil
    }

    /// Those go that are forgotten already, then those of the last eighth that were left alone longest.
    private mutating func makeRoom(at time: Int64) {
        for (inside, entry) in entries where entry.expiry <= time { forget(inside) }
        let kept = limit - limit / 8
        guard entries.count > kept else { return }
        for (inside, _) in entries.sorted(by: { $0.value.turn < $1.value.turn }).prefix(entries.count - kept) {
            forget(inside)
        }
    }
}
