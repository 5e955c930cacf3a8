/// A stretch of a source file, in bytes; possibly empty, which then is a place between two characters.
package struct SourceSpan: Sendable, Hashable {
    package let file: SourceFile
    package var range: Range<Int> { Int(lower)..<Int(upper) }
    /// Small, because a document has many places; files are far smaller than 4 GB.
    private let lower: UInt32
    private let upper: UInt32

    package init(file: SourceFile, range: Range<Int>) {
        self.file = file
        let clamped = range.clamped(to: 0..<file.bytes.count)
        lower = UInt32(clamping: clamped.lowerBound)
        upper = UInt32(clamping: clamped.upperBound)
    }

    package var start: SourcePosition { SourcePosition(file: file, offset: range.lowerBound) }
    package var end: SourcePosition { SourcePosition(file: file, offset: range.upperBound) }

    package var text: String { file.text(in: range) }

    /// The empty span at the start of this one.
    package var startPoint: SourceSpan { SourceSpan(file: file, range: range.lowerBound..<range.lowerBound) }

    /// The empty span at the end of this one.
    package var endPoint: SourceSpan { SourceSpan(file: file, range: range.upperBound..<range.upperBound) }

    /// The smallest span that holds both; `self` where the other lies in another file.
    package func union(_ other: SourceSpan) -> SourceSpan {
        guard other.file === file else { return self }
        return SourceSpan(
            file: file,
            range: min(range.lowerBound, other.range.lowerBound)..<max(range.upperBound, other.range.upperBound))
    }
}

/// A place in a source file: line and column count from 1, the column in Unicode scalars.
package struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    package let offset: Int
    package let line: Int
    package let column: Int

    package init(file: SourceFile, offset: Int) {
        self.offset = offset
        line = file.line(at: offset)
        let start = file.bounds(ofLine: line).lowerBound
        column = file.text(in: start..<max(start, offset)).unicodeScalars.count + 1
    }

    package var description: String { "\(line):\(column)" }
}
