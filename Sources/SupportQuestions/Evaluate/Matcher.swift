/// What a value is compared with: one value, a network of addresses, or the values between two.
enum Matcher: Sendable, Hashable {
    case value(FieldValue)
    case network4(base: UInt32, mask: UInt32)
    case network6(base: (UInt64, UInt64), mask: (UInt64, UInt64))
    case range(FieldValue, FieldValue)

    /// How the value stands to this: a value inside a network or a range is equal to it.
    func order(of value: FieldValue) -> Order? {
        switch self {
        case .value(let other): return Order(value, other)
        case .network4(let base, let mask):
            guard case .ipv4(let address) = value else { return nil }
            return Order(address & mask, base)
        case .network6(let base, let mask):
            guard case .ipv6(let high, let low) = value else { return nil }
            let first = Order(high & mask.0, base.0)
            return first == .equal ? Order(low & mask.1, base.1) : first
        case .range(let lower, let upper):
            guard let below = Order(value, lower), let above = Order(value, upper) else { return nil }
            return below == .less ? .less : above == .greater ? .greater : .equal
        }
    }

    /// As the question would write it.
    var text: String {
        switch self {
        case .value(let value): value.quoted
        case .network4(let base, let mask): "\(AddressText.text(ipv4: base))/\(mask.nonzeroBitCount)"
        case .network6(let base, let mask):
            "\(AddressText.text(ipv6: base.0, base.1))/\(mask.0.nonzeroBitCount + mask.1.nonzeroBitCount)"
        case .range(let lower, let upper): "\(lower.quoted)..\(upper.quoted)"
        }
    }

    static func == (left: Matcher, right: Matcher) -> Bool { left.text == right.text }
    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// How one value stands to another.
enum Order: Sendable {
    case less, equal, greater
    /// Two values of which neither is more than the other, such as different lists.
    case different

    init<Value: Comparable>(_ left: Value, _ right: Value) {
        self = left < right ? .less : left == right ? .equal : left > right ? .greater : .different
    }

    /// Nil where the two cannot be compared, which the compiler has excluded for fields and literals.
    init?(_ left: FieldValue, _ right: FieldValue) {
        switch (left, right) {
        case (.unsigned(let a), .unsigned(let b)): self.init(a, b)
        case (.string(let a), .string(let b)): self = Self.bytes(a.utf8, b.utf8)
        case (.ipv4(let a), .ipv4(let b)): self.init(a, b)
        case (.ether(let a), .ether(let b)): self.init(a, b)
        case (.duration(let a), .duration(let b)), (.time(let a), .time(let b)), (.signed(let a), .signed(let b)):
            self.init(a, b)
        case (.boolean(let a), .boolean(let b)): self.init(a ? 1 : 0, b ? 1 : 0)
        // Wireshark 4.0 calls the longer one more, and looks at the bytes of equally long ones.
        case (.bytes(let a), .bytes(let b)): self = a.count == b.count ? Self.bytes(a, b) : Order(a.count, b.count)
        case (.ipv6(let a, let b), .ipv6(let c, let d)): self = a == c ? Order(b, d) : Order(a, c)
        case (.unsigned(let a), .signed(let b)): self = b < 0 ? .greater : Order(a, UInt64(b))
        case (.signed(let a), .unsigned(let b)): self = a < 0 ? .less : Order(UInt64(a), b)
        case (.list(let a), .list(let b)): self = Self.lists(a, b)
        case (.label, .label): self = .equal
        default:
            guard let a = left.number, let b = right.number else { return nil }
            self.init(a, b)
        }
    }

    private static func bytes(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Order {
        left.elementsEqual(right) ? .equal : left.lexicographicallyPrecedes(right) ? .less : .greater
    }

    private static func lists(_ left: [FieldValue], _ right: [FieldValue]) -> Order {
        guard left.count == right.count else { return .different }
        return zip(left, right).allSatisfy { $0.matches($1) } ? .equal : .different
    }
}

extension FieldValue {
    /// The value as a number, where it is one.
    var number: Double? {
        switch self {
        case .unsigned(let value): Double(value)
        case .signed(let value): Double(value)
        case .float(let value): value
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }

    /// Whether an element of a list is the one that was written: names as text, addresses in any notation.
    func matches(_ written: FieldValue) -> Bool {
        if let order = Order(self, written) { return order == .equal }
        if let converted = written.converted(to: type) { return Order(self, converted) == .equal }
        return text == written.text
    }
}
