import SupportDiagnostics

/// One field of a table: its name as questions spell it, its type, and what `lab explain` says of it.
package struct Field: Sendable, Hashable {
    /// Wireshark's name where Wireshark has the field, otherwise a name that begins with `lab.`.
    package let name: String
    package let type: FieldType
    /// One sentence, lower case, without a full stop.
    package let summary: String
    /// Names that a question may use for numbers, such as `unknown_ca` for 48; empty for most fields.
    package let valueNames: [String: UInt64]
    /// Those of `valueNames` that Wireshark does not know: for `expect` and `forbid` alone.
    package let aliases: Set<String>
    /// How many bits a number has on the wire: a literal that does not fit is an error.
    package let bits: Int
    /// The numbers that rows can hold, where that is less than the bits allow.
    package let range: ClosedRange<UInt64>?
    /// The texts that rows can hold, where they are few; empty for any text.
    package let choices: [String]
    /// Whether a row has the field at most once: what is asked of it in one question is asked of one value.
    package let isSingle: Bool
    /// Whether every row of the table has the field.
    package let isAlwaysThere: Bool

    /// `isMany` says whether the field may occur several times on a row; where it is not given, fields of packets may and
    /// those of `lab.` and `frame.` may not.
    package init(
        _ name: String, _ type: FieldType, _ summary: String, valueNames: [String: UInt64] = [:],
        aliases: [String: UInt64] = [:], bits: Int = 64, range: ClosedRange<UInt64>? = nil, choices: [String] = [],
        isMany: Bool? = nil, isAlwaysThere: Bool = false
    ) {
        self.name = name
        self.type = type
        self.summary = summary
        self.valueNames = valueNames.merging(aliases) { wiresharks, _ in wiresharks }
        self.aliases = Set(aliases.keys.filter { valueNames[$0] == nil })
        self.bits = bits
        self.range = range
        self.choices = choices
        isSingle = !(isMany ?? !(name.hasPrefix("lab.") || name.hasPrefix("frame.")))
        self.isAlwaysThere = isAlwaysThere
    }
}

/// A kind of evidence with its fields. The position of a field in `fields` is its slot, which rows and compiled
/// questions use instead of the name. A class, since every question of a lab has its table.
package final class Table: Sendable {
    /// A noun in the singular: `frame`, `exchange`, `hop`.
    package let name: String
    package let summary: String
    package let fields: [Field]
    private let slots: [String: Int]
    /// The names of all fields, for the one that was probably meant.
    let names: [Suggestion.Name]
    /// The values that rows can hold of each field, worked out once.
    let domains: [ValueSet]

    package init(_ name: String, _ summary: String, fields: [Field]) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.slots = Dictionary(fields.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        names = fields.map { Suggestion.Name($0.name) }
        domains = fields.map(\.domain)
    }

    /// The name under which a table keeps the bytes of a protocol, which questions reach through the protocol's own
    /// name: `frame contains "GET"`, `tcp[13]`. No question can spell it.
    package static func nameOfBytes(of label: String) -> String { label + "[]" }

    /// The protocol whose bytes a field holds, or nil for any other field.
    package static func owner(ofBytes name: String) -> String? {
        name.hasSuffix("[]") ? String(name.dropLast(2)) : nil
    }

    /// The fields that questions can name; they come first in `fields`.
    package var namedFields: [Field] { fields.filter { Self.owner(ofBytes: $0.name) == nil } }

    /// The slot of the field with that exact name, or nil where the table has no such field. Wireshark forces a name to
    /// be a field with a dot before it, and still knows the names that TLS had before 3.0.
    package func slot(of name: String) -> Int? {
        if let slot = slots[name] { return slot }
        if name.hasPrefix(".") { return slots[String(name.dropFirst())] }
        return name == "ssl" || name.hasPrefix("ssl.") ? slots["tls" + name.dropFirst(3)] : nil
    }
}
