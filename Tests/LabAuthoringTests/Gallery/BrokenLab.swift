import Foundation
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

/// One lab of `Fixtures/Labs/broken`, with what its author expects lint to say.
///
/// A file says at its top, one line each, `# expect: CODE line:column`. Files that belong to a lab say it of themselves:
/// `NAME.key.yml`, `NAME.es.yml`, `worlds/NAME.yml`.
struct BrokenLab: Sendable, CustomTestStringConvertible {
    /// A code and the place it stands at; places are compared as they are written.
    struct Finding: Hashable, Comparable, CustomStringConvertible {
        /// Relative to the gallery.
        let file: String
        let code: String
        /// `line:column`, or `-` for a problem without a place.
        let place: String

        var description: String { "\(file): \(code) \(place)" }
        static func < (left: Finding, right: Finding) -> Bool { left.description < right.description }
    }

    static let folder = Repository.fixture("Labs/broken")

    /// `yaml-tab` for `yaml-tab.yml`.
    let name: String
    var testDescription: String { name }

    /// Every lab of the gallery; sidecars and included files are not labs.
    static let all: [BrokenLab] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".yml") && $0.split(separator: ".").count == 2 }.sorted()
            .map { BrokenLab(name: String($0.dropLast(4))) }
    }()

    static func bytes(_ file: String) -> [UInt8]? {
        FileManager.default.contents(atPath: folder + "/" + file).map { [UInt8]($0) }
    }

    /// What lint says of the lab and of what belongs to it.
    func problems(replacing files: [String: [UInt8]] = [:]) -> [Diagnostic] {
        LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all, readFile: { files[$0] ?? Self.bytes($0) },
            listFolder: { _ in (try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? [] },
            examineWorld: { WorldExamination.problems(of: $0) }
        ).load(name + ".yml").problems
    }

    func found() -> [Finding] {
        problems().map { problem in
            Finding(
                file: problem.primary?.span.file.name ?? name + ".yml", code: problem.code,
                place: problem.primary.map { "\($0.span.start)" } ?? "-")
        }
    }

    /// What the files of this lab announce.
    var expected: [Finding] {
        let sidecars = ((try? FileManager.default.contentsOfDirectory(atPath: Self.folder)) ?? [])
            .filter { $0.hasPrefix(name + ".") && $0.hasSuffix(".yml") }
        return (sidecars.sorted() + ["worlds/\(name).yml", "parts/\(name).yml"]).flatMap(Self.announcements)
    }

    static func announcements(_ file: String) -> [Finding] {
        guard let bytes = bytes(file) else { return [] }
        let text = String(
            decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...], as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).prefix { $0.hasPrefix("#") }.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 4, words[0] == "#", words[1] == "expect:" else { return nil }
            return Finding(file: file, code: String(words[2]), place: String(words[3]))
        }
    }
}
