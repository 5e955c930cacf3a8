import DequeModule

/// One field of a table: its octets, and whether the capture shows them.
struct HPACKEntry: Sendable {
    var octets: [UInt8]
    var nameCount: Int
    var marks: HTTPFieldMarks

    init(name: some Collection<UInt8>, value: some Collection<UInt8>, marks: HTTPFieldMarks = []) {
        octets = []
        octets.reserveCapacity(name.count + value.count)
        octets.append(contentsOf: name)
        octets.append(contentsOf: value)
        nameCount = name.count
        self.marks = marks
    }

    /// RFC 7541 §4.1: 32 octets stand for what an entry costs besides its text.
    var size: Int { octets.count + 32 }
}

/// The fields that one direction has agreed to remember (RFC 7541 §2.3.2), newest first.
struct HPACKDynamicTable: Sendable {
    private var entries = Deque<HPACKEntry>()
    private(set) var size = 0
    private(set) var capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    subscript(index: Int) -> HPACKEntry? { index < entries.count ? entries[index] : nil }

    mutating func insert(_ entry: HPACKEntry) {
        evict(to: capacity - entry.size)
        guard entry.size <= capacity else { return }
        entries.prepend(entry)
        size += entry.size
    }

    mutating func resize(_ capacity: Int) {
        self.capacity = capacity
        evict(to: capacity)
    }

    mutating func removeAll() {
        entries.removeAll()
        size = 0
    }

    private mutating func evict(to most: Int) {
        while size > most, let last = entries.popLast() { size -= last.size }
    }
}
