/// Numbers with units as people write them: `50ms`, `1.5 s`, `10MB`, `3 KiB`.
package enum Quantity: Sendable, Hashable {
    /// Nanoseconds.
    case duration(Int64)
    /// Bytes.
    case size(UInt64)

    package enum Problem: Error, Sendable, Hashable {
        case notANumber
        case noUnit
        /// With the unit that was probably meant.
        case unknownUnit(String, nearest: String?)
        case outOfRange
    }

    package static let durationUnits: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1_000), ("µs", 1_000), ("μs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000),
        ("min", 60_000_000_000), ("h", 3_600_000_000_000), ("d", 86_400_000_000_000),
    ]

    package static let sizeUnits: [(name: String, bytes: UInt64)] = [
        ("B", 1), ("kB", 1_000), ("KB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000),
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
    ]

    /// Reads a number and its unit, with or without spaces between them.
    package init(_ text: some StringProtocol) throws(Problem) {
        let parts = Self.split(String(text))
        guard !parts.number.isEmpty else { throw .notANumber }
        guard !parts.unit.isEmpty else { throw .noUnit }
        self = try Self.value(number: parts.number, unit: parts.unit)
    }

    /// The value of a decimal number (`-1.5`, without exponent) in a unit.
    package static func value(number: String, unit: String) throws(Problem) -> Quantity {
        if let match = durationUnits.first(where: { $0.name == unit }) {
            guard let scaled = scaled(number, by: match.nanoseconds) else { throw .outOfRange }
            return .duration(scaled)
        }
        if let match = sizeUnits.first(where: { $0.name == unit }), let factor = Int64(exactly: match.bytes) {
            guard let scaled = scaled(number, by: factor), let bytes = UInt64(exactly: scaled) else {
                throw .outOfRange
            }
            return .size(bytes)
        }
        throw .unknownUnit(unit, nearest: Self.nearestUnit(unit))
    }

    private static func nearestUnit(_ unit: String) -> String? {
        let spelledOut = [
            "sec": "s", "secs": "s", "second": "s", "seconds": "s", "msec": "ms", "millis": "ms", "m": "min",
            "minute": "min", "minutes": "min", "hour": "h", "hours": "h", "day": "d", "days": "d", "bytes": "B",
            "byte": "B", "k": "KiB", "K": "KiB", "M": "MiB", "G": "GiB",
        ]
        if let known = spelledOut[unit] ?? spelledOut[unit.lowercased()] { return known }
        let names = durationUnits.map(\.name) + sizeUnits.map(\.name)
        return names.first { $0.lowercased() == unit.lowercased() } ?? Suggestion.nearest(to: unit, among: names)
    }

    private static func split(_ text: String) -> (number: String, unit: String) {
        let trimmed = text.drop { $0 == " " }
        var rest = trimmed
        if rest.first == "-" || rest.first == "+" { rest = rest.dropFirst() }
        rest = rest.drop { $0.isASCII && $0.isNumber }
        if rest.first == "." { rest = rest.dropFirst().drop { $0.isASCII && $0.isNumber } }
        let number = trimmed[..<rest.startIndex]
        guard number.contains(where: \.isNumber) else { return ("", "") }
        let unit = rest.drop { $0 == " " }
        return (String(number), String(unit.reversed().drop { $0 == " " }.reversed()))
    }

    /// Exact decimal arithmetic, cut (not rounded) below one base unit; nil where it overflows or is no number.
    private static func scaled(_ number: String, by factor: Int64) -> Int64? {
        let negative = number.hasPrefix("-")
        let parts = number.drop { $0 == "-" || $0 == "+" }.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = parts[0].isEmpty ? 0 : Int64(parts[0]) else { return nil }
        var (result, overflow) = whole.multipliedReportingOverflow(by: factor)
        guard !overflow else { return nil }
        if parts.count == 2 {
            var unit = factor
            for digit in parts[1] {
                guard let value = digit.wholeNumberValue, digit.isASCII else { return nil }
                let fraction = Double(unit) / 10
                if unit % 10 == 0 {
                    unit /= 10
                    (result, overflow) = result.addingReportingOverflow(Int64(value) * unit)
                } else {
                    // A binary unit (KiB) is not divisible by ten for long: the rest is below a byte or nearly.
                    (result, overflow) = result.addingReportingOverflow(Int64(Double(value) * fraction))
                    unit = Int64(fraction)
                }
                if overflow { return nil }
                if unit == 0 { break }
            }
        }
        return negative ? -result : result
    }
}
