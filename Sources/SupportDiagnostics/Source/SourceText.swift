/// A text that was read out of a source file, and where each of its bytes stood there.
///
/// The two differ where the file writes the text in quotes, with escapes, or folded over several lines.
package struct SourceText: Sendable, Hashable {
    package let text: String
    package var file: SourceFile { span.file }
    /// Where the text stands in the file, with the quotes around it.
    package let span: SourceSpan
    private let origin: Origin

    private enum Origin: Sendable, Hashable {
        case contiguous(Int)
        /// One file offset for each byte of the text, and one for its end.
        case mapped([UInt32])
    }

    /// A text that stands in the file byte for byte, beginning at `offset`.
    package init(_ text: String, in file: SourceFile, at offset: Int, span: SourceSpan? = nil) {
        self.text = text
        self.span = span ?? file.span(offset..<max(offset, offset &+ text.utf8.count))
        origin = .contiguous(offset)
    }

    /// A text whose bytes stood at `offsets`, of which there is one more than there are bytes of UTF-8 in `text`.
    package init(_ text: String, in file: SourceFile, offsets: [Int], span: SourceSpan) {
        self.text = text
        self.span = span
        origin =
            offsets.count == text.utf8.count + 1
            ? .mapped(offsets.map { UInt32(clamping: $0) }) : .contiguous(span.range.lowerBound)
    }

    /// A text that is a whole source of its own, such as a filter from the command line.
    package init(_ text: String, name: String) {
        let file = SourceFile(name: name, text: text)
        self.init(text, in: file, at: 0)
    }

    /// Where a range of the text's UTF-8 stands in the file.
    package func span(of range: Range<Int>) -> SourceSpan {
        switch origin {
        case .contiguous(let base):
            return file.span((base &+ range.lowerBound)..<(base &+ range.upperBound))
        case .mapped(let offsets):
            func place(_ index: Int) -> Int { Int(offsets[index]) }
            let lower = place(min(max(0, range.lowerBound), offsets.count - 1))
            guard range.upperBound > range.lowerBound else { return file.span(lower..<lower) }
            // The end is where the last byte ends, not where the next begins: folding may lie between them.
            let last = min(max(0, range.upperBound - 1), offsets.count - 1)
            let after = last + 1 < offsets.count ? place(last + 1) : place(last)
            let upper = after > place(last) + 1 ? endOfCharacter(at: place(last)) : after
            return file.span(lower..<max(lower, upper))
        }
    }

    /// Where the character of the file ends that begins at an offset: an escape of a double-quoted text is one.
    private func endOfCharacter(at offset: Int) -> Int {
        guard offset + 1 < file.bytes.count, file.bytes[offset] == UInt8(ascii: "\\") else {
            return min(offset + 1, file.bytes.count)
        }
        let length =
            switch file.bytes[offset + 1] {
            case UInt8(ascii: "x"): 4
            case UInt8(ascii: "u"): 6
            case UInt8(ascii: "U"): 10
            default: 2
            }
        return min(offset + length, file.bytes.count)
    }
}
