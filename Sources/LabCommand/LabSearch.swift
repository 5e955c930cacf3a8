import LabModel
import SupportDiagnostics
import SupportLinux

/// Finds a lab by what the user typed: a path, or a name in `$LAB_PATH` or `Labs/`.
enum LabSearch {
    /// The folders that names are looked up in, first match wins.
    static func folders() -> [String] {
        let environment = OwnProcess.environment()
        var folders = (environment["LAB_PATH"] ?? "").split(separator: ":").map { shortened(String($0)) }
        if !folders.contains("Labs") { folders.append("Labs") }
        return folders
    }

    /// A path as people are shown it: relative where it lies below the working directory.
    private static func shortened(_ path: String) -> String {
        guard let here = try? OwnProcess.workingDirectory(), path.hasPrefix(here + "/") else { return path }
        return String(path.dropFirst(here.count + 1))
    }

    /// - Returns: the lab's main file, or nil.
    static func find(_ name: String) -> String? {
        if name.contains("/") || name.hasSuffix(".yml") || name.hasSuffix(".yaml") {
            return Files.kind(of: name) == .file ? name : nil
        }
        for folder in folders() {
            for path in ["\(folder)/\(name).yml", "\(folder)/\(name)/\(name).yml"] where Files.kind(of: path) == .file {
                return path
            }
        }
        return nil
    }

    /// Every lab there is: name and main file.
    static func all() -> [(name: String, path: String)] {
        var found: [(name: String, path: String)] = []
        for folder in folders() {
            for entry in (try? Files.list(folder)) ?? [] {
                guard entry.kind == .file, entry.name.hasSuffix(".yml"), !entry.name.hasSuffix(".key.yml"),
                    !(Sidecars.lab(of: "\(folder)/\(entry.name)").map { Files.exists($0) } ?? false)
                else {
                    continue
                }
                let name = String(entry.name.dropLast(4))
                if !found.contains(where: { $0.name == name }) { found.append((name, "\(folder)/\(entry.name)")) }
            }
        }
        return found.sorted { $0.name < $1.name }
    }

    /// What to say when there is no such lab.
    static func unknown(_ name: String) -> Diagnostic {
        let names = all().map(\.name)
        let nearest = Suggestion.nearest(to: name, among: names)
        return Diagnostic(
            "lab.unknown", "there is no lab `\(name)`", notes: nearest.map { ["did you mean `\($0)`?"] } ?? [],
            help: [
                names.isEmpty
                    ? "no labs were found in " + folders().map { "`\($0)`" }.joined(separator: ", ")
                    : "`lab list` shows all of them: " + names.map { "`\($0)`" }.joined(separator: ", ")
            ])
    }
}
