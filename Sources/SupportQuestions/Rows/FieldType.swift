/// What kind of value a field holds, which decides the relations and literals a question may use with it.
package enum FieldType: String, Sendable, Hashable, Codable {
    /// Present or absent, without a value of its own: a protocol such as `tls`, or a text-only item of Wireshark's tree.
    case label
    case boolean
    case unsigned
    case signed
    case float
    case string
    case bytes
    case ipv4
    case ipv6
    case ether
    /// A span of time, held in nanoseconds.
    case duration
    /// A point in time, held in nanoseconds since 1970-01-01T00:00:00Z.
    case time
    /// An ordered list, such as the path of a traceroute. Only `lab.*` fields have this type.
    case list

    /// What messages call a value of this type, with its article.
    package var described: String {
        switch self {
        case .label: "a mark without a value"
        case .boolean: "true or false"
        case .unsigned, .signed: "a whole number"
        case .float: "a number"
        case .string: "text"
        case .bytes: "bytes"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .ether: "an Ethernet address"
        case .duration: "a span of time"
        case .time: "a point in time"
        case .list: "a list"
        }
    }
}
