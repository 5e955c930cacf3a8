import SupportDiagnostics

/// Reads literals as values of a type. Shared by questions and by references whose type shows only at run time.
enum Literal {
    /// Why a text is no value of a type.
    enum Problem: Error, Sendable, Hashable {
        case wrong
        /// Does not fit the bits of the field.
        case tooLarge(maximum: UInt64)
        case needsUnit
        case unknownUnit(String, nearest: String?)
    }

    /// A literal without quotes, or the text of a reference.
    static func matcher(_ word: String, as type: FieldType, bits: Int = 64) throws(Problem) -> Matcher {
        switch type {
        case .unsigned: return .value(try unsigned(word, bits: bits))
        case .signed: return .value(try signed(word, bits: bits))
        case .float:
            guard let value = Double(word), value.isFinite else { throw .wrong }
            return .value(.float(value))
        case .boolean: return .value(try boolean(word))
        case .string: return .value(.string(word))
        case .bytes:
            guard let bytes = HexText.bytes(word) else { throw .wrong }
            return .value(.bytes(bytes))
        case .ipv4: return try network4(word)
        case .ipv6: return try network6(word)
        case .ether:
            guard let bytes = HexText.bytes(word), bytes.count == 6 else { throw .wrong }
            return .value(.ether(bytes.reduce(0) { $0 << 8 | UInt64($1) }))
        case .duration: return .value(.duration(try duration(word)))
        case .time:
            guard let value = TimeText.nanoseconds(word) else { throw .wrong }
            return .value(.time(value))
        case .label, .list: throw .wrong
        }
    }

    /// A decimal number, `0x…`, `0b…` or octal with a leading zero.
    static func magnitude(_ word: some StringProtocol) -> UInt64? {
        if word.hasPrefix("0x") || word.hasPrefix("0X") { return digits(word.dropFirst(2), radix: 16) }
        if word.hasPrefix("0b") || word.hasPrefix("0B") { return digits(word.dropFirst(2), radix: 2) }
        if word.hasPrefix("0"), word.count > 1 { return digits(word.dropFirst(), radix: 8) }
        return digits(word[...], radix: 10)
    }

    private static func digits(_ word: some StringProtocol, radix: Int) -> UInt64? {
        guard let first = word.first, first != "+", first != "-" else { return nil }
        return UInt64(word, radix: radix)
    }

    private static func unsigned(_ word: String, bits: Int) throws(Problem) -> FieldValue {
        if word.hasPrefix("-"), let value = magnitude(word.dropFirst()), let negative = Int64(exactly: value) {
            return .signed(-negative)
        }
        if let value = magnitude(word) {
            let maximum = bits >= 64 ? UInt64.max : (1 << UInt64(max(1, bits))) - 1
            guard value <= maximum else { throw .tooLarge(maximum: maximum) }
            return .unsigned(value)
        }
        switch Result(catching: { () throws(Quantity.Problem) in try Quantity(word) }) {
        case .success(.size(let bytes)): return .unsigned(bytes)
        case .failure(.unknownUnit(let unit, let nearest))
        where word.contains { $0.isLetter } && isNumber(word, before: unit):
            throw .unknownUnit(unit, nearest: nearest)
        default: throw .wrong
        }
    }

    private static func isNumber(_ word: String, before unit: String) -> Bool {
        let number = word.dropLast(unit.count).filter { $0 != " " }
        return !number.isEmpty && number.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") } && !word.hasPrefix("0")
    }

    private static func signed(_ word: String, bits: Int) throws(Problem) -> FieldValue {
        let isNegative = word.hasPrefix("-")
        guard let value = magnitude(isNegative ? word.dropFirst() : word[...]) else { throw .wrong }
        let maximum = (UInt64(1) << UInt64(min(64, max(1, bits)) - 1)) - (isNegative ? 0 : 1)
        guard value <= maximum else { throw .tooLarge(maximum: maximum) }
        if isNegative { return .signed(value == 1 << 63 ? .min : -Int64(value)) }
        return .signed(Int64(value))
    }

    private static func boolean(_ word: String) throws(Problem) -> FieldValue {
        switch word {
        case "true", "True", "TRUE": return .boolean(true)
        case "false", "False", "FALSE": return .boolean(false)
        default:
            guard let value = magnitude(word) else { throw .wrong }
            return .boolean(value != 0)
        }
    }

    private static func network4(_ word: String) throws(Problem) -> Matcher {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = AddressText.ipv4(parts[0]) else { throw .wrong }
        guard parts.count == 2 else { return .value(.ipv4(address)) }
        guard let length = Int(parts[1]), (0...32).contains(length) else { throw .wrong }
        let mask: UInt32 = length == 0 ? 0 : ~0 << UInt32(32 - length)
        return .network4(base: address & mask, mask: mask)
    }

    private static func network6(_ word: String) throws(Problem) -> Matcher {
        let parts = word.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = AddressText.ipv6(parts[0]) else { throw .wrong }
        guard parts.count == 2 else { return .value(.ipv6(address.0, address.1)) }
        guard let length = Int(parts[1]), (0...128).contains(length) else { throw .wrong }
        let high: UInt64 = length >= 64 ? ~0 : length == 0 ? 0 : ~0 << UInt64(64 - length)
        let low: UInt64 = length <= 64 ? 0 : ~0 << UInt64(128 - length)
        return .network6(base: (address.0 & high, address.1 & low), mask: (high, low))
    }

    /// Seconds, as in Wireshark, or a number with a unit.
    private static func duration(_ word: String) throws(Problem) -> Int64 {
        switch Result(catching: { () throws(Quantity.Problem) in try Quantity(word) }) {
        case .success(.duration(let value)): return value
        case .success(.size): throw .wrong
        case .failure(.unknownUnit(let unit, let nearest)): throw .unknownUnit(unit, nearest: nearest)
        case .failure(.noUnit):
            // Wireshark counts in nanoseconds too, and lets no dot end a number.
            let fraction = word.split(separator: ".", omittingEmptySubsequences: false).dropFirst().last
            guard fraction.map({ (1...9).contains($0.utf8.count) }) ?? true else { throw .wrong }
            guard case .duration(let value)? = try? Quantity.value(number: word, unit: "s") else { throw .wrong }
            return value
        case .failure: throw .wrong
        }
    }
}

extension FieldValue {
    /// The value as another type, where it means the same: a text is read, an address becomes its notation.
    func converted(to target: FieldType, bits: Int = 64) -> FieldValue? {
        if type == target { return self }
        switch (self, target) {
        case (.string(let text), _):
            guard case .value(let value)? = try? Literal.matcher(text, as: target, bits: bits) else { return nil }
            return value
        case (.list, _), (_, .list), (.label, _), (_, .label): return nil
        case (_, .string): return .string(text)
        case (.unsigned(let value), .signed): return Int64(exactly: value).map { .signed($0) }
        case (.signed(let value), .unsigned): return UInt64(exactly: value).map { .unsigned($0) }
        case (.unsigned, .boolean), (.signed, .boolean): return number.map { .boolean($0 != 0) }
        case (.boolean(let value), .unsigned): return .unsigned(value ? 1 : 0)
        case (_, .float): return number.map { .float($0) }
        case (.float(let value), .unsigned): return UInt64(exactly: value).map { .unsigned($0) }
        case (.float(let value), .signed): return Int64(exactly: value).map { .signed($0) }
        case (.ether(let value), .bytes):
            return .bytes((0..<6).map { UInt8(truncatingIfNeeded: value >> UInt64(40 - 8 * $0)) })
        default: return nil
        }
    }
}
