/// Decodes the field blocks of one direction of an HTTP/2 connection (RFC 7541).
///
/// It may begin in the middle: a reference to an entry that was set before the capture began, or inside a hole, gives a
/// field marked unknown instead of an error, and becomes exact again as the sender refreshes its table.
package struct HPACKDecoder: Sendable {
    package enum Failure: Error, Sendable, Hashable {
        case truncated
        case integerTooLarge
        case invalidIndex(Int)
        case huffman
        /// The sender made its table larger than its peer allowed.
        case tableTooLarge(Int)
        /// A size update that does not stand at the beginning of a block (RFC 7541 §4.2).
        case misplacedSizeUpdate
        case listTooLarge(limit: Int)
        case tooManyFields(limit: Int)
    }

    private var table: HPACKDynamicTable
    /// The largest table that the peer has ever allowed: a capture cannot see when a setting takes effect.
    private var allowed: Int
    /// Whether entries may exist that were never seen.
    package private(set) var isLossy: Bool
    /// Octets of all names and values of one block.
    private let listLimit: Int
    private let fieldLimit: Int
    /// More than this a table is never allowed, whatever the settings say.
    private static let largestTable = 1 << 20

    package init(startsMidConnection: Bool = false, listLimit: Int = 1 << 20, fieldLimit: Int = 4_000) {
        isLossy = startsMidConnection
        allowed = startsMidConnection ? 64 << 10 : 4_096
        table = HPACKDynamicTable(capacity: allowed)
        self.listLimit = listLimit
        self.fieldLimit = fieldLimit
    }

    /// Octets in the dynamic table as RFC 7541 §4.1 counts them.
    package var tableSize: Int { table.size }
    package var tableCount: Int { table.count }

    /// The peer of the sender announced SETTINGS_HEADER_TABLE_SIZE.
    package mutating func tableSizeAllowed(_ size: UInt32) {
        allowed = max(allowed, min(Int(size), Self.largestTable))
    }

    /// Blocks were missed: nothing that the table holds can be trusted, because every index has moved.
    package mutating func blocksLost() {
        table.removeAll()
        isLossy = true
        allowed = max(allowed, 64 << 10)
        table.resize(allowed)
    }

    /// Decodes one whole field block. After a failure the decoder goes on as after lost blocks.
    package mutating func decode(_ block: UnsafeRawBufferPointer) throws(Failure) -> HTTPFields {
        do throws(Failure) {
            var fields = HTTPFields()
            var rest = block
            var mayResize = true
            while let first = rest.first {
                guard fields.count < fieldLimit else { throw Failure.tooManyFields(limit: fieldLimit) }
                if first & 0xe0 == 0x20 {
                    try resize(&rest, mayResize)
                    continue
                }
                mayResize = false
                try field(first, &rest, &fields)
                guard fields.octets.count <= listLimit else { throw Failure.listTooLarge(limit: listLimit) }
            }
            return fields
        } catch {
            blocksLost()
            throw error
        }
    }

    private mutating func resize(_ rest: inout UnsafeRawBufferPointer, _ mayResize: Bool) throws(Failure) {
        let size = try HPACKPrimitives.integer(&rest, prefix: 5)
        guard mayResize || isLossy else { throw .misplacedSizeUpdate }
        guard size <= allowed || (isLossy && size <= Self.largestTable) else { throw .tableTooLarge(size) }
        table.resize(size)
    }

    /// RFC 7541 §6.1 and §6.2: indexed, or literal with, without or never indexing.
    private mutating func field(
        _ first: UInt8, _ rest: inout UnsafeRawBufferPointer, _ fields: inout HTTPFields
    ) throws(Failure) {
        if first & 0x80 != 0 {
            let entry = try entry(try HPACKPrimitives.integer(&rest, prefix: 7))
            fields.append(entry)
            return
        }
        let isIndexing = first & 0x40 != 0
        let index = try HPACKPrimitives.integer(&rest, prefix: isIndexing ? 6 : 4)
        var marks: HTTPFieldMarks = !isIndexing && first & 0x10 != 0 ? .neverIndexed : []
        let nameStart = fields.octets.count
        if index == 0 {
            try HPACKPrimitives.string(&rest, into: &fields.octets)
        } else {
            let named = try entry(index)
            fields.octets.append(contentsOf: named.octets[..<named.nameCount])
            marks.formUnion(named.marks.intersection(.unknownName))
        }
        let valueStart = fields.octets.count
        try HPACKPrimitives.string(&rest, into: &fields.octets)
        fields.entries.append(
            HTTPFields.Entry(
                nameStart: UInt32(truncatingIfNeeded: nameStart),
                nameCount: UInt32(truncatingIfNeeded: valueStart - nameStart),
                valueStart: UInt32(truncatingIfNeeded: valueStart),
                valueCount: UInt32(truncatingIfNeeded: fields.octets.count - valueStart), marks: marks))
        if isIndexing {
            table.insert(
                HPACKEntry(
                    name: fields.octets[nameStart..<valueStart], value: fields.octets[valueStart...], marks: marks))
        }
    }

    private func entry(_ index: Int) throws(Failure) -> HPACKEntry {
        let fixed = HPACKStaticTable.entries
        guard index > 0 else { throw .invalidIndex(index) }
        if index <= fixed.count { return fixed[index - 1] }
        if let entry = table[index - fixed.count - 1] { return entry }
        guard isLossy else { throw .invalidIndex(index) }
        return HPACKEntry(name: [], value: [], marks: [.unknownName, .unknownValue])
    }
}

extension HTTPFields {
    mutating func append(_ entry: HPACKEntry) {
        entry.octets.withUnsafeBytes { octets in
            append(
                name: UnsafeRawBufferPointer(rebasing: octets.prefix(entry.nameCount)),
                value: UnsafeRawBufferPointer(rebasing: octets.dropFirst(entry.nameCount)), marks: entry.marks)
        }
    }
}
