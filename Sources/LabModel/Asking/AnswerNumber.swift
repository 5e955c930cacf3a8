/// A number as people write it, with its unit: `8`, `-3.5`, `3,5`, `12 ms`, `0.012s`, `1.5 MB`.
struct AnswerNumber: Sendable, Hashable {
    /// In the unit that was asked for.
    let value: Double
    let nanoseconds: Int64?

    /// Nil for what is no number, and for one in another kind of unit.
    ///
    /// - Parameter unit: what was asked for; a number without a unit is taken to be in it. Time and sizes are converted,
    ///   any other unit is a word that may stand behind the number.
    init?(_ text: String, unit: String) {
        let digits = text.prefix { "+-0123456789.,eE".contains($0) && $0.isASCII }
        var number = digits
        // `8 e` is no exponent, and `5EB` has none either.
        while let last = number.last, "eE".contains(last) { number = number.dropLast() }
        let written = GivenAnswer.plain(String(text[number.endIndex...]))
        guard let read = Self.number(number) else { return nil }
        guard let asked = Self.factor(unit) else {
            guard written.isEmpty || written.lowercased() == unit.lowercased() else { return nil }
            value = read
            nanoseconds = nil
            return
        }
        guard let given = written.isEmpty ? asked : Self.factor(written), given.isTime == asked.isTime else {
            return nil
        }
        value = given.factor == asked.factor ? read : read * given.factor / asked.factor
        guard value.isFinite else { return nil }
        let scaled = read * given.factor
        // Beyond three centuries nothing can be compared with it anyway.
        nanoseconds = asked.isTime && scaled.magnitude < 9e18 ? Int64(scaled.rounded()) : nil
    }

    private static func number(_ text: Substring) -> Double? {
        guard let first = text.first, first != ",", text.contains(where: \.isNumber) else { return nil }
        var plain = String(text)
        let commas = plain.count { $0 == "," }
        if commas > 0 {
            // `1,000` is a thousand to some and one to others: nobody is judged by a guess.
            let decimals = plain.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
            guard commas == 1, !plain.contains("."), decimals.count != 3, !decimals.isEmpty else { return nil }
            plain = plain.replacing(",", with: ".")
        }
        guard let value = Double(plain), value.isFinite else { return nil }
        return value
    }

    private static func factor(_ unit: String) -> (factor: Double, isTime: Bool)? {
        switch unit {
        case "ns": (1, true)
        case "us", "µs", "μs": (1e3, true)
        case "ms": (1e6, true)
        case "s": (1e9, true)
        case "min": (60e9, true)
        case "h": (3600e9, true)
        case "B": (1, false)
        case "kB", "KB": (1e3, false)
        case "MB": (1e6, false)
        case "GB": (1e9, false)
        case "KiB": (1024, false)
        case "MiB": (1_048_576, false)
        case "GiB": (1_073_741_824, false)
        default: nil
        }
    }
}
