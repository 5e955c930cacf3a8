import SupportDiagnostics

/// Finds the one table that a question is about: a line is judged row by row, so one table must have all its fields.
struct TableChoice {
    let question: Question
    let tables: [Table]

    /// The first table that has every field the question names.
    func table() throws(Diagnostics) -> Table {
        guard let first = tables.first else {
            throw Diagnostics([
                Diagnostic(
                    "question.no-table", "nothing is recorded here that could be asked about", at: question.source.span)
            ])
        }
        let words = question.words
        // Where one table has every word that stands for a field, no other table's fields are among them.
        if !words.fields.isEmpty,
            let table = tables.first(where: { table in words.fields.allSatisfy { table.slot(of: $0.value) != nil } })
        {
            return table
        }
        let fields = known(among: words)
        guard !fields.isEmpty else { return first }
        if let table = tables.first(where: { table in fields.allSatisfy { table.slot(of: $0.value) != nil } }) {
            return table
        }
        throw Diagnostics([joined(fields)])
    }

    /// The fields that some table has, each once. `icmp` behind a relation is a field only where nothing else is named.
    private func known(
        among words: (fields: [Located<String>], literals: [Located<String>])
    ) -> [Located<String>] {
        let fields = known(words.fields)
        return fields.isEmpty ? known(words.literals) : fields
    }

    private func known(_ words: [Located<String>]) -> [Located<String>] {
        var seen: Set<String> = []
        return words.filter { word in
            tables.contains { $0.slot(of: word.value) != nil } && seen.insert(word.value).inserted
        }
    }

    private func joined(_ fields: [Located<String>]) -> Diagnostic {
        let counts = tables.map { table in fields.filter { table.slot(of: $0.value) != nil }.count }
        let best = tables[counts.indices.max { counts[$0] < counts[$1] } ?? 0]
        let homes = fields.map { field in
            (field, tables.filter { $0.slot(of: field.value) != nil }.map { "`\($0.name)`" }.joined(separator: " and "))
        }
        let strange = homes.filter { best.slot(of: $0.0.value) == nil }
        let familiar = homes.filter { best.slot(of: $0.0.value) != nil }
        return Diagnostic(
            "question.two-tables", "no single row has all of these fields", at: strange.first?.0.span,
            label: strange.first.map { "recorded in \($0.1)" } ?? "",
            secondary: (strange.dropFirst() + familiar).map { .init($0.0.span, "recorded in \($0.1)") },
            notes: ["a question is judged on one row of one table at a time"],
            help: ["ask two questions, or look for the same fact in `\(best.name)`"])
    }
}
