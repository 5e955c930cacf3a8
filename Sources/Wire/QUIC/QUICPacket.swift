/// One packet as it was observed.
package struct QUICPacket: Sendable {
    package enum Protection: Sendable, Hashable {
        /// It has none: Retry and Version Negotiation.
        case none
        /// It was opened; `keyPhase` only of a short header.
        case opened(number: UInt64, keyPhase: Bool?)
        case closed
    }

    package let header: QUICHeader
    package let protection: Protection
}

/// The spaces and keys that packets belong to (RFC 9001, section 2.1).
enum QUICLevel: Int, CaseIterable {
    case initial
    case early
    case handshake
    case application

    /// Packet numbers of early data and of 1-RTT packets count together.
    var space: Int {
        switch self {
        case .initial: 0
        case .handshake: 1
        case .early, .application: 2
        }
    }

    init?(_ type: QUICPacketType) {
        switch type {
        case .initial: self = .initial
        case .zeroRTT: self = .early
        case .handshake: self = .handshake
        case .oneRTT: self = .application
        case .retry, .versionNegotiation, .unknown: return nil
        }
    }
}

/// What is known of the packets that one side sends.
struct QUICHalf {
    var counts = TLSHalf()
    /// Largest packet number per space.
    var largest: [UInt64?] = [nil, nil, nil]
    var crypto = [QUICStreamAssembler](repeating: QUICStreamAssembler(mostPendingBytes: 1 << 18), count: 4)
    /// The beginning of a handshake message, per level.
    var message = [[UInt8]](repeating: [], count: 4)
    /// Keys per level; several while rival secrets of a key log are undecided.
    var openers = [[QUICPacketOpener]](repeating: [], count: 4)
    var keyLogEditions = [Int](repeating: -1, count: 4)
    /// Key phase of `openers` of 1-RTT packets, the keys before it, and the first number under the present ones.
    var keyPhase = false
    var previous: QUICPacketOpener?
    var firstOfPhase: UInt64 = 0
    /// Lengths of the connection IDs that this side has given out, the first one first.
    var idLengths: [Int] = []
    var streams: [UInt64: QUICStreamAssembler] = [:]
    /// Streams that were received whole: what still comes of them is a repetition.
    private(set) var finished: Set<UInt64> = []

    mutating func finish(_ id: UInt64) {
        streams[id] = nil
        finished.insert(id)
        // Numbers rise, so the low ones are those of which nothing comes any more.
        if finished.count > 1 << 16 { finished = Set(finished.sorted().suffix(1 << 15)) }
    }
}
