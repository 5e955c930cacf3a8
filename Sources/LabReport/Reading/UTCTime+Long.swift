internal import LabModel

extension UTCTime {
    /// `23 November 2026, 06:05 UTC`
    ///
    /// - Parameter date: joins day, name of the month and year.
    func long(months: [String], date: (Int, String, Int) -> String) -> String {
        let name = months.indices.contains(month - 1) ? months[month - 1] : String(month)
        let clock = "\(Figures.padded(Int64(hour), 2)):\(Figures.padded(Int64(minute), 2))"
        return "\(date(day, name, year)), \(clock) UTC"
    }
}
