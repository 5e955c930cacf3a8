/// One field of a table: its name as questions spell it, its type, and what `lab explain` says of it.
package struct Field: Sendable, Hashable {
    /// Wireshark's name where Wireshark has the field, otherwise a name that begins with `lab.`.
    package let name: String
    package let type: FieldType
    /// One sentence, lower case, without a full stop.
    package let summary: String
    /// Names that a question may use for numbers, such as `unknown_ca` for 48; empty for most fields.
    package let valueNames: [String: UInt64]
    /// How many bits a number has on the wire: a literal that does not fit is an error.
    package let bits: Int

    package init(
        _ name: String, _ type: FieldType, _ summary: String, valueNames: [String: UInt64] = [:], bits: Int = 64
    ) {
        self.name = name
        self.type = type
        self.summary = summary
        self.valueNames = valueNames
        self.bits = bits
    }
}

/// A kind of evidence with its fields. The position of a field in `fields` is its slot, which rows and compiled
/// questions use instead of the name.
package struct Table: Sendable {
    /// A noun in the singular: `frame`, `exchange`, `hop`.
    package let name: String
    package let summary: String
    package let fields: [Field]
    private let slots: [String: Int]

    package init(_ name: String, _ summary: String, fields: [Field]) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.slots = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The slot of the field with that exact name, or nil where the table has no such field.
    package func slot(of name: String) -> Int? { slots[name] }
}
