import Wire

/// What draws for a packet are keyed by: who sent it to whom, and the how-manieth of these it is.
///
/// Never by identifiers, ephemeral ports or the order in which flows meet, so that the same packets are lost whatever prober
/// sends them. Replies that the model makes, and echo replies of real hosts, derive theirs from what they answer.
struct PacketIdentity: Sendable, Hashable {
    /// (seed, source host, destination, protocol, service port), hashed.
    var flow: UInt64
    /// Counts the packets of a flow as they leave the host.
    var ordinal: UInt64

    static let none = PacketIdentity(flow: 0, ordinal: 0)

    enum Offspring: UInt64 {
        case reply = 1
        case report
        case copy
        case fragment
    }

    /// The identity of a packet that this one gives rise to at `node`.
    func derived(_ kind: Offspring, by key: UInt64 = 0) -> PacketIdentity {
        PacketIdentity(flow: Hash.mix(Hash.mix(flow, kind.rawValue), key), ordinal: ordinal)
    }

    /// 64 bits for one question about the packet on one lane.
    func draw(_ purpose: Purpose, on lane: UInt64) -> UInt64 { draw(purpose, on: lane, ordinal: ordinal) }

    func draw(_ purpose: Purpose, on lane: UInt64, ordinal: UInt64) -> UInt64 {
        Hash.mix(Hash.mix(Hash.mix(flow, lane), purpose.rawValue), ordinal)
    }

    /// Questions about a packet on a lane; each has draws of its own.
    enum Purpose: UInt64 {
        case loss = 1
        case channel
        case channelStart
        case jitter
        case jitterMore
        case jitterMost
        case reordering
        case duplication
        case corruption
        case corruptedBit
    }
}

/// A hash that is the same on every machine (the finaliser of SplitMix64, absorbing a word at a time).
enum Hash {
    static func mix(_ state: UInt64, _ word: UInt64) -> UInt64 {
        var value = (state ^ word) &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    static func of(_ text: String) -> UInt64 {
        var value: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return mix(value, UInt64(text.utf8.count))
    }

    static func mix(_ state: UInt64, _ address: IPAddress) -> UInt64 {
        switch address {
        case .v4(let value): mix(state, UInt64(value.rawValue))
        case .v6(let value): mix(mix(state, value.high), value.low)
        }
    }
}

extension Double {
    /// Whether an event of this probability happens at a draw.
    func happens(at draw: UInt64) -> Bool { Double(draw >> 11) * 0x1p-53 < self }
}
