internal import LabModel

extension UTCTime {
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// `23 November 2026, 06:05 UTC`
    var long: String {
        let name = Self.months.indices.contains(month - 1) ? Self.months[month - 1] : String(month)
        return "\(day) \(name) \(year), \(Figures.padded(Int64(hour), 2)):\(Figures.padded(Int64(minute), 2)) UTC"
    }
}
