import SupportQuestions

/// Rows of one table, as a step's artefacts gave them.
package struct TableRows: Sendable {
    package let table: Table
    package var rows: [Row]
    package var provenance: Provenance

    package init(_ table: Table, _ rows: [Row], provenance: Provenance) {
        self.table = table
        self.rows = rows
        self.provenance = provenance
    }
}

/// Builds a row by field names; a name that the table lacks is a bug of ours and told in debug builds.
package struct RowBuilder {
    package private(set) var row = Row()
    private let table: Table

    package init(_ table: Table) {
        self.table = table
        row.reserve(table.fields.count)
    }

    package mutating func set(_ name: String, _ value: FieldValue?) {
        guard let value else { return }
        guard let slot = table.slot(of: name) else {
            assertionFailure("table \(table.name) has no field \(name)")
            return
        }
        // Lint concludes from it: `x == 1 and x == 2` cannot pass.
        assert(!table.fields[slot].isSingle || row.first(at: slot) == nil, "\(name) is set twice on a row")
        row.append(value, at: slot)
    }

    package mutating func set(_ name: String, _ text: String?) { set(name, text.map { .string($0) }) }
    package mutating func set(_ name: String, _ flag: Bool?) { set(name, flag.map { .boolean($0) }) }
    package mutating func set(_ name: String, number: (some BinaryInteger)?) {
        set(name, number.flatMap { UInt64(exactly: $0) }.map { .unsigned($0) })
    }
}
