/// Entries that are forgotten when nobody asks for them for long enough, and of which there are never more than a limit.
struct ExpiringTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Entry: Sendable {
        var value: Value
        var expiry: Int64
        var isFirm: Bool
        /// Counts what was written; the lowest was left alone longest.
        var turn: UInt64
    }

    private let limit: Int
    private var entries: [Key: Entry] = [:]
    private var turn: UInt64 = 0

    init(limit: Int) { self.limit = max(8, limit) }

    var count: Int { entries.count }

    /// The entry, where it is not forgotten at `time`.
    func value(of key: Key, at time: Int64) -> Value? {
        guard let entry = entries[key], entry.expiry > time else { return nil }
        return entry.value
    }

    mutating func remove(_ key: Key) { entries[key] = nil }

    /// Keeps an entry from `time` on for `lifetime` nanoseconds. Where there is no room, those go that are forgotten already,
    /// then an eighth of all: those that are not firm before those that are, and the oldest first.
    mutating func set(_ value: Value, of key: Key, at time: Int64, for lifetime: Int64, isFirm: Bool) {
        if entries.count >= limit, entries[key] == nil { makeRoom(at: time) }
        turn &+= 1
        entries[key] = Entry(value: value, expiry: time.advanced(by: lifetime), isFirm: isFirm, turn: turn)
    }

    private mutating func makeRoom(at time: Int64) {
        entries = entries.filter { $0.value.expiry > time }
        let kept = limit - limit / 8
        guard entries.count > kept else { return }
        let order = entries.sorted {
            $0.value.isFirm == $1.value.isFirm ? $0.value.turn < $1.value.turn : !$0.value.isFirm
        }
        for (key, _) in order.prefix(entries.count - kept) { entries[key] = nil }
    }
}
