import SupportDiagnostics

/// Puts a plain text that YAML misreads into single quotes.
enum QuotedLine {
    /// The fix for a text that takes this range, or nil where quoting it would not be safe: over several lines, or with
    /// a quote at its start.
    static func fix(_ file: SourceFile, _ range: Range<Int>) -> Diagnostic.Fix? {
        var end = min(range.upperBound, file.bytes.count)
        while end > range.lowerBound, file.bytes[end - 1] == 0x20 { end -= 1 }
        guard end > range.lowerBound else { return nil }
        let bytes = file.bytes[range.lowerBound..<end]
        guard !bytes.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) else { return nil }
        guard let first = bytes.first, first != UInt8(ascii: "'"), first != UInt8(ascii: "\"") else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let doubled = text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
        return .init(replace: file.span(range.lowerBound..<end), with: "'\(doubled)'")
    }

    /// The same for the value of `key: value`, or the item of `- value`, that begins at an offset in block style and
    /// ends with its line or with the comment on it.
    static func fix(_ file: SourceFile, valueAt start: Int) -> Diagnostic.Fix? {
        let line = file.bounds(ofLine: file.line(at: start))
        guard isBlockPrefix(file.bytes[line.lowerBound..<max(line.lowerBound, start)]) else { return nil }
        var end = start
        while end < line.upperBound {
            if file.bytes[end] == UInt8(ascii: "#"), end > start, file.bytes[end - 1] == 0x20 { break }
            end += 1
        }
        return fix(file, start..<end)
    }

    /// Where the value of the first `key: ` of a line begins; nil where the line has none.
    static func valueStart(_ file: SourceFile, lineOf offset: Int) -> Int? {
        let line = file.bounds(ofLine: file.line(at: offset))
        var index = line.lowerBound
        while index < line.upperBound, file.bytes[index] == 0x20 || file.bytes[index] == UInt8(ascii: "-") {
            index += 1
        }
        let key = index
        while index < line.upperBound, isKeyByte(file.bytes[index]) { index += 1 }
        guard index > key, index + 1 < line.upperBound, file.bytes[index] == UInt8(ascii: ":"),
            file.bytes[index + 1] == 0x20
        else { return nil }
        index += 1
        while index < line.upperBound, file.bytes[index] == 0x20 { index += 1 }
        return index < line.upperBound ? index : nil
    }

    /// Blanks and hyphens, then perhaps one key with its colon.
    private static func isBlockPrefix(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes.drop { $0 == 0x20 || $0 == UInt8(ascii: "-") }
        while let last = rest.last, last == 0x20 { rest = rest.dropLast() }
        guard let last = rest.last else { return true }
        return last == UInt8(ascii: ":") && rest.dropLast().allSatisfy(isKeyByte)
    }

    static func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
