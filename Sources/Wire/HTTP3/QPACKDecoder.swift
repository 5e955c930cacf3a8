import DequeModule

/// Decodes the field sections that one side of an HTTP/3 connection sends (RFC 9204), as an observer: it reads that side's
/// encoder stream and sections, and knows a section that refers to entries which have not come yet.
package struct QPACKDecoder: Sendable {
    package typealias Failure = HPACKDecoder.Failure

    package enum Section: Sendable {
        case fields(HTTPFields)
        /// Waits until so many entries were inserted.
        case blocked(insertCount: Int)
    }

    private var entries = Deque<HPACKEntry>()
    private var size = 0
    private var capacity = 0
    /// Entries that were dropped from the front of `entries`, whose absolute indexes go on from here.
    private var dropped = 0
    /// SETTINGS_QPACK_MAX_TABLE_CAPACITY of the other side, which decodes.
    private var mostCapacity = 0
    /// Instructions whose end has not come.
    private var pending: [UInt8] = []
    /// Whether entries may exist that were never seen.
    package private(set) var isLossy = false
    private let listLimit: Int
    private let fieldLimit: Int
    /// More than this a table is never allowed, whatever the settings say.
    private static let largestTable = 1 << 20
    /// An instruction is never longer: a name and a value that the table would not hold.
    private static let largestInstruction = 1 << 21

    package init(listLimit: Int = 1 << 20, fieldLimit: Int = 4_000) {
        self.listLimit = listLimit
        self.fieldLimit = fieldLimit
    }

    /// How many entries were ever inserted.
    package var insertCount: Int { dropped + entries.count }
    package var tableSize: Int { size }

    package mutating func capacityAllowed(_ value: UInt64) { mostCapacity = Int(min(value, UInt64(Self.largestTable))) }

    /// Bytes of the encoder stream are missing: what the table holds cannot be trusted any more.
    package mutating func instructionsLost() {
        isLossy = true
        pending.removeAll()
        dropped += entries.count
        entries.removeAll()
        size = 0
    }

    // MARK: Encoder stream

    /// The next bytes of the encoder stream (RFC 9204 §4.3).
    package mutating func receive(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard !isLossy else { return }
        pending.append(contentsOf: bytes)
        let all = pending
        var used = 0
        do throws(Failure) {
            used = try all.withUnsafeBytes { bytes -> Result<Int, Failure> in
                var rest = bytes
                do throws(Failure) {
                    while !rest.isEmpty, try instruction(&rest) {}
                    return .success(bytes.count - rest.count)
                } catch { return .failure(error) }
            }.get()
        } catch {
            instructionsLost()
            throw error
        }
        pending.removeFirst(used)
        if pending.count > Self.largestInstruction {
            instructionsLost()
            throw .listTooLarge(limit: Self.largestInstruction)
        }
    }

    /// Carries out one instruction and moves behind it; false where its end has not come.
    private mutating func instruction(_ input: inout UnsafeRawBufferPointer) throws(Failure) -> Bool {
        var rest = input
        do throws(Failure) {
            try carryOut(&rest)
            input = rest
            return true
        } catch .truncated { return false }
    }

    private mutating func carryOut(_ rest: inout UnsafeRawBufferPointer) throws(Failure) {
        guard let first = rest.first else { throw .truncated }
        if first & 0x80 != 0 {
            let index = try HPACKPrimitives.integer(&rest, prefix: 6)
            let named = try first & 0x40 != 0 ? fixed(index) : entry(insertCount - 1 - index)
            try insert(name: Array(named.octets[..<named.nameCount]), &rest)
        } else if first & 0x40 != 0 {
            var name: [UInt8] = []
            try HPACKPrimitives.string(&rest, prefix: 5, into: &name)
            try insert(name: name, &rest)
        } else if first & 0x20 != 0 {
            let size = try HPACKPrimitives.integer(&rest, prefix: 5)
            guard size <= Self.largestTable else { throw .tableTooLarge(size) }
            capacity = size
            evict(to: size)
        } else {
            add(try entry(insertCount - 1 - HPACKPrimitives.integer(&rest, prefix: 5)))
        }
    }

    private mutating func insert(name: [UInt8], _ rest: inout UnsafeRawBufferPointer) throws(Failure) {
        var value: [UInt8] = []
        try HPACKPrimitives.string(&rest, into: &value)
        add(HPACKEntry(name: name, value: value))
    }

    private mutating func add(_ entry: HPACKEntry) {
        evict(to: max(0, capacity - entry.size))
        entries.append(entry)
        size += entry.size
    }

    private mutating func evict(to most: Int) {
        while size > most, let first = entries.popFirst() {
            size -= first.size
            dropped += 1
        }
    }

    // MARK: Sections

    /// Decodes one whole field section (RFC 9204 §4.5). With `isLast` a section that waits is decoded as far as the table
    /// goes, its other fields marked unknown.
    package func decode(_ section: UnsafeRawBufferPointer, isLast: Bool = false) throws(Failure) -> Section {
        var rest = section
        let encoded = try HPACKPrimitives.integer(&rest, prefix: 8)
        let required = try requiredInsertCount(encoded)
        guard let sign = rest.first else { throw .truncated }
        let delta = try HPACKPrimitives.integer(&rest, prefix: 7)
        let base = sign & 0x80 == 0 ? required + delta : required - delta - 1
        if required > insertCount, !isLast, !isLossy { return .blocked(insertCount: required) }
        var fields = HTTPFields()
        while let first = rest.first {
            guard fields.count < fieldLimit else { throw .tooManyFields(limit: fieldLimit) }
            try line(first, &rest, base, isLast: isLast, &fields)
            guard fields.octets.count <= listLimit else { throw .listTooLarge(limit: listLimit) }
        }
        return .fields(fields)
    }

    /// RFC 9204 §4.5.1.1.
    private func requiredInsertCount(_ encoded: Int) throws(Failure) -> Int {
        guard encoded > 0 else { return 0 }
        let mostEntries = mostCapacity / 32
        guard mostEntries > 0, encoded <= 2 * mostEntries else {
            if isLossy { return insertCount }
            throw .invalidIndex(encoded)
        }
        let range = 2 * mostEntries
        let most = insertCount + mostEntries
        var count = most / range * range + encoded - 1
        if count > most {
            guard count > range else { throw .invalidIndex(encoded) }
            count -= range
        }
        guard count > 0 else { throw .invalidIndex(encoded) }
        return count
    }

    private func line(
        _ first: UInt8, _ rest: inout UnsafeRawBufferPointer, _ base: Int, isLast: Bool, _ fields: inout HTTPFields
    ) throws(Failure) {
        if first & 0x80 != 0 {
            let index = try HPACKPrimitives.integer(&rest, prefix: 6)
            fields.append(try first & 0x40 != 0 ? fixed(index) : known(base - 1 - index, isLast))
            return
        }
        if first & 0xf0 == 0x10 {
            let index = try HPACKPrimitives.integer(&rest, prefix: 4)
            fields.append(try known(base + index, isLast))
            return
        }
        let named: HPACKEntry
        var marks: HTTPFieldMarks = []
        if first & 0x40 != 0 {
            let index = try HPACKPrimitives.integer(&rest, prefix: 4)
            named = try first & 0x10 != 0 ? fixed(index) : known(base - 1 - index, isLast)
            if first & 0x20 != 0 { marks.insert(.neverIndexed) }
        } else if first & 0x20 != 0 {
            var name: [UInt8] = []
            try HPACKPrimitives.string(&rest, prefix: 3, into: &name)
            named = HPACKEntry(name: name, value: [])
            if first & 0x10 != 0 { marks.insert(.neverIndexed) }
        } else {
            named = try known(base + HPACKPrimitives.integer(&rest, prefix: 3), isLast)
            if first & 0x08 != 0 { marks.insert(.neverIndexed) }
        }
        marks.formUnion(named.marks.intersection(.unknownName))
        var value: [UInt8] = []
        try HPACKPrimitives.string(&rest, into: &value)
        fields.append(HPACKEntry(name: named.octets[..<named.nameCount], value: value, marks: marks))
    }

    private func fixed(_ index: Int) throws(Failure) -> HPACKEntry {
        let all = QPACKStaticTable.entries
        guard all.indices.contains(index) else { throw .invalidIndex(index) }
        return all[index]
    }

    /// By its absolute index.
    private func entry(_ index: Int) throws(Failure) -> HPACKEntry {
        let position = index - dropped
        guard entries.indices.contains(position) else { throw .invalidIndex(index) }
        return entries[position]
    }

    private func known(_ index: Int, _ isLast: Bool) throws(Failure) -> HPACKEntry {
        let position = index - dropped
        if entries.indices.contains(position) { return entries[position] }
        guard isLossy || (isLast && index >= insertCount) else { throw .invalidIndex(index) }
        return HPACKEntry(name: [], value: [], marks: [.unknownName, .unknownValue])
    }
}
