extension FieldValue {
    var isNonZero: Bool {
        switch self {
        case .unsigned(let value): value != 0
        case .signed(let value), .duration(let value): value != 0
        case .float(let value): value != 0
        case .boolean(let value): value
        case .bytes(let value): value.contains { $0 != 0 }
        case .string(let value): !value.isEmpty
        case .ipv4(let value): value != 0
        case .ipv6(let high, let low): high | low != 0
        case .list(let items): !items.isEmpty
        default: true
        }
    }

    /// The value as bytes in network order, where it is made of bytes.
    var rawBytes: [UInt8]? {
        switch self {
        case .bytes(let value): value
        case .string(let value): Array(value.utf8)
        case .ether(let value): (0..<6).map { UInt8(truncatingIfNeeded: value >> UInt64(40 - 8 * $0)) }
        case .ipv4(let value): (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
        case .ipv6(let high, let low):
            [high, low].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) } }
        default: nil
        }
    }

    /// The parts of a text (by code point) or of bytes, joined; nil where a part lies outside.
    func slice(_ ranges: [SliceRange]) -> FieldValue? {
        if case .string(let text) = self {
            let scalars = Array(text.unicodeScalars)
            var result = String.UnicodeScalarView()
            for range in ranges {
                guard let bounds = range.bounds(count: scalars.count) else { return nil }
                result.append(contentsOf: scalars[bounds])
            }
            return .string(String(result))
        }
        guard let bytes = rawBytes else { return nil }
        var result: [UInt8] = []
        for range in ranges {
            guard let bounds = range.bounds(count: bytes.count) else { return nil }
            result += bytes[bounds]
        }
        return .bytes(result)
    }

    /// Whether a text, bytes or a list holds another.
    func contains(_ part: FieldValue) -> Bool {
        if case .list(let items) = self { return items.contains { $0.matches(part) } }
        switch (self, part) {
        // Nothing is no part of a text, as in Wireshark, but of any bytes.
        case (.string(let text), .string(let part)):
            return !part.isEmpty && Self.contains(text.utf8, Array(part.utf8))
        case (.bytes(let bytes), .bytes(let part)): return Self.contains(bytes, part)
        default:
            guard let whole = rawBytes, let part = part.rawBytes else { return false }
            return Self.contains(whole, part)
        }
    }

    func matches(_ pattern: Pattern) -> Bool {
        switch self {
        case .string(let text): pattern.matches(text.utf8)
        case .bytes(let bytes): pattern.matches(bytes)
        case .ether: rawBytes.map { pattern.matches($0) } ?? false
        default: false
        }
    }

    /// Horspool's search: linear for the texts of protocols, and never worse than the product of both lengths.
    private static func contains(_ whole: some Collection<UInt8>, _ part: [UInt8]) -> Bool {
        if let result = whole.withContiguousStorageIfAvailable({ search($0, part) }) { return result }
        return Array(whole).withUnsafeBufferPointer { search($0, part) }
    }

    /// For a short text a table of skips costs more than it saves.
    private static func searchShort(_ whole: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
        let first = part[0]
        for start in 0...(whole.count - part.count) where whole[start] == first {
            var index = 1
            while index < part.count, whole[start + index] == part[index] { index += 1 }
            if index == part.count { return true }
        }
        return false
    }

    private static func search(_ whole: UnsafeBufferPointer<UInt8>, _ part: [UInt8]) -> Bool {
        guard !part.isEmpty else { return true }
        guard whole.count >= part.count else { return false }
        guard whole.count > 1_000 else { return searchShort(whole, part) }
        var skip = [Int](repeating: part.count, count: 256)
        for (index, byte) in part.dropLast().enumerated() { skip[Int(byte)] = part.count - 1 - index }
        var start = 0
        let last = part.count - 1
        while start <= whole.count - part.count {
            var index = last
            while whole[start + index] == part[index] {
                if index == 0 { return true }
                index -= 1
            }
            start += skip[Int(whole[start + last])]
        }
        return false
    }
}

