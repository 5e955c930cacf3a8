/// A point in time as people and file names have it, in UTC, without a library's calendar.
package struct UTCTime: Sendable, Hashable {
    package let year: Int
    package let month: Int
    package let day: Int
    package let hour: Int
    package let minute: Int
    package let second: Int

    /// From nanoseconds since 1970-01-01T00:00:00Z; times before 1970 read as 1970.
    package init(nanoseconds: Int64) {
        let seconds = Int(max(0, nanoseconds) / 1_000_000_000)
        let clock = seconds % 86_400
        hour = clock / 3600
        minute = clock / 60 % 60
        second = clock % 60
        // Days to civil date, counting years from March so that the leap day comes last.
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    /// `20261123T054744Z`
    package var compact: String {
        let p = UTCTime.padded
        return "\(p(year, 4))\(p(month, 2))\(p(day, 2))T\(p(hour, 2))\(p(minute, 2))\(p(second, 2))Z"
    }

    /// `2026-11-23T05:47:44Z`, RFC 3339.
    package var text: String {
        let p = UTCTime.padded
        return "\(p(year, 4))-\(p(month, 2))-\(p(day, 2))T\(p(hour, 2)):\(p(minute, 2)):\(p(second, 2))Z"
    }
}
