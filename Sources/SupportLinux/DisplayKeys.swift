/// The keys to X servers, as `~/.Xauthority` holds them (XauReadAuth in libXau).
package enum DisplayKeys {
    /// Any name of the machine (FamilyWild).
    private static let anyHost: [UInt8] = [0xFF, 0xFF]

    /// The same keys for whoever holds the file, whatever the machine is called there: within a world it is called otherwise.
    ///
    /// - Returns: what is whole in the file; a part that is cut off ends it.
    package static func forAnyHost(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while rest.count > 2 {
            // A family, then four texts: address, number of the display, kind of key, key.
            var end = rest.startIndex + 2
            for _ in 0..<4 {
                guard rest.endIndex - end >= 2 else { return result }
                end += 2 + (Int(rest[end]) << 8 | Int(rest[end + 1]))
                guard end <= rest.endIndex else { return result }
            }
            result += anyHost + rest[(rest.startIndex + 2)..<end]
            rest = rest[end...]
        }
        return result
    }
}