extension Arithmetic {
    /// The result, or nil where there is none: division by zero, overflow, values that cannot be calculated with.
    func apply(_ left: FieldValue, _ right: FieldValue) -> FieldValue? {
        switch (left, right) {
        case (.duration(let a), .duration(let b)):
            return whole(Int128(a), Int128(b)).flatMap { Int64(exactly: $0) }.map { .duration($0) }
        case (.signed(0), .duration(let b)) where self == .subtract: return b == .min ? nil : .duration(-b)
        case (.ipv4(let a), .ipv4(let b)) where self == .bitAnd: return .ipv4(a & b)
        case (.ether(let a), .ether(let b)) where self == .bitAnd: return .ether(a & b)
        case (.ipv6(let a, let b), .ipv6(let c, let d)) where self == .bitAnd: return .ipv6(a & c, b & d)
        case (.bytes(let a), .bytes(let b)) where self == .bitAnd: return .bytes(zip(a, b).map { $0 & $1 })
        default: break
        }
        if let a = left.wide, let b = right.wide { return whole(a, b).flatMap(Self.narrow) }
        guard let a = left.number, let b = right.number else { return nil }
        return real(a, b).map { .float($0) }
    }

    private func whole(_ left: Int128, _ right: Int128) -> Int128? {
        switch self {
        case .add: return left &+ right
        case .subtract: return left &- right
        case .multiply:
            let (result, overflow) = left.multipliedReportingOverflow(by: right)
            return overflow ? nil : result
        case .divide: return right == 0 ? nil : left / right
        case .remainder: return right == 0 ? nil : left % right
        case .bitAnd: return left & right
        }
    }

    private func real(_ left: Double, _ right: Double) -> Double? {
        let result: Double
        switch self {
        case .add: result = left + right
        case .subtract: result = left - right
        case .multiply: result = left * right
        case .divide: result = left / right
        case .remainder: result = left.truncatingRemainder(dividingBy: right)
        case .bitAnd: return nil
        }
        return result.isFinite ? result : nil
    }

    private static func narrow(_ value: Int128) -> FieldValue? {
        UInt64(exactly: value).map { .unsigned($0) } ?? Int64(exactly: value).map { .signed($0) }
    }
}

extension FieldValue {
    fileprivate var wide: Int128? {
        switch self {
        case .unsigned(let value): Int128(value)
        case .signed(let value): Int128(value)
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }
}

extension QuestionFunction {
    /// Each argument with all its values; a function of a field that is absent has no value.
    func apply(_ arguments: [[FieldValue]]) -> [FieldValue] {
        guard let first = arguments.first, !first.isEmpty else {
            return self == .max || self == .min ? extreme(arguments) : []
        }
        switch self {
        case .upper: return first.map { if case .string(let text) = $0 { .string(text.uppercased()) } else { $0 } }
        case .lower: return first.map { if case .string(let text) = $0 { .string(text.lowercased()) } else { $0 } }
        case .len: return first.compactMap { $0.rawBytes.map { .unsigned(UInt64($0.count)) } ?? $0.listCount }
        case .count: return [.unsigned(UInt64(first.count))]
        case .string: return first.map { .string($0.text) }
        case .abs: return first.compactMap(Self.absolute)
        case .max, .min: return extreme(arguments)
        }
    }

    private func extreme(_ arguments: [[FieldValue]]) -> [FieldValue] {
        let all = arguments.flatMap { $0 }
        guard var best = all.first else { return [] }
        for value in all.dropFirst() where Order(value, best) == (self == .max ? .greater : .less) { best = value }
        return [best]
    }

    private static func absolute(_ value: FieldValue) -> FieldValue? {
        switch value {
        case .signed(let number): .unsigned(number.magnitude)
        case .duration(let number): number == .min ? nil : .duration(Swift.abs(number))
        case .float(let number): .float(Swift.abs(number))
        default: value
        }
    }
}

extension FieldValue {
    fileprivate var listCount: FieldValue? {
        if case .list(let items) = self { .unsigned(UInt64(items.count)) } else { nil }
    }
}
