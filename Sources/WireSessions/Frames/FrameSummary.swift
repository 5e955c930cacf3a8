/// One frame in a line, with the columns that Wireshark shows by default.
package struct FrameSummary: Sendable, Hashable {
    package var number: Int
    /// Nanoseconds since the first frame.
    package var time: Int64
    package var source: String
    package var destination: String
    /// The innermost protocol, such as `TLSv1.3` or `HTTP`.
    package var protocolName: String
    package var length: Int
    package var info: String

    package init(
        number: Int, time: Int64, source: String, destination: String, protocolName: String, length: Int, info: String
    ) {
        self.number = number
        self.time = time
        self.source = source
        self.destination = destination
        self.protocolName = protocolName
        self.length = length
        self.info = info
    }

    /// The line as `tshark` prints it. Text from the network is without control characters.
    package var line: String {
        let micros = time / 1000
        let sign = micros < 0 ? "-" : ""
        let seconds = "\(sign)\(abs(micros / 1_000_000)).\(Self.padded(String(abs(micros % 1_000_000)), 6, with: "0"))"
        return [
            Self.padded(String(number), 5), Self.padded(seconds, 10),
            Self.padded(source, 12) + " → "
                + Self.padded(destination, 12, left: false),
            Self.padded(protocolName, 8, left: false), String(length), Self.printable(info),
        ].joined(separator: " ")
    }

    /// Control characters, which could steer a terminal, as U+FFFD.
    package static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.properties.generalCategory.isUnprintable }) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            clean.append(scalar.properties.generalCategory.isUnprintable ? "\u{FFFD}" : scalar)
        }
        return String(clean)
    }

    private static func padded(_ text: String, _ width: Int, with filler: Character = " ", left: Bool = true) -> String
    {
        let padding = String(repeating: filler, count: max(0, width - text.count))
        return left ? padding + text : text + padding
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isUnprintable: Bool {
        switch self {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
