import SupportDiagnostics

/// Finds `$names` in texts that are results of later steps: they would stay as they are, without a word.
struct NameCheck {
    /// The ids of all steps of the lab, earlier and later.
    private let ids: Set<String>

    init(_ items: [StepItem]) {
        var ids = Set<String>()
        for item in items {
            guard let id = item.id else { continue }
            ids.insert(id)
            if !item.suffix.isEmpty { ids.insert(String(id.dropLast(item.suffix.count))) }
        }
        self.ids = ids
    }

    func isStep(_ id: String) -> Bool { ids.contains(id) }

    func check(_ source: SourceText, in scope: Scope, _ problems: Problems) {
        guard source.text.utf8.contains(UInt8(ascii: "$")) else { return }
        let bytes = Array(source.text.utf8)
        var index = 0
        // A text may be one name again and again.
        var fine: String?
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "$"), let end = Self.end(of: index + 1, in: bytes) else {
                index += 1
                continue
            }
            let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
            if name != fine {
                let problem = forward(name, at: source.span(of: index..<end), scope)
                if let problem { problems.report(problem) } else { fine = name }
            }
            index = end
        }
    }

    /// Where a name ends that begins here; nil where none does.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        guard start < bytes.count, UInt8(ascii: "a")...UInt8(ascii: "z") ~= bytes[start] | 0x20 else { return nil }
        var end = start
        let limit = min(bytes.count, start + Names.longest)
        while end < limit, Names.isAlphanumeric(bytes[end]) || [0x5F, 0x2D, 0x2E].contains(bytes[end]) {
            end += 1
        }
        while bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        return end
    }

    /// The problem with a name that only a later step gives.
    private func forward(_ name: String, at span: SourceSpan, _ scope: Scope) -> Diagnostic? {
        guard scope.lookUp(name) == nil else { return nil }
        // What is declared may be followed by more text: of `$site.` and `$site-1` the beginning is meant.
        var candidate = Substring(name)
        while let cut = candidate.lastIndex(where: { $0 == "." || $0 == "-" }) {
            candidate = candidate[..<cut]
            if scope.lookUp(String(candidate)) != nil { return nil }
        }
        let (head, _) = Scope.split(name)
        guard ids.contains(scope.id(head)) else { return nil }
        return Diagnostic(
            "reference.forward", "`$\(name)` is a result of a later step", at: span,
            help: ["only earlier steps have results; move `\(head)` up, or this down"])
    }
}
