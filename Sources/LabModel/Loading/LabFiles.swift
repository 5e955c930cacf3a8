import SupportDiagnostics
import SupportYAML

/// The files of one lab: its main file and what that includes, all of them in or below the lab's folder.
final class LabFiles {
    private let loader: LabLoader
    private let folder: String
    private let shownFolder: String
    private(set) var all: [LabFile]
    private var read: [String: YAMLNode] = [:]
    /// What was included, each file once, in the order in which they were first named.
    private(set) var parts: [(content: Content, root: YAMLNode)] = []

    /// What an included file holds.
    enum Content: String {
        case world = "a world"
        case variables = "a file of variables"
        case groups = "a file of groups"
        case steps = "a file of steps"
    }

    /// - Parameter shownAs: what diagnostics call the main file.
    init(main path: String, bytes: [UInt8], shownAs: String, loader: LabLoader) {
        self.loader = loader
        folder = Paths.folder(path)
        shownFolder = Paths.folder(shownAs)
        all = [LabFile(path: Paths.last(path), bytes: bytes)]
    }

    /// The root of another file of the lab, read once however often it is named; nil after reporting.
    func root(of name: Located<String>, as content: Content, _ problems: Problems) -> YAMLNode? {
        if let known = read[name.value] { return known }
        guard RunFolder.isInside(name.value), loader.isInside(folder, name.value) else {
            problems.report(
                Diagnostic(
                    "lab.outside", "\(content.rawValue) lies in or below the lab's own folder, found `\(name.value)`",
                    at: name.span,
                    help: [
                        "a lab travels as one folder: write the path from there, without `..`, and follow no link out"
                    ]))
            return nil
        }
        guard let file = loader.source(folder + name.value, shownAs: shownFolder + name.value) else {
            problems.report(
                Diagnostic(
                    content == .world ? "lab.no-world" : "lab.no-include",
                    "there is no file `\(shownFolder + name.value)`",
                    at: name.span, help: ["paths are from the folder of the lab's main file"]))
            return nil
        }
        // The main file may be named too: then a cycle is what is wrong, and it is told by whoever follows it.
        if !all.contains(where: { $0.path == name.value }) { all.append(LabFile(path: name.value, bytes: file.bytes)) }
        let root = loader.document(file, problems)
        read[name.value] = root
        if let root { parts.append((content, root)) }
        return root
    }

    var mainName: String { all[0].path }
}

/// The files that are being read, each included by the one before it.
struct IncludeChain {
    private var names: [String]

    init(main: String) { names = [main] }

    static let limit = 16

    /// The chain with one more file; nil after reporting a cycle, or a chain that is too long to be meant.
    func including(_ name: Located<String>, _ problems: Problems) -> IncludeChain? {
        var longer = self
        longer.names.append(name.value)
        if let start = names.firstIndex(of: name.value) {
            let circle = longer.names[start...].map { "`\($0)`" }.joined(separator: " includes ")
            problems.report(
                Diagnostic("include.cycle", "`\(name.value)` includes itself", at: name.span, notes: [circle]))
            return nil
        }
        guard names.count <= Self.limit else {
            problems.report(
                Diagnostic(
                    "include.depth", "files include each other more than \(Self.limit) deep", at: name.span,
                    notes: [longer.names.map { "`\($0)`" }.joined(separator: " includes ")]))
            return nil
        }
        return longer
    }
}
