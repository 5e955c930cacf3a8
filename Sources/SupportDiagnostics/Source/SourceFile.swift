/// A text that diagnostics point into: its name as the user wrote it, its bytes, and where its lines begin.
///
/// The bytes need not be UTF-8: whatever cannot be decoded is shown as U+FFFD, so that a broken file can still be
/// quoted.
package final class SourceFile: Sendable {
    /// What people read: a path, or a name such as `--filter` for a text that came from the command line.
    package let name: String
    package let bytes: [UInt8]
    /// How many bytes the text has where it came from; more than there are here where reading stopped at a limit.
    package let size: Int
    /// Half the room of `Int`: a hostile file is nothing but line breaks.
    private let lineStarts: [UInt32]

    package init(name: String, bytes: [UInt8], size: Int? = nil) {
        self.name = name
        self.bytes = bytes
        self.size = max(bytes.count, size ?? 0)
        lineStarts = Self.lineStarts(in: bytes)
    }

    /// Lines end with a line feed, a carriage return, or both.
    private static func lineStarts(in bytes: [UInt8]) -> [UInt32] {
        bytes.withUnsafeBufferPointer { bytes in
            func each(_ body: (Int) -> Void) {
                for index in bytes.indices {
                    let byte = bytes[index]
                    guard byte == 0x0A || byte == 0x0D else { continue }
                    let next = index + 1
                    if byte == 0x0A || next == bytes.count || bytes[next] != 0x0A { body(next) }
                }
            }
            var count = 1
            each { _ in count += 1 }
            var starts: [UInt32] = [0]
            starts.reserveCapacity(count)
            each { starts.append(UInt32(clamping: $0)) }
            return starts
        }
    }

    package convenience init(name: String, text: String) {
        self.init(name: name, bytes: Array(text.utf8))
    }

    package var lineCount: Int { lineStarts.count }

    /// The span of the whole file.
    package var span: SourceSpan { span(0..<bytes.count) }

    /// The part of the file between two byte offsets, moved inside the file where it exceeds it.
    package func span(_ range: Range<Int>) -> SourceSpan {
        SourceSpan(file: self, range: range)
    }

    /// The 1-based line that holds a byte offset.
    package func line(at offset: Int) -> Int {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(lineStarts[middle]) <= offset { low = middle } else { high = middle }
        }
        return low + 1
    }

    /// The bytes of a 1-based line, without its line break; empty for a line that does not exist.
    package func bounds(ofLine line: Int) -> Range<Int> {
        guard line >= 1, line <= lineStarts.count else { return bytes.count..<bytes.count }
        let start = Int(lineStarts[line - 1])
        var end = line < lineStarts.count ? Int(lineStarts[line]) : bytes.count
        while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        return start..<end
    }

    /// The text between two offsets, repaired where it is not UTF-8.
    package func text(in range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
}

extension SourceFile: Hashable {
    package static func == (left: SourceFile, right: SourceFile) -> Bool { left === right }
    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
