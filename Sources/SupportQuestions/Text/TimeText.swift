/// Points in time as text, and back. Without a zone a time is UTC: a lab must mean the same on every machine.
package enum TimeText {
    /// `2026-11-23T06:00:15.25Z`
    package static func text(_ nanoseconds: Int64) -> String {
        let (seconds, fraction) = floorDivide(nanoseconds, 1_000_000_000)
        let (days, second) = floorDivide(seconds, 86_400)
        let date = civil(days)
        var digits = String(fraction)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        let clock = [second / 3600, second / 60 % 60, second % 60].map { pad(Int($0), 2) }.joined(separator: ":")
        let day = "\(pad(date.year, 4))-\(pad(date.month, 2))-\(pad(date.day, 2))"
        return "\(day)T\(clock)\(digits.isEmpty ? "" : "." + digits)Z"
    }

    /// Nanoseconds since 1970 for `2026-11-23`, `2026-11-23 06:00:15.25`, `2026-11-23T06:00Z`, `…+01:00` and
    /// `Nov 23, 2026 06:00:15`.
    package static func nanoseconds(_ text: String) -> Int64? {
        var scanner = Scanner(text)
        let iso = scanner.isoDate()
        guard let (year, month, day) = iso ?? scanner.monthDate() else { return nil }
        guard (1...12).contains(month), (1...31).contains(day), (1970...2200).contains(year) else { return nil }
        var seconds = Int64(days(year, month, day)) * 86_400
        var fraction: Int64 = 0
        if scanner.accept("T") || scanner.accept(" ") {
            guard let hour = scanner.number(2), scanner.accept(":"), let minute = scanner.number(2), hour < 24,
                minute < 60
            else { return nil }
            seconds += Int64(hour * 3600 + minute * 60)
            if scanner.accept(":") {
                guard let second = scanner.number(2), second <= 60 else { return nil }
                seconds += Int64(second)
                if scanner.accept(".") {
                    guard let value = scanner.fraction() else { return nil }
                    fraction = value
                }
            }
            if scanner.accept(" "), scanner.isAtEnd { return nil }
            guard let zone = scanner.zone() else { return nil }
            seconds -= Int64(zone)
        } else if iso == nil {
            return nil
        }
        return scanner.isAtEnd ? seconds * 1_000_000_000 + fraction : nil
    }

    private struct Scanner {
        private var rest: Substring
        init(_ text: String) { rest = text[...] }
        var isAtEnd: Bool { rest.isEmpty }

        mutating func accept(_ text: String) -> Bool {
            guard rest.hasPrefix(text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }

        mutating func number(_ digits: Int) -> Int? {
            let part = rest.prefix(digits)
            guard part.count == digits, part.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
            rest = rest.dropFirst(digits)
            return Int(part)
        }

        mutating func fraction() -> Int64? {
            let part = rest.prefix { $0.isASCII && $0.isNumber }
            let kept = part.prefix(9)
            guard let value = Int64(kept) else { return nil }
            rest = rest.dropFirst(part.count)
            return (0..<(9 - kept.count)).reduce(value) { value, _ in value * 10 }
        }

        /// Seconds east of UTC; none written is UTC.
        mutating func zone() -> Int? {
            if isAtEnd || accept("Z") || accept("UTC") { return 0 }
            let sign = accept("+") ? 1 : accept("-") ? -1 : 0
            guard sign != 0, let hours = number(2) else { return nil }
            _ = accept(":")
            return sign * (hours * 3600 + (number(2) ?? 0) * 60)
        }

        mutating func isoDate() -> (Int, Int, Int)? {
            let before = rest
            if let year = number(4), accept("-"), let month = number(2), accept("-"), let day = number(2) {
                return (year, month, day)
            }
            rest = before
            return nil
        }

        mutating func monthDate() -> (Int, Int, Int)? {
            let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
            guard let month = names.firstIndex(of: String(rest.prefix(3))) else { return nil }
            rest = rest.dropFirst(3).drop { $0 == " " }
            guard let day = number(2) ?? number(1), accept(","), accept(" "), let year = number(4) else { return nil }
            return (year, month + 1, day)
        }
    }

    private static func floorDivide(_ value: Int64, _ by: Int64) -> (Int64, Int64) {
        let (quotient, rest) = value.quotientAndRemainder(dividingBy: by)
        return rest < 0 ? (quotient - 1, rest + by) : (quotient, rest)
    }

    private static func pad(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * shifted + 2) / 5 + 1))
    }
}
