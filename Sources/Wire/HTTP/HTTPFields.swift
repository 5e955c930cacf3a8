/// The field section of one HTTP message: names and values as they were on the wire, in their order, duplicates kept.
///
/// All octets lie in one array and every field is four offsets into it, so a head costs two allocations however many
/// fields it has, and text is made only for the fields that somebody asks for. HTTP/1 and HTTP/2 share it.
package struct HTTPFields: Sendable {
    struct Entry: Sendable {
        var nameStart: UInt32
        var nameCount: UInt32
        var valueStart: UInt32
        var valueCount: UInt32
        var marks: HTTPFieldMarks
    }

    var octets: [UInt8]
    var entries: [Entry]

    package init() {
        octets = []
        entries = []
    }

    init(octets: [UInt8], entries: [Entry]) {
        self.octets = octets
        self.entries = entries
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// The field at a position; octets that are no UTF-8 are shown as U+FFFD (``withValue(at:_:)`` has them as they were).
    package subscript(index: Int) -> HTTPField {
        let entry = entries[index]
        return HTTPField(name: nameText(entry), value: valueText(entry), marks: entry.marks)
    }

    /// Every field as text, in order.
    package var all: [HTTPField] { entries.indices.map { self[$0] } }

    /// The first value of a field, by its name in any case; nil when there is none.
    package func first(_ name: String) -> String? {
        entries.first { nameEquals($0, name) }.map(valueText)
    }

    /// All values of a field in order, by its name in any case.
    package func values(_ name: String) -> [String] {
        entries.filter { nameEquals($0, name) }.map(valueText)
    }

    /// Whether a name or a value holds a control character (RFC 9110 §5.5) other than a tab and the ends of lines: those
    /// that stand where none may are anomalies.
    package var hasControlCharacter: Bool {
        octets.withUnsafeBytes { all in
            var index = 0
            while index < all.count {
                // Eight octets of ASCII at a time: adding 0x60 sets the highest bit of all that are no control characters,
                // adding 1 that of 0x7F.
                if index + 8 <= all.count {
                    let word = all.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                    let low = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x6060_6060_6060_6060
                    let delete = (word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x0101_0101_0101_0101
                    let highest: UInt64 = 0x8080_8080_8080_8080
                    if word & highest == 0, low & ~delete & highest == highest {
                        index += 8
                        continue
                    }
                }
                let octet = all[index]
                if octet < 0x20 && octet != 0x09 && octet != 0x0D && octet != 0x0A || octet == 0x7F { return true }
                index += 1
            }
            return false
        }
    }

    package func contains(_ name: String) -> Bool { entries.contains { nameEquals($0, name) } }

    /// Whether the field at a position has this name, in any case.
    package func isNamed(_ name: String, at index: Int) -> Bool { nameEquals(entries[index], name) }

    /// The raw octets of a value, borrowed.
    package func withValue<Result>(at index: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let entry = entries[index]
        return octets.withUnsafeBytes { all in
            body(
                UnsafeRawBufferPointer(rebasing: all[Int(entry.valueStart)..<Int(entry.valueStart + entry.valueCount)]))
        }
    }

    /// Takes out every field of this name, in any case.
    package mutating func remove(_ name: String) {
        let old = self
        entries.removeAll { old.nameEquals($0, name) }
    }

    /// Adds a field at the end, as text.
    package mutating func append(_ name: String, _ value: String, marks: HTTPFieldMarks = []) {
        var name = name
        var value = value
        name.withUTF8 { name in
            value.withUTF8 {
                append(name: UnsafeRawBufferPointer(name), value: UnsafeRawBufferPointer($0), marks: marks)
            }
        }
    }

    /// Adds a field at the end.
    mutating func append(
        name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer, marks: HTTPFieldMarks = []
    ) {
        guard octets.count + name.count + value.count <= Int(UInt32.max) else { return }
        let nameStart = octets.count
        octets.append(contentsOf: name)
        octets.append(contentsOf: value)
        entries.append(
            Entry(
                nameStart: UInt32(nameStart), nameCount: UInt32(name.count),
                valueStart: UInt32(nameStart + name.count), valueCount: UInt32(value.count), marks: marks))
    }

    private func nameText(_ entry: Entry) -> String { text(entry.nameStart, entry.nameCount) }
    private func valueText(_ entry: Entry) -> String { text(entry.valueStart, entry.valueCount) }

    private func text(_ start: UInt32, _ count: UInt32) -> String {
        String(decoding: octets[Int(start)..<Int(start) + Int(count)], as: UTF8.self)
    }

    func nameEquals(_ entry: Entry, _ name: String) -> Bool {
        var name = name
        guard Int(entry.nameCount) == name.utf8.count else { return false }
        let start = Int(entry.nameStart)
        return name.withUTF8 { wanted in
            octets.withUnsafeBufferPointer { octets in
                for index in 0..<wanted.count
                where octets[start + index].lowercasedASCII != wanted[index].lowercasedASCII {
                    return false
                }
                return true
            }
        }
    }
}

/// One field of a head as text.
package struct HTTPField: Sendable, Hashable {
    package var name: String
    package var value: String
    package var marks: HTTPFieldMarks

    package init(name: String, value: String, marks: HTTPFieldMarks = []) {
        self.name = name
        self.value = value
        self.marks = marks
    }
}

/// What is known about a field beyond its text.
package struct HTTPFieldMarks: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// HPACK: the sender asked that no hop ever puts it into a table (RFC 7541 §6.2.3).
    package static let neverIndexed = HTTPFieldMarks(rawValue: 1)
    /// HPACK: the name came from a table entry that was set before the capture began; the name is empty.
    package static let unknownName = HTTPFieldMarks(rawValue: 2)
    /// HPACK: the value came from a table entry that was set before the capture began; the value is empty.
    package static let unknownValue = HTTPFieldMarks(rawValue: 4)
    /// HTTP/1: the value stood on several lines (RFC 9112 §5.2), joined here by single spaces.
    package static let folded = HTTPFieldMarks(rawValue: 8)
}

extension UInt8 {
    /// The same letter in lower case; every other octet unchanged.
    var lowercasedASCII: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// A character of a token (RFC 9110 §5.6.2), of which methods and field names are made.
    var isHTTPToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a: true
        case 0x21, 0x23...0x27, 0x2a, 0x2b, 0x2d, 0x2e, 0x5e, 0x5f, 0x60, 0x7c, 0x7e: true
        default: false
        }
    }

    /// The value of a hexadecimal digit; nil for any other octet.
    var hexValue: UInt8? {
        switch self {
        case 0x30...0x39: self &- 0x30
        case 0x41...0x46: self &- 0x37
        case 0x61...0x66: self &- 0x57
        default: nil
        }
    }
}
