import SupportDiagnostics
import SupportYAML

/// The files beside a lab that translate it.
package enum Sidecars {
    /// The languages of the files in a lab's folder that are named after it, in order.
    ///
    /// - Parameters:
    ///   - path: the lab's main file.
    ///   - names: what lies in its folder.
    package static func languages(of path: String, among names: [String]) -> [(language: LanguageTag, name: String)] {
        let stem = stem(of: path) + "."
        return names.sorted().compactMap { name in
            guard name.hasPrefix(stem), name.hasSuffix(".yml") else { return nil }
            let middle = String(name.dropFirst(stem.count).dropLast(4))
            // `week2.key.yml` is the answers, whatever language `key` may be.
            guard middle != "key", let tag = LanguageTag(middle), tag.text == middle else { return nil }
            return (tag, name)
        }
    }

    /// The lab that a file would translate, `Labs/week2.yml` of `Labs/week2.es.yml`; nil for another name.
    package static func lab(of path: String) -> String? {
        let name = Paths.last(path)
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2] == "yml", parts[1] != "key", LanguageTag(String(parts[1])) != nil else {
            return nil
        }
        return Paths.folder(path) + parts[0] + ".yml"
    }

    package static func path(of lab: String, in language: LanguageTag) -> String {
        Paths.folder(lab) + stem(of: lab) + ".\(language.text).yml"
    }

    private static func stem(of path: String) -> String {
        let name = Paths.last(path)
        return name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}

extension LabLoader {
    /// Adds the sidecars of a lab to its files, and puts the texts of the chosen language in place. Where none is chosen
    /// every sidecar is held against the lab, if it is read for itself.
    func translate(
        _ path: String, _ loaded: inout LoadedLab, settings: LabSettings, isAlone: Bool, _ problems: Problems
    ) {
        guard let lab = loaded.lab else { return }
        let chosen = settings.language
        let sidecars = Sidecars.languages(of: path, among: listFolder(Paths.folder(path)))
        let used = chosen.flatMap { Self.best($0, among: sidecars.map(\.language)) }
        for (language, name) in sidecars {
            let sidecar = Paths.folder(path) + name
            guard let file = source(sidecar, shownAs: sidecar) else { continue }
            loaded.lab?.files.append(LabFile(path: name, bytes: file.bytes))
            guard chosen == nil ? isAlone : language == used else { continue }
            let (translation, found) = read(file, of: lab, language: language)
            // Who runs a lab cannot mend its translation, and needs to know only of one that cannot be used.
            problems.report(found.filter { chosen == nil || $0.severity == .error })
            if let translation, chosen != nil, let current = loaded.lab {
                let names = Set(loaded.references.keys)
                loaded.lab = current.translated(by: translation, isDeclared: names.contains)
                loaded.language = language
            }
        }
    }

    /// One sidecar, whole, with everything that is wrong with it.
    package func translation(
        of lab: LabDefinition, at path: String, language: LanguageTag
    ) -> (translation: Translation?, problems: [Diagnostic]) {
        guard let file = source(path, shownAs: path) else { return (nil, []) }
        return read(file, of: lab, language: language)
    }

    private func read(
        _ file: SourceFile, of lab: LabDefinition, language: LanguageTag
    ) -> (translation: Translation?, problems: [Diagnostic]) {
        let problems = Problems()
        let translation = YAMLDocument.read(file, problems: problems).flatMap {
            TranslationReader(lab: lab, problems: problems).read($0, language: language)
        }
        return (translation, problems.inFileOrder)
    }

    /// The language itself, the one without its region, or another region's.
    private static func best(_ chosen: LanguageTag, among languages: [LanguageTag]) -> LanguageTag? {
        languages.first { $0 == chosen } ?? languages.first { $0.text == chosen.language }
            ?? languages.first { $0.language == chosen.language }
    }
}
