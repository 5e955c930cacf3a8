import Foundation
import LabTestSupport

/// One Swift file of the checkout, as the rules look at it.
struct SourceFile: Sendable {
    /// From the checkout's root, such as `Sources/Wire/HTTP/HTTPFields.swift`.
    var path: String
    var lines: [String]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
    }

    /// The folder below Sources/ or Tests/.
    var module: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

    /// Modules that the file imports, submodules by their first name.
    var imports: [String] {
        lines.compactMap { line in
            let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
            guard let index = words.firstIndex(of: "import"), index <= 1, words.count > index + 1 else { return nil }
            guard index == 0 || ["package", "internal", "private", "fileprivate", "public"].contains(words[0]) else {
                return nil
            }
            let kinds = ["struct", "class", "enum", "func", "protocol", "var", "let", "typealias"]
            let name = kinds.contains(String(words[index + 1])) ? words.dropFirst(index + 2).first : words[index + 1]
            return name?.split(separator: ".").first.map(String.init)
        }
    }

    /// Lines of code with their numbers: comments and the insides of one-line strings are blanked.
    var code: [(number: Int, text: String)] {
        lines.enumerated().map { index, line in
            var text = ""
            var isInString = false
            var previous: Character = " "
            for character in line {
                if character == "\"", previous != "\\" { isInString.toggle() }
                if !isInString, character == "/", previous == "/" { break }
                text.append(isInString ? " " : character)
                previous = character
            }
            return (index + 1, text)
        }
    }

    /// All Swift files below a folder of the checkout.
    static func all(in folder: String) -> [SourceFile] {
        let root = Repository.root
        guard let walk = FileManager.default.enumerator(atPath: root + "/" + folder) else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let text = try? String(contentsOfFile: "\(root)/\(folder)/\(name)", encoding: .utf8) else {
                return nil
            }
            return SourceFile(path: "\(folder)/\(name)", text: text)
        }
    }
}
