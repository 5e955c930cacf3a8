/// What the nearest row held where a relation asked for something else, as the question language words it: `found 404`,
/// or `absent`.
package struct Found: Message {
    /// The value alone; empty for nothing.
    package let value: String

    package init(_ found: String) {
        if found == "absent" {
            value = ""
        } else {
            value = found.hasPrefix("found ") ? String(found.dropFirst(6)) : found
        }
    }

    package var english: String { value.isEmpty ? "absent" : "found \(value)" }
    package var spanish: String { value.isEmpty ? "ausente" : "se encontró \(value)" }
}
