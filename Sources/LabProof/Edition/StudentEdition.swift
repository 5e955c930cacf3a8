import LabJudge
import LabModel
import LabSteps
import SupportCrypto
import SupportDiagnostics

/// A lab as students get it: the author's text without hidden checks, answers, rubric and wrong runs, and a manifest
/// that says which instructor's edition it was made from.
package struct StudentEdition: Sendable {
    package let lab: String
    package let files: [LabFile]
    package let manifest: PublishedEdition
    /// Comments that were left out because they told something hidden, as `file:line`.
    package let removedComments: [String]

    /// Makes the edition in memory, and searches every byte of it for what it must not hold.
    ///
    /// - Parameter path: the instructor's lab file.
    /// - Throws: `Diagnostics`: what is wrong with the lab, or what leaked and where.
    package static func make(from path: String) throws -> StudentEdition {
        let loaded = LabLoader.standard.load(path, settings: LabSettings(language: .english))
        guard let lab = loaded.lab, !loaded.hasErrors else { throw Diagnostics(loaded.problems) }
        let words = HiddenWords(lab)
        var files: [LabFile] = []
        var removed: [String] = []
        for file in sources(of: lab, at: path) {
            let cleaned = CommentRemoval.clean(file, of: words)
            files.append(cleaned.file)
            removed += cleaned.removed.map { "\(file.path):\($0)" }
        }
        let main = Paths.last(path)
        let edition = read(files, main: main)
        guard let own = edition.lab, !edition.hasErrors else { throw Diagnostics(edition.problems) }
        let leaks = LeakSearch(words: words, instructor: lab, student: own).leaks(in: files, main: main)
        guard leaks.isEmpty else { throw Diagnostics(leaks) }
        let manifest = PublishedEdition(
            lab: lab.name, publishedFrom: LabDigests.judging(of: lab), judging: LabDigests.judging(of: own),
            files: Dictionary(
                files.map { ($0.path, Hex.string(DigestAlgorithm.sha256.digest(of: $0.bytes))) },
                uniquingKeysWith: { first, _ in first }))
        let bytes = try JSON.encode(manifest, pretty: true) + [0x0A]
        return StudentEdition(
            lab: lab.name, files: files + [LabFile(path: PublishedEdition.path(of: main), bytes: bytes)],
            manifest: manifest, removedComments: removed)
    }

    /// All that the lab was read from, and its translations; never the key, nor the manifest of an older edition.
    private static func sources(of lab: LabDefinition, at path: String) -> [LabFile] {
        let manifest = PublishedEdition.path(of: Paths.last(path))
        return lab.files.filter { $0.path != manifest && LabKey.lab(of: $0.path) == nil }
    }

    private static func read(_ files: [LabFile], main: String) -> LoadedLab {
        let bytes = Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all, readFile: { bytes[$0] }
        ).load(main)
    }
}
