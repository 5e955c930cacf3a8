/// Text from the network as it may appear on a terminal: one line, no control characters, every character one column wide.
package enum DisplayText {
    /// Printable ASCII, Latin letters and quotation marks stay; everything else, escape sequences and direction marks above all, becomes `�`.
    package static func safe(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E, 0xA1...0xAC, 0xAE...0x17F, 0x2018...0x201D, 0x2026: out.unicodeScalars.append(scalar)
            default: out += "�"
            }
        }
        return out
    }

    /// Cut to `width` columns with an ellipsis, or filled with blanks.
    package static func fitted(_ text: String, _ width: Int) -> String {
        guard width > 0 else { return "" }
        let count = text.count
        if count <= width { return text + String(repeating: " ", count: width - count) }
        return String(text.prefix(width - 1)) + "…"
    }

    /// `27b`, `1.2k`, `3.4m`: as mitmproxy writes sizes.
    package static func size(_ bytes: UInt64) -> String {
        var value = Double(bytes)
        for unit in ["b", "k", "m", "g"] {
            if value < 1024 || unit == "g" {
                return unit == "b" || value >= 100 ? "\(Int(value))\(unit)" : "\(decimal(value))\(unit)"
            }
            value /= 1024
        }
        return "\(bytes)b"
    }

    private static func decimal(_ value: Double) -> String {
        let tenths = Int(value * 10)
        return "\(tenths / 10).\(tenths % 10)"
    }

    /// `10ms`, `1.2s`, `3m`.
    package static func duration(nanoseconds: Int64) -> String {
        let milliseconds = max(0, nanoseconds / 1_000_000)
        if milliseconds < 1000 { return "\(milliseconds)ms" }
        if milliseconds < 60_000 { return "\(decimal(Double(milliseconds) / 1000))s" }
        return "\(milliseconds / 60_000)m"
    }

    /// `04:20:13` of a time in nanoseconds since 1970, shifted by the zone's offset in seconds.
    package static func clock(_ time: Int64, zone: Int) -> String {
        let second = ((time / 1_000_000_000 &+ Int64(zone)) % 86_400 + 86_400) % 86_400
        func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
    }
}
