import SupportQuestions

extension FieldValue {
    /// A plain value read as a field of that type: text as an address, hexadecimal text as bytes. Nil where it is no
    /// such thing.
    package init?(_ value: Value, as type: FieldType) {
        switch (type, value) {
        case (.boolean, .bool(let bool)): self = .boolean(bool)
        case (.unsigned, .int(let int)):
            guard let number = UInt64(exactly: int) else { return nil }
            self = .unsigned(number)
        case (.signed, .int(let int)): self = .signed(int)
        case (.float, .double(let double)): self = .float(double)
        case (.float, .int(let int)): self = .float(Double(int))
        case (.duration, .int(let int)): self = .duration(int)
        case (.time, .int(let int)): self = .time(int)
        case (.bytes, .string(let text)):
            guard let bytes = Hex.bytes(text) else { return nil }
            self = .bytes(bytes)
        case (.string, .list), (.string, .map), (.string, .null): return nil
        case (.string, _): self = .string(value.text)
        case (.list, .list(let list)): self = .list(list.map { .string($0.text) })
        case (.duration, .string(let text)):
            guard let nanoseconds = VariableType.nanoseconds(text) else { return nil }
            self = .duration(nanoseconds)
        case (.ipv4, .string(let text)), (.ipv6, .string(let text)), (.ether, .string(let text)):
            guard let address = FieldValue(addressText: text), address.type == type else { return nil }
            self = address
        default: return nil
        }
    }

    /// One value for a plain one, several for a list; nil where one of them is not of the type.
    ///
    /// - Parameter type: nil: whatever the value looks like.
    package static func values(of value: Value, as type: FieldType?) -> [FieldValue]? {
        if case .list(let list) = value, type != .list {
            let values = list.compactMap { FieldValue($0, as: type ?? $0.naturalType) }
            return values.count == list.count ? values : nil
        }
        return FieldValue(value, as: type ?? value.naturalType).map { [$0] }
    }

    /// An IPv4 or IPv6 address as text.
    package init?(addressText text: String) {
        if let number = AddressText.ipv4(text) {
            self = .ipv4(number)
        } else if let (high, low) = AddressText.ipv6(text) {
            self = .ipv6(high, low)
        } else {
            return nil
        }
    }
}

extension Value {
    fileprivate var naturalType: FieldType {
        switch self {
        case .bool: .boolean
        case .int(let int): int < 0 ? .signed : .unsigned
        case .double: .float
        case .list: .list
        case .string, .map, .null: .string
        }
    }
}
