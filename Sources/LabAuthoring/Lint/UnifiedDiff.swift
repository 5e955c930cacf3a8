/// The difference between two contents of a file, as `patch` and `git apply` read it.
package enum UnifiedDiff {
    private static let context = 3

    private enum Line {
        case same(Int, Int)
        case removed(Int)
        case added(Int)
    }

    /// Empty where nothing differs.
    package static func render(_ name: String, from old: [UInt8], to new: [UInt8]) -> [UInt8] {
        guard old != new else { return [] }
        let (before, after) = (lines(old), lines(new))
        let script = script(before, after)
        var result = Array("--- \(name)\n+++ \(name)\n".utf8)
        var index = 0
        while let start = script[index...].firstIndex(where: isChange) {
            // A hunk ends where more than twice the context is the same.
            var end = start
            while let next = script[(end + 1)...].firstIndex(where: isChange), next - end <= 2 * context + 1 {
                end = next
            }
            let hunk = script[max(index, start - context)...min(script.count - 1, end + context)]
            result += header(hunk, script, before.count)
            for line in hunk {
                switch line {
                case .same(let place, _): result += marked(" ", before[place])
                case .removed(let place): result += marked("-", before[place])
                case .added(let place): result += marked("+", after[place])
                }
            }
            index = min(script.count, end + context + 1)
            if index >= script.count { break }
        }
        return result
    }

    private static func isChange(_ line: Line) -> Bool {
        if case .same = line { false } else { true }
    }

    private static func header(_ hunk: ArraySlice<Line>, _ script: [Line], _ total: Int) -> [UInt8] {
        var (oldBefore, newBefore) = (0, 0)
        for line in script[..<hunk.startIndex] { advance(line, &oldBefore, &newBefore) }
        var (old, new) = (0, 0)
        for line in hunk { advance(line, &old, &new) }
        let first = old == 0 ? oldBefore : oldBefore + 1
        let second = new == 0 ? newBefore : newBefore + 1
        return Array("@@ -\(first),\(old) +\(second),\(new) @@\n".utf8)
    }

    private static func advance(_ line: Line, _ old: inout Int, _ new: inout Int) {
        switch line {
        case .same:
            old += 1
            new += 1
        case .removed: old += 1
        case .added: new += 1
        }
    }

    private static func marked(_ mark: Character, _ line: ArraySlice<UInt8>) -> [UInt8] {
        let text = Array(String(mark).utf8) + line
        return line.last == 0x0A ? text : text + Array("\n\\ No newline at end of file\n".utf8)
    }

    /// With their line breaks.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == 0x0A {
            lines.append(bytes[start...index])
            start = index + 1
        }
        if start < bytes.count { lines.append(bytes[start...]) }
        return lines
    }

    private static func script(_ before: [ArraySlice<UInt8>], _ after: [ArraySlice<UInt8>]) -> [Line] {
        let difference = after.difference(from: before)
        var (removed, added) = (Set<Int>(), Set<Int>())
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var script: [Line] = []
        var (old, new) = (0, 0)
        while old < before.count || new < after.count {
            if removed.contains(old) {
                script.append(.removed(old))
                old += 1
            } else if added.contains(new) {
                script.append(.added(new))
                new += 1
            } else {
                script.append(.same(old, new))
                old += 1
                new += 1
            }
        }
        return script
    }
}
