/// The JSON text of a value, written while the value is walked, with no tree in between.
///
/// It is byte for byte what Foundation's encoder writes with sorted keys and plain slashes, or nothing at all: evidence is
/// known by the digest of its bytes. What only that encoder can do (nested containers, keys that need escapes) is left to it.
package final class JSONText {
    /// An object or a list that is open, or a value that is none of both.
    private struct Frame {
        enum Kind { case undecided, plain, object, list }

        var kind: Kind
        /// Its first member among ``members``.
        let firstMember: Int
        var count = 0
    }

    /// One member of an open object, in the text from its key's quote on.
    private struct Member {
        let start: Int
        /// Behind the key's closing quote.
        let keyEnd: Int
        var end: Int
    }

    // One thread writes a text, and nothing that is written looks at it: checks of that for every byte would take longer
    // than writing.
    @exclusivity(unchecked) private var bytes: [UInt8] = []
    @exclusivity(unchecked) private var frames: [Frame] = []
    @exclusivity(unchecked) private var members: [Member] = []
    @exclusivity(unchecked) private var isBeyond = false

    /// Nil where the value asks for what this does not do.
    ///
    /// - Throws: what the value throws, and `EncodingError` for numbers that JSON has not.
    static func of(_ value: some Encodable) throws -> [UInt8]? {
        let text = JSONText()
        text.bytes.reserveCapacity(256)
        if let list = value as? any JSONRecordList { list.write(to: text) } else { try text.writeValue(value) }
        return text.isBeyond ? nil : text.bytes
    }

    // MARK: Values

    /// Opens the place of a value.
    func begin() { frames.append(Frame(kind: .undecided, firstMember: members.count)) }

    func writeValue(_ value: some Encodable) throws {
        begin()
        try value.encode(to: JSONValueEncoder(text: self, depth: frames.count))
        close()
    }

    /// A value of one piece. Whoever encodes more than one has an encoder of another kind in mind.
    func single(at depth: Int) -> Bool {
        guard depth == frames.count, frames[depth - 1].kind == .undecided else { return leave() }
        frames[depth - 1].kind = .plain
        return true
    }

    func writeString(_ string: String) {
        var string = string
        bytes.append(UInt8(ascii: "\""))
        string.withUTF8 { text in
            if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                bytes.append(contentsOf: text)
            } else {
                for byte in text { escape(byte) }
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func escape(_ byte: UInt8) {
        let short: UInt8
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
        case 0x08: short = UInt8(ascii: "b")
        case 0x09: short = UInt8(ascii: "t")
        case 0x0A: short = UInt8(ascii: "n")
        case 0x0C: short = UInt8(ascii: "f")
        case 0x0D: short = UInt8(ascii: "r")
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes.append(contentsOf: "\\u00".utf8)
            bytes.append(digits[Int(byte >> 4)])
            bytes.append(digits[Int(byte & 0xF)])
            return
        default:
            bytes.append(byte)
            return
        }
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(short)
    }

    /// For signed integers of every width.
    func writeInteger(_ integer: Int64) {
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        writeInteger(integer.magnitude)
    }

    /// Of one type alone: rows have thousands of numbers, and code for all types would look each one's up.
    func writeInteger(_ integer: UInt64) {
        var power: UInt64 = 1
        while integer / power >= 10 { power *= 10 }
        while power > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(integer / power % 10))
            power /= 10
        }
    }

    func writeNumber(_ number: some BinaryFloatingPoint & CustomStringConvertible & Encodable) throws {
        guard number.isFinite else {
            throw EncodingError.invalidValue(
                number, .init(codingPath: [], debugDescription: "\(number) has no form in JSON"))
        }
        let text = number.description
        bytes.append(contentsOf: (text.hasSuffix(".0") ? text.dropLast(2) : text[...]).utf8)
    }

    func writeFlag(_ flag: Bool) { bytes.append(contentsOf: (flag ? "true" : "false").utf8) }
    func writeNull() { bytes.append(contentsOf: "null".utf8) }

    // MARK: Records

    func writePlain(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func writeKey(_ key: StaticString, isFirst: Bool) {
        if !isFirst { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        writePlain(key)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    func writeList<Element>(_ elements: [Element], _ write: (Element) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(element)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    // MARK: Objects and lists

    func open(_ isObject: Bool, at depth: Int) {
        guard depth == frames.count else {
            leave()
            return
        }
        let kind: Frame.Kind = isObject ? .object : .list
        if frames[depth - 1].kind == .undecided {
            frames[depth - 1].kind = kind
            bytes.append(UInt8(ascii: isObject ? "{" : "["))
        } else if frames[depth - 1].kind != kind {
            leave()
        }
    }

    func count(at depth: Int) -> Int { frames.indices.contains(depth - 1) ? frames[depth - 1].count : 0 }

    /// False where nothing is to be written.
    func beginElement(at depth: Int) -> Bool {
        guard depth == frames.count, !isBeyond else { return leave() }
        if frames[depth - 1].count > 0 { bytes.append(UInt8(ascii: ",")) }
        frames[depth - 1].count += 1
        return true
    }

    func beginMember(_ key: String, at depth: Int) -> Bool {
        guard beginElement(at: depth) else { return false }
        let start = bytes.count
        let length = key.utf8.count
        writeString(key)
        // Escaped keys would have another order than the keys themselves.
        guard bytes.count == start + length + 2 else { return leave() }
        members.append(Member(start: start, keyEnd: bytes.count, end: 0))
        bytes.append(UInt8(ascii: ":"))
        return true
    }

    func endMember() {
        if !members.isEmpty { members[members.count - 1].end = bytes.count }
    }

    /// Gives the value up, for Foundation to write.
    @discardableResult
    func leave() -> Bool {
        isBeyond = true
        return false
    }

    private func close() {
        guard let frame = frames.popLast() else { return }
        switch frame.kind {
        case .list: bytes.append(UInt8(ascii: "]"))
        case .object:
            sort(members[frame.firstMember...])
            members.removeLast(members.count - frame.firstMember)
            bytes.append(UInt8(ascii: "}"))
        case .plain: break
        case .undecided: isBeyond = true
        }
    }

    /// Puts the members of the object that ends here into the order of their keys.
    private func sort(_ members: ArraySlice<Member>) {
        guard let first = members.first, !isBeyond else { return }
        let isSorted = zip(members, members.dropFirst()).allSatisfy { isOrdered($0, $1) }
        if isSorted { return }
        let sorted = members.sorted(by: isOrdered)
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ isOrdered($0, $1) }) else {
            leave()
            return
        }
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count - first.start)
        for member in sorted {
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: bytes[member.start..<member.end])
        }
        bytes.removeLast(bytes.count - first.start)
        bytes.append(contentsOf: text)
    }

    /// Whether one key stands before another, which equal ones do not.
    private func isOrdered(_ left: Member, _ right: Member) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            // Without their closing quotes, lest they count.
            let (leftEnd, rightEnd) = (left.keyEnd - 1, right.keyEnd - 1)
            var (one, other) = (left.start + 1, right.start + 1)
            while one < leftEnd, other < rightEnd {
                if bytes[one] != bytes[other] { return bytes[one] < bytes[other] }
                one += 1
                other += 1
            }
            return one == leftEnd && other < rightEnd
        }
    }
}
