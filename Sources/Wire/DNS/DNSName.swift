/// A domain name: labels of 1 to 63 bytes, 255 in all on the wire (RFC 1035 §2.3.4); equal without regard to ASCII case.
package struct DNSName: Sendable {
    package let labels: [[UInt8]]

    package static let root = DNSName(checked: [])

    init(checked labels: [[UInt8]]) { self.labels = labels }

    /// A name of these labels, or nil when one is empty or too long, or all are.
    package init?(labels: [[UInt8]]) {
        guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        self.labels = labels
        guard wireLength <= 255 else { return nil }
    }

    /// The length on the wire without compression.
    package var wireLength: Int { labels.reduce(1) { $0 + $1.count + 1 } }

    /// The name on the wire, uncompressed.
    package var bytes: [UInt8] {
        labels.flatMap { [UInt8($0.count)] + $0 } + [0]
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }
}

extension DNSName: Hashable {
    package static func == (left: DNSName, right: DNSName) -> Bool {
        left.labels.elementsEqual(right.labels) { left, right in
            left.count == right.count && left.elementsEqual(right) { lowercase($0) == lowercase($1) }
        }
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(labels.count)
        for label in labels {
            // Seven bytes and how many they are, at a time.
            for start in stride(from: 0, to: label.count, by: 7) {
                let part = label[start..<min(start + 7, label.count)]
                hasher.combine(part.reduce(UInt64(part.count)) { $0 << 8 | UInt64(DNSName.lowercase($1)) })
            }
        }
    }
}

extension DNSName: LosslessStringConvertible {
    /// Takes names as people write them, with or without the final dot; no escapes, no empty labels.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        if bytes.last == UInt8(ascii: ".") { bytes = bytes.dropLast() }
        guard !bytes.isEmpty else {
            guard text == "." else { return nil }
            self = .root
            return
        }
        let labels = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).map { Array($0) }
        guard labels.allSatisfy({ (1...63).contains($0.count) }) else { return nil }
        self.labels = labels
        guard wireLength <= 255 else { return nil }
    }

    /// Without the final dot; what is not a letter, digit, hyphen or underscore is written as `\DDD` (RFC 1035 §5.1), so that a
    /// hostile name cannot steer a terminal.
    package var description: String {
        labels.isEmpty ? "." : labels.map { $0.map(DNSName.text).joined() }.joined(separator: ".")
    }

    private static func text(_ byte: UInt8) -> String {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            return String(UnicodeScalar(byte))
        default:
            let digits = String(byte)
            return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
    }
}
