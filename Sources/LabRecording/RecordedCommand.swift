/// One command line that somebody typed in a recorded shell.
package struct RecordedCommand: Sendable, Hashable {
    package var line: String
    /// Nanoseconds since 1970; the end of a command that was still going on is the end of the recording.
    package var began: Int64
    package var ended: Int64
    /// Nil for one that was still going on.
    package var status: Int?

    package init(line: String, began: Int64, ended: Int64, status: Int?) {
        self.line = line
        self.began = began
        self.ended = ended
        self.status = status
    }

    /// Reads what the shell's hook wrote: `B`, time and line, then `E`, time and status, each ended by a NUL, which no
    /// command line can hold. An `E` without its `B` is an empty line; whatever else is damaged is passed over.
    ///
    /// - Parameters:
    ///   - isNumbered: lines come from the shell's history, with their numbers.
    ///   - end: when the recording ended.
    package static func read(_ log: [UInt8], isNumbered: Bool, end: Int64) -> [RecordedCommand] {
        let fields = log.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        var commands: [RecordedCommand] = []
        var open: RecordedCommand?
        var index = 0
        while index + 2 < fields.count {
            guard let time = nanoseconds(fields[index + 1]), fields[index] == "B" || fields[index] == "E" else {
                index += 1
                continue
            }
            if fields[index] == "B" {
                if let open { commands.append(open) }
                let line = isNumbered ? withoutNumber(fields[index + 2]) : fields[index + 2]
                open = RecordedCommand(line: line, began: time, ended: end, status: nil)
            } else if var command = open {
                command.ended = max(command.began, time)
                command.status = Int(fields[index + 2])
                commands.append(command)
                open = nil
            }
            index += 3
        }
        if let open { commands.append(open) }
        return commands.filter { !$0.line.allSatisfy(\.isWhitespace) }
    }

    /// `1795413932.123456` or, as some locales write it, `1795413932,123456`.
    private static func nanoseconds(_ text: String) -> Int64? {
        let parts = text.split(whereSeparator: { $0 == "." || $0 == "," })
        guard parts.count == 2, let seconds = Int64(parts[0]), (0...9_000_000_000).contains(seconds),
            parts[1].count == 6, let micro = Int64(parts[1]), micro >= 0
        else { return nil }
        return seconds * 1_000_000_000 + micro * 1000
    }

    /// `curl x` of `   12  curl x`.
    private static func withoutNumber(_ text: String) -> String {
        var rest = text[...]
        rest = rest.drop { $0 == " " }
        rest = rest.drop { $0.isNumber }
        rest = rest.drop { $0 == "*" || $0 == " " }
        return String(rest)
    }
}
