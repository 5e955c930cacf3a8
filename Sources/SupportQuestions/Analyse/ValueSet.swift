/// A set of values of one field: what a comparison with constants lets through.
///
/// Numbers, times and addresses are sets of intervals; texts and bytes are finite sets or all but finitely many.
enum ValueSet: Sendable, Hashable {
    case intervals(Intervals)
    /// These values, or all others.
    case names(Set<String>, isComplement: Bool)

    var isEmpty: Bool {
        switch self {
        case .intervals(let intervals): intervals.isEmpty
        case .names(let names, let isComplement): !isComplement && names.isEmpty
        }
    }

    /// Nil for sets of two kinds, which no one field has.
    func intersection(_ other: ValueSet) -> ValueSet? {
        switch (self, other) {
        case (.intervals(let left), .intervals(let right)): .intervals(left.intersection(right))
        case (.names(let left, false), .names(let right, false)):
            .names(left.intersection(right), isComplement: false)
        case (.names(let left, false), .names(let right, true)): .names(left.subtracting(right), isComplement: false)
        case (.names(let left, true), .names(let right, false)): .names(right.subtracting(left), isComplement: false)
        case (.names(let left, true), .names(let right, true)): .names(left.union(right), isComplement: true)
        default: nil
        }
    }

    func union(_ other: ValueSet) -> ValueSet? { complement.intersection(other.complement)?.complement }

    /// All other values of the type; of those that no row can hold the domain of the field takes care.
    var complement: ValueSet {
        switch self {
        case .intervals(let intervals): .intervals(intervals.complement)
        case .names(let names, let isComplement): .names(names, isComplement: !isComplement)
        }
    }
}

/// Whole numbers as disjoint closed intervals in rising order.
struct Intervals: Sendable, Hashable {
    private(set) var parts: [ClosedRange<Int128>]

    static let all = Intervals([Int128.min...Int128.max])

    init(_ parts: [ClosedRange<Int128>]) {
        self.parts = []
        for part in parts.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = self.parts.last, last.upperBound == .max || part.lowerBound <= last.upperBound + 1 {
                self.parts[self.parts.count - 1] = last.lowerBound...max(last.upperBound, part.upperBound)
            } else {
                self.parts.append(part)
            }
        }
    }

    var isEmpty: Bool { parts.isEmpty }

    func intersection(_ other: Intervals) -> Intervals {
        Intervals(
            parts.flatMap { part in
                other.parts.compactMap { $0.overlaps(part) ? $0.clamped(to: part) : nil }
            })
    }

    var complement: Intervals {
        var result: [ClosedRange<Int128>] = []
        var next: Int128? = .min
        for part in parts {
            if let next, next < part.lowerBound { result.append(next...(part.lowerBound - 1)) }
            next = part.upperBound == .max ? nil : part.upperBound + 1
        }
        if let next { result.append(next ... .max) }
        return Intervals(result)
    }
}

extension FieldType {
    /// Whether values of the type can be ordered as whole numbers.
    var isCounted: Bool {
        switch self {
        case .boolean, .unsigned, .signed, .ipv4, .ipv6, .ether, .duration, .time: true
        case .label, .float, .string, .bytes, .list: false
        }
    }
}

extension FieldValue {
    /// The value's place among all of its type, or nil for types that have no order of whole numbers.
    var place: Int128? {
        switch self {
        case .boolean(let value): value ? 1 : 0
        case .unsigned(let value): Int128(value)
        case .signed(let value), .duration(let value), .time(let value): Int128(value)
        case .ipv4(let value): Int128(value)
        case .ether(let value): Int128(value)
        case .ipv6(let high, let low):
            Int128(bitPattern: (UInt128(high) << 64 | UInt128(low)) ^ (1 << 127))
        case .label, .float, .string, .bytes, .list: nil
        }
    }

    /// The value of a text or of bytes as a name that no other value has.
    var exactName: String? {
        switch self {
        case .string(let value): value.unicodeScalars.map { String($0.value, radix: 16) }.joined(separator: ",")
        case .bytes(let value): value.map { String($0, radix: 16) }.joined(separator: ",")
        default: nil
        }
    }
}

extension Matcher {
    /// Where the values that are equal to this lie: from the first to the last.
    var places: ClosedRange<Int128>? {
        switch self {
        case .value(let value): return value.place.map { $0...$0 }
        case .range(let lower, let upper):
            guard let first = lower.place, let last = upper.place, first <= last else { return nil }
            return first...last
        case .network4(let base, let mask): return Int128(base)...Int128(base | ~mask)
        case .network6(let base, let mask):
            guard let first = FieldValue.ipv6(base.0, base.1).place,
                let last = FieldValue.ipv6(base.0 | ~mask.0, base.1 | ~mask.1).place
            else { return nil }
            return first...last
        }
    }
}
