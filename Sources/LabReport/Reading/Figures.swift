/// Numbers as people read them: points, durations, dates. Nothing here traps on the values of an edited record.
enum Figures {
    /// `3`, `2.5`, `0.25`; what is no finite number reads `?`.
    static func points(_ value: Double) -> String {
        guard value.isFinite, abs(value) < 1e12 else { return "?" }
        let hundredths = Int64((value * 100).rounded())
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        let sign = hundredths < 0 ? "-" : ""
        if rest == 0 { return sign + String(whole) }
        return sign + String(whole) + "." + (rest % 10 == 0 ? String(rest / 10) : padded(Int64(rest), 2))
    }

    /// A span in nanoseconds: `4 ms`, `0.31 s`, `12.4 s`, `2 min 05 s`.
    static func duration(_ nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds) / 1_000_000
        switch milliseconds {
        case 0: return "0 ms"
        case 1..<100: return "\(milliseconds) ms"
        case 100..<995: return "0." + padded((milliseconds + 5) / 10, 2) + " s"
        case 995..<59_950:
            let tenths = (milliseconds + 50) / 100
            return "\(tenths / 10).\(tenths % 10) s"
        default:
            let seconds = (milliseconds + 500) / 1000
            if seconds < 3600 { return "\(seconds / 60) min \(padded(seconds % 60, 2)) s" }
            return "\(seconds / 3600) h \(padded(seconds % 3600 / 60, 2)) min"
        }
    }

    /// Seconds with milliseconds, as XML and JSON readers want them.
    static func seconds(_ nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds) / 1_000_000
        return "\(milliseconds / 1000).\(padded(milliseconds % 1000, 3))"
    }

    /// A span between two times of a record, never negative.
    static func span(from start: Int64, to end: Int64) -> Int64 {
        let (difference, overflow) = end.subtractingReportingOverflow(start)
        return overflow ? 0 : max(0, difference)
    }

    /// A number with at least so many digits.
    static func padded(_ number: Int64, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
