extension FieldValue {
    /// The value as Wireshark prints it: addresses in their notation, bytes with colons, spans of time with a unit.
    package var text: String {
        switch self {
        case .label: "present"
        case .boolean(let value): value ? "True" : "False"
        case .unsigned(let value): String(value)
        case .signed(let value): String(value)
        case .float(let value): Self.text(value)
        case .string(let value): value
        case .bytes(let value): HexText.text(value)
        case .ipv4(let value): AddressText.text(ipv4: value)
        case .ipv6(let high, let low): AddressText.text(ipv6: high, low)
        case .ether(let value): AddressText.text(ether: value)
        case .duration(let value): Self.text(nanoseconds: value)
        case .time(let value): TimeText.text(value)
        case .list(let items): "[" + items.map(\.text).joined(separator: ", ") + "]"
        }
    }

    /// The value as a person may type it into a question, so text stands in quotes. Long ones are cut.
    package var quoted: String {
        switch self {
        case .string(let value): Self.inQuotes(value)
        // A body is bytes, but what stands in it is what a person wants to read.
        case .bytes(let value) where value.count >= 8:
            Self.readable(value).map(Self.inQuotes)
                ?? (value.count > 40 ? HexText.text(value.prefix(39)) + ":…" : text)
        default: text
        }
    }

    /// The number with the name it has in the field, as in `48 (unknown_ca)`.
    package func quoted(in field: Field) -> String {
        guard case .unsigned(let number) = self else { return quoted }
        let names = field.valueNames.filter { $0.value == number }.keys.sorted()
        return names.first.map { "\(number) (\($0))" } ?? quoted
    }

    private static func inQuotes(_ value: String) -> String {
        let shown = value.count > 80 ? value.prefix(79) + "…" : value[...]
        let escaped = shown.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        return "\"" + escaped.replacing("\r", with: "\\r").replacing("\n", with: "\\n") + "\""
    }

    /// The bytes as UTF-8 without control characters other than white space; nil where they are something else.
    private static func readable(_ bytes: [UInt8]) -> String? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let isReadable = text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control || ["\n", "\r", "\t"].contains(scalar)
        }
        return isReadable ? text : nil
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
    }

    /// The largest unit in which the number is at least one, with as few decimals as say it exactly.
    private static func text(nanoseconds value: Int64) -> String {
        let units: [(UInt64, Int, String)] = [(1_000_000_000, 9, "s"), (1_000_000, 6, "ms"), (1_000, 3, "us")]
        let magnitude = value.magnitude
        let sign = value < 0 ? "-" : ""
        for (size, digits, unit) in units where magnitude >= size {
            let rest = String(magnitude % size)
            var fraction = String(repeating: "0", count: digits - rest.count) + rest
            while fraction.hasSuffix("0") { fraction.removeLast() }
            return sign + String(magnitude / size) + (fraction.isEmpty ? "" : "." + fraction) + unit
        }
        return value == 0 ? "0s" : sign + "\(magnitude)ns"
    }
}
