/// One value of one field, as evidence rows hold it and questions compare it.
package enum FieldValue: Sendable, Hashable {
    case label
    case boolean(Bool)
    case unsigned(UInt64)
    case signed(Int64)
    case float(Double)
    case string(String)
    case bytes([UInt8])
    /// Host byte order: 192.0.2.1 is 0xC000_0201.
    case ipv4(UInt32)
    /// The first and the last eight bytes, each in host byte order.
    case ipv6(UInt64, UInt64)
    /// The six bytes in the low 48 bits.
    case ether(UInt64)
    /// Nanoseconds.
    case duration(Int64)
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    case time(Int64)
    case list([FieldValue])

    package var type: FieldType {
        switch self {
        case .label: .label
        case .boolean: .boolean
        case .unsigned: .unsigned
        case .signed: .signed
        case .float: .float
        case .string: .string
        case .bytes: .bytes
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .ether: .ether
        case .duration: .duration
        case .time: .time
        case .list: .list
        }
    }
}
