import SupportDiagnostics

/// `NAME.published.json` beside a student edition: which instructor's edition it was made from.
package struct PublishedEdition: Sendable, Hashable, Codable {
    package var format = 1
    package var lab: String
    /// The judging digest of the instructor's edition, hidden checks included.
    package var publishedFrom: String
    /// The judging digest of the student edition itself.
    package var judging: String
    /// SHA-256 of every other file of the edition, by path.
    package var files: [String: String]

    enum CodingKeys: String, CodingKey {
        case format, lab, judging, files
        case publishedFrom = "published-from"
    }

    package init(lab: String, publishedFrom: String, judging: String, files: [String: String]) {
        self.lab = lab
        self.publishedFrom = publishedFrom
        self.judging = judging
        self.files = files
    }

    /// `week2.published.json` for `week2.yml`.
    package static func path(of lab: String) -> String {
        for ending in [".yml", ".yaml"] where lab.hasSuffix(ending) {
            return lab.dropLast(ending.count) + ".published.json"
        }
        return lab + ".published.json"
    }

    static func read(
        _ bytes: [UInt8], of lab: LabDefinition, shownAs name: String, _ problems: Problems
    ) -> PublishedEdition? {
        let file = SourceFile(name: name, bytes: bytes)
        guard let edition = try? JSON.decode(PublishedEdition.self, from: bytes) else {
            problems.report(
                Diagnostic(
                    "lab.edition", "this file does not say where the edition was published from",
                    severity: .warning, at: file.span.startPoint,
                    help: ["`lab publish` writes it; without it, runs are recognised by what they are judged by"]))
            return nil
        }
        if edition.judging != LabDigests.judging(of: lab.withoutKey) {
            problems.report(
                Diagnostic(
                    "lab.edition-changed",
                    "what decides verdicts was changed in `\(lab.name)` after this edition was published",
                    severity: .warning, at: file.span.startPoint,
                    help: ["runs of it belong to no instructor's edition; publish again"]))
        }
        return edition
    }
}

extension LabDefinition {
    /// The lab as students have it: without hidden checks, answers, rubric and wrong runs.
    package var withoutKey: LabDefinition {
        guard key != nil else { return self }
        var lab = self
        lab.key = nil
        for index in lab.steps.indices { lab.steps[index].checks.removeAll(where: \.isHidden) }
        return lab
    }
}
