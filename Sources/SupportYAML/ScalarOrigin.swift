import SupportDiagnostics

/// Finds for each byte of a scalar's value the byte of the file it came from, through quotes, escapes and folded lines.
struct ScalarOrigin {
    private let value: [UInt8]
    private let bytes: [UInt8]
    private let end: Int
    private let style: YAMLScalar.Style
    private var index: Int
    private var offsets: [Int] = []

    /// The text of a scalar token that takes `range` of the file.
    static func text(_ text: String, style: YAMLScalar.Style, in file: SourceFile, range: Range<Int>) -> SourceText {
        let quotes = style == .singleQuoted || style == .doubleQuoted ? 1 : 0
        let start = min(range.lowerBound + quotes, range.upperBound)
        let span = file.span(range)
        if style != .literal, style != .folded, stands(text, at: start, before: range.upperBound, in: file.bytes) {
            return SourceText(text, in: file, at: start, span: span)
        }
        var origin = ScalarOrigin(
            Array(text.utf8), style, file.bytes, start: start, end: max(start, range.upperBound - quotes))
        guard let offsets = origin.walk() else { return SourceText(text, in: file, at: start, span: span) }
        return SourceText(text, in: file, offsets: offsets, span: span)
    }

    /// Whether the text stands in the file byte for byte.
    private static func stands(_ text: String, at start: Int, before end: Int, in bytes: [UInt8]) -> Bool {
        var text = text
        return text.withUTF8 { wanted in
            guard wanted.count <= end - start else { return false }
            return bytes.withUnsafeBufferPointer { found in
                for offset in 0..<wanted.count where found[start + offset] != wanted[offset] { return false }
                return true
            }
        }
    }

    private init(_ value: [UInt8], _ style: YAMLScalar.Style, _ bytes: [UInt8], start: Int, end: Int) {
        self.value = value
        self.style = style
        self.bytes = bytes
        self.end = end
        index = start
    }

    private mutating func walk() -> [Int]? {
        if style == .literal || style == .folded {
            while index < end, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
        }
        offsets.reserveCapacity(value.count + 1)
        while offsets.count < value.count {
            if style == .doubleQuoted, index < end, bytes[index] == UInt8(ascii: "\\") {
                escape()
            } else if isBlank(value[offsets.count]) || (index < end && isBlank(bytes[index])) {
                blanks()
            } else if index < end, bytes[index] == value[offsets.count] {
                offsets.append(index)
                index += style == .singleQuoted && bytes[index] == UInt8(ascii: "'") ? 2 : 1
            } else {
                return nil
            }
        }
        offsets.append(min(index, end))
        return offsets
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    /// A run of blanks, which folding and indentation make longer or shorter: the ends of both runs belong together.
    private mutating func blanks() {
        var runEnd = index
        while runEnd < end, isBlank(bytes[runEnd]) { runEnd += 1 }
        var valueEnd = offsets.count
        while valueEnd < value.count, isBlank(value[valueEnd]) { valueEnd += 1 }
        let count = valueEnd - offsets.count
        for step in 0..<count { offsets.append(max(index, runEnd - count + step)) }
        index = runEnd
        // Neither run moved: the caller would wait for ever. Cannot be, since one of them begins with a blank.
    }

    private mutating func escape() {
        guard index + 1 < end else {
            return offsets.append(contentsOf: repeatElement(index, count: value.count - offsets.count))
        }
        let kind = bytes[index + 1]
        if kind == 0x0A || kind == 0x0D {
            index += 2
            while index < end, isBlank(bytes[index]) { index += 1 }
            return
        }
        let digits = kind == UInt8(ascii: "x") ? 2 : kind == UInt8(ascii: "u") ? 4 : kind == UInt8(ascii: "U") ? 8 : 0
        // The value's own first byte says how many bytes the escape became.
        let first = value[offsets.count]
        let produced = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        offsets.append(contentsOf: repeatElement(index, count: min(produced, value.count - offsets.count)))
        index = min(end, index + 2 + digits)
    }
}
