/// Which streams are open, and what each side has sent on them.
struct HTTP2Streams: Sendable {
    struct Seen: OptionSet, Sendable {
        let rawValue: UInt8

        static let clientHead = Seen(rawValue: 1)
        static let clientEnd = Seen(rawValue: 2)
        static let serverHead = Seen(rawValue: 4)
        static let serverEnd = Seen(rawValue: 8)

        static func head(_ side: HTTPSide) -> Seen { side == .client ? .clientHead : .serverHead }
        static func end(_ side: HTTPSide) -> Seen { side == .client ? .clientEnd : .serverEnd }
    }

    private var open: [UInt32: Seen] = [:]
    let limit: Int

    init(limit: Int) { self.limit = limit }

    subscript(stream: UInt32) -> Seen { open[stream] ?? [] }

    /// False when there was no room for one more stream, and the oldest ones were forgotten for it.
    mutating func note(_ seen: Seen, on stream: UInt32) -> Bool {
        guard var known = open[stream] else {
            let isFull = open.count >= limit
            if isFull {
                for old in open.keys.sorted().prefix(max(1, limit / 4)) { open[old] = nil }
            }
            open[stream] = seen
            return !isFull
        }
        known.formUnion(seen)
        open[stream] = known.isSuperset(of: [.clientEnd, .serverEnd]) ? nil : known
        return true
    }

    mutating func close(_ stream: UInt32) { open[stream] = nil }

    /// Streams on which the side began a message and did not end it, in order.
    func unfinished(_ side: HTTPSide) -> [UInt32] {
        open.filter { $0.value.contains(.head(side)) && !$0.value.contains(.end(side)) }.keys.sorted()
    }
}
