import SupportDiagnostics

/// The fixes of one file that can be applied together.
package struct FixPlan: Sendable {
    /// What a fix did, for people.
    package struct Change: Sendable, Hashable {
        package let code: String
        /// `line:column` in the file as it was before this fix and its neighbours.
        package let place: String
        package let old: String
        package let new: String
    }

    /// The file's name, as problems show it.
    package let file: String
    /// In the order of the file.
    package let changes: [Change]
    /// The whole file afterwards.
    package let bytes: [UInt8]

    /// One plan for each file that a problem's fix changes. Of two fixes that overlap the first of the file is taken; the
    /// other's turn comes when the file is read again.
    package static func plans(_ problems: [Diagnostic]) -> [FixPlan] {
        var files: [String: (bytes: [UInt8], fixes: [(code: String, fix: Diagnostic.Fix)])] = [:]
        var order: [String] = []
        for problem in problems {
            guard let fix = problem.fix else { continue }
            let file = fix.span.file
            if files[file.name] == nil { order.append(file.name) }
            // A world that two labs share is read twice; another content of the same name cannot be.
            guard files[file.name, default: (file.bytes, [])].bytes == file.bytes else { continue }
            files[file.name, default: (file.bytes, [])].fixes.append((problem.code, fix))
        }
        return order.compactMap { name in files[name].flatMap { plan(name, $0.bytes, $0.fixes) } }
    }

    private static func plan(
        _ name: String, _ bytes: [UInt8], _ fixes: [(code: String, fix: Diagnostic.Fix)]
    ) -> FixPlan? {
        var end = -1
        var chosen: [(code: String, fix: Diagnostic.Fix)] = []
        let sorted = fixes.enumerated().sorted { left, right in
            let (first, second) = (left.element.fix.span.range, right.element.fix.span.range)
            return (first.lowerBound, first.upperBound, left.offset) < (
                second.lowerBound, second.upperBound, right.offset
            )
        }
        for (_, item) in sorted where item.fix.span.range.lowerBound > end {
            chosen.append(item)
            // Two insertions in one place would come in an order that nobody chose.
            end = max(item.fix.span.range.upperBound - 1, item.fix.span.range.lowerBound)
        }
        var result = bytes
        for item in chosen.reversed() {
            result.replaceSubrange(item.fix.span.range, with: Array(item.fix.replacement.utf8))
        }
        guard result != bytes else { return nil }
        let changes = chosen.map { item in
            Change(
                code: item.code, place: "\(item.fix.span.start)", old: item.fix.span.text, new: item.fix.replacement)
        }
        return FixPlan(file: name, changes: changes, bytes: result)
    }
}
