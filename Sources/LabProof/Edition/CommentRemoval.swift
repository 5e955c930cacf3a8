import LabModel
import SupportDiagnostics
import SupportYAML

/// Leaves out comments that tell something hidden. All else stays byte for byte: what looks like a comment within a text
/// is one only if the file means the same without it.
enum CommentRemoval {
    /// - Returns: the file, and the lines (from 1) of the comments that were left out.
    static func clean(_ file: LabFile, of words: HiddenWords) -> (file: LabFile, removed: [Int]) {
        let source = SourceFile(name: file.path, bytes: file.bytes)
        let search = TextSearch(file.bytes)
        var lines = Set<Int>()
        for word in words.all {
            for range in search.ranges(of: word.text, whole: word.isWhole) {
                lines.formUnion(
                    source.line(at: range.lowerBound)...source.line(at: max(range.lowerBound, range.upperBound - 1)))
            }
        }
        guard !lines.isEmpty, let meaning = meaning(of: file.bytes) else { return (file, []) }
        var bytes = file.bytes
        var removed: [Int] = []
        // From the end, so that the places of the lines before stay what they are.
        for line in lines.sorted(by: >) {
            let bounds = source.bounds(ofLine: line)
            guard let shorter = without(bounds, of: bytes, meaning: meaning) else { continue }
            bytes = shorter
            removed.append(line)
        }
        return (LabFile(path: file.path, bytes: bytes), removed.sorted())
    }

    private static func without(_ line: Range<Int>, of bytes: [UInt8], meaning: String) -> [UInt8]? {
        for start in line where bytes[start] == UInt8(ascii: "#") {
            let before = bytes[line.lowerBound..<start]
            let isWholeLine = before.allSatisfy { $0 == 0x20 }
            guard isWholeLine || before.last == 0x20 else { continue }
            var cut = start..<line.upperBound
            if isWholeLine {
                // The line goes with its break.
                cut = line.lowerBound..<line.upperBound
                if cut.upperBound < bytes.count, bytes[cut.upperBound] == 0x0D {
                    cut = cut.lowerBound..<(cut.upperBound + 1)
                }
                if cut.upperBound < bytes.count, bytes[cut.upperBound] == 0x0A {
                    cut = cut.lowerBound..<(cut.upperBound + 1)
                }
            } else {
                let text = before.lastIndex { $0 != 0x20 } ?? line.lowerBound
                cut = (text + 1)..<line.upperBound
            }
            var shorter = bytes
            shorter.removeSubrange(cut)
            if self.meaning(of: shorter) == meaning { return shorter }
        }
        return nil
    }

    /// Nil for what is no YAML.
    private static func meaning(of bytes: [UInt8]) -> String? {
        let problems = Problems()
        let root = YAMLDocument.read(SourceFile(name: "", bytes: bytes), problems: problems)
        return problems.hasErrors ? nil : root?.canonical
    }
}
