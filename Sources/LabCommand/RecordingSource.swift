import LabJudge
import LabModel
import LabRecording
import SupportDiagnostics
import SupportLinux

/// The world that `lab record` walks through, and how the draft will come to it.
struct RecordingSource {
    var loaded: LoadedLab
    var world: WorldDefinition
    var host: String
    var name: String
    var place: Draft.Place
    /// The lines of the lab's `vars`.
    var variables = ""

    static func load(
        world: String?, lab: String?, at: String?, student: String?, beside output: String
    ) throws -> RecordingSource {
        let settings = LabSettings(student: student ?? OwnProcess.environment()["USER"] ?? "", language: .english)
        let (loaded, file, lines) = try read(world: world, lab: lab, settings)
        guard let definition = loaded.lab, let found = definition.world, !loaded.hasErrors else {
            Problem.show(loaded.problems.isEmpty ? [Self.noWorld] : loaded.problems)
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let hosts = found.hosts.filter { !$0.isVirtual }.map(\.name)
        let host = at ?? (definition.host.isEmpty ? hosts.first ?? "" : definition.host)
        guard hosts.contains(host) else {
            Standard.error(
                "lab: there is no host `\(host)` to be on; there are \(hosts.map { "`\($0)`" }.joined(separator: ", "))\n"
            )
            throw LabModel.ExitStatus.usage.exit
        }
        let stem = Paths.last(output).split(separator: ".").first.map(String.init) ?? "draft"
        return RecordingSource(
            loaded: loaded, world: found, host: host, name: stem, place: try place(file, beside: output),
            variables: lines)
    }

    private static let noWorld = Diagnostic(
        "lab.no-world", "there is no world to walk through", help: ["name one with --world FILE or --lab LAB"])

    /// The lab, or one around a world alone; the world's file; and the text of the lab's variables.
    private static func read(
        world: String?, lab: String?, _ settings: LabSettings
    ) throws -> (LoadedLab, world: String, variables: String) {
        if let lab {
            guard let path = LabSearch.find(lab) else {
                Problem.show([LabSearch.unknown(lab)])
                throw LabModel.ExitStatus.invalidInput.exit
            }
            let loaded = LabLoader.standard.load(path, settings: settings)
            let text = (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
            let file = block("world", of: text).dropFirst("world:".count).prefix { $0 != "#" && $0 != "\n" }
            let name = file.trimmingPrefix { $0 == " " }
            let end = name.lastIndex { $0 != " " && $0 != "\"" && $0 != "'" }
            let plain = end.map { String(name[...$0]) } ?? ""
            return (loaded, Paths.folder(path) + plain, block("vars", of: text))
        }
        guard let world else {
            Problem.show([noWorld])
            throw LabModel.ExitStatus.usage.exit
        }
        let text =
            "format: 1\nlab: walk\ntitle: A walk\nworld: \(YAMLText.scalar(Paths.last(world)))\nsteps:\n- tools: [lab]\n"
        let wrapper = Paths.folder(world) + "walk.yml"
        let loader = LabLoader.standard.reading { $0 == wrapper ? Array(text.utf8) : nil }
        return (loader.load(wrapper, settings: settings), world, "")
    }

    /// A file in or below the folder of the draft by its path, any other within the draft.
    private static func place(_ file: String, beside output: String) throws -> Draft.Place {
        let folder = Paths.folder(output)
        if file.hasPrefix(folder), RunFolder.isInside(String(file.dropFirst(folder.count))) {
            return .file(String(file.dropFirst(folder.count)))
        }
        return .inline(String(decoding: try Files.read(file), as: UTF8.self))
    }

    /// The lines of a top-level key, as they are written.
    private static func block(_ key: String, of text: String) -> String {
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(key + ":") {
                lines = [line]
            } else if !lines.isEmpty {
                guard line.first == " " || line.isEmpty || line.first == "#" else { break }
                lines.append(line)
            }
        }
        while let last = lines.last, last.isEmpty || last.first == "#" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }
}
