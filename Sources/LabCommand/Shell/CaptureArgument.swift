import LabModel
import LabRunner
import SupportDiagnostics
import SupportLinux

/// `--capture [HOST=]FILE`.
enum CaptureArgument {
    /// - Throws: the exit status, after saying what is wrong.
    static func parse(
        _ texts: [String], in world: WorldDefinition, lab: String, at host: String
    ) throws -> [ShellRequest.Capture] {
        let hosts = WorldHosts(world, lab: lab, preferred: host)
        var captures: [ShellRequest.Capture] = []
        for text in texts {
            let (place, file) = split(text)
            let name = try place.map { try hosts.choose($0) } ?? host
            let path = file.hasPrefix("/") ? file : try OwnProcess.workingDirectory() + "/" + file
            try check(file, path)
            guard !captures.contains(where: { $0.host == name }) else {
                Standard.error("lab: --capture names `\(Visible.text(name))` twice\n  what to do: name it once\n")
                throw LabModel.ExitStatus.usage.exit
            }
            captures.append(ShellRequest.Capture(host: name, file: path))
        }
        return captures
    }

    /// A place has no slash; a file with `=` in its name is given as `./a=b.pcapng`.
    static func split(_ text: String) -> (place: String?, file: String) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex, !text[..<equals].contains("/") else {
            return (nil, text)
        }
        return (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// A file that cannot be written is told before, not after an hour in the shell.
    private static func check(_ file: String, _ path: String) throws {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "/"
        let reason: String? =
            file.isEmpty || file.hasSuffix("/")
            ? "it names no file"
            : Files.kind(of: path) == .directory
                ? "there is a folder of that name"
                : Files.mayWrite(in: folder) ? nil : "you cannot write into its folder"
        guard let reason else { return }
        Standard.error(
            "lab: the capture cannot go to `\(Visible.text(file))`: \(reason)\n"
                + "  what to do: name a file in a folder of your own, as in --capture wire.pcapng\n")
        throw LabModel.ExitStatus.usage.exit
    }
}
