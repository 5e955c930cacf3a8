import LabModel
import SupportDiagnostics

/// Searches every byte of a student edition for what only instructors may know.
struct LeakSearch {
    let words: HiddenWords
    let instructor: LabDefinition
    /// The edition as it was read back, its places within the edition's own files.
    let student: LabDefinition

    /// What leaked and where, in the order of the files.
    func leaks(in files: [LabFile], main: String) -> [Diagnostic] {
        var leaks: [Diagnostic] = []
        for file in files {
            let source = SourceFile(name: file.path, bytes: file.bytes)
            let search = TextSearch(file.bytes)
            let seen = file.path == main ? student.steps.flatMap { step in step.checks.map { (step.id, $0.span) } } : []
            var told = Set<Int>()
            for word in words.all {
                for range in search.ranges(of: word.text, whole: word.isWhole) {
                    if isSeenElsewhere(word, range, seen) || !told.insert(range.lowerBound).inserted { continue }
                    leaks.append(leak(word, at: source.span(range)))
                }
            }
        }
        return leaks + textsWithShortAnswers()
    }

    /// The question of a hidden check may be asked of another step for everybody to see.
    private func isSeenElsewhere(
        _ word: HiddenWords.Word, _ range: Range<Int>, _ seen: [(step: String, span: SourceSpan)]
    ) -> Bool {
        guard word.kind == .question else { return false }
        return seen.contains { step, span in
            span.range.contains(range.lowerBound) && span.range.upperBound >= range.upperBound
                && !word.owner.hasPrefix(step + ".")
        }
    }

    private func leak(_ word: HiddenWords.Word, at span: SourceSpan) -> Diagnostic {
        let place = student.steps.first {
            $0.span.file.name == span.file.name && $0.span.range.contains(span.range.lowerBound)
        }
        let within = place.map { " in the step `\($0.id)`" } ?? ""
        return Diagnostic(
            "publish.leak", "\(word.kind.rawValue) `\(word.owner)` stands\(within) for students to read", at: span,
            help: ["nothing was written; say it in other words, or move it into the key file"])
    }

    /// An answer such as `3` is everywhere; only where its own step says it is it given away.
    private func textsWithShortAnswers() -> [Diagnostic] {
        words.shortAnswers.flatMap { word -> [Diagnostic] in
            guard let step = student.step(word.owner) else { return [] }
            let texts =
                [("title", step.title), ("task", step.task), ("explain", step.explain)]
                + step.hints.map { ("hint", $0.text) }
            return texts.filter { _, text in
                !TextSearch(Array(text.source.utf8)).ranges(of: word.text, whole: true).isEmpty
            }.map { what, _ in
                Diagnostic(
                    "publish.leak", "the \(what) of `\(word.owner)` contains its answer", at: step.kindSpan,
                    help: ["nothing was written; say it in other words"])
            }
        }
    }
}
