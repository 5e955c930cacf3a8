import LabModel
import LabRunner
import SupportDiagnostics
import SupportLinux

/// `--capture [HOST=]FILE`, `--capture LINK=FILE`.
enum CaptureArgument {
    /// - Throws: the exit status, after saying what is wrong.
    static func parse(
        _ texts: [String], in world: WorldDefinition, lab: String, at host: String
    ) throws -> [WantedCapture] {
        let hosts = WorldHosts(world, lab: lab, preferred: host)
        var captures: [WantedCapture] = []
        for text in texts {
            let (place, file) = split(text)
            let path = file.hasPrefix("/") ? file : try OwnProcess.workingDirectory() + "/" + file
            let found: WantedCapture.Place
            if let place, let link = world.link(place) {
                found = .link(link.name)
            } else {
                if let place, !world.hosts.contains(where: { $0.name == place }) { try refuse(place, world) }
                found = .host(try place.map { try hosts.choose($0) } ?? host)
            }
            try check(file, path)
            guard !captures.contains(where: { $0.place == found || $0.file == path }) else {
                Standard.error(
                    "lab: --capture names a place or a file twice: `\(Visible.text(text))`\n"
                        + "  what to do: give each place a file of its own, once\n")
                throw LabModel.ExitStatus.usage.exit
            }
            captures.append(WantedCapture(found, file: path))
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

    private static func refuse(_ place: String, _ world: WorldDefinition) throws {
        let hosts = world.hosts.filter { !$0.isVirtual }.map(\.name)
        let links = world.links.map(\.name)
        let nearest = Suggestion.nearest(to: place, among: hosts + links).map {
            "; did you mean `\(Visible.text($0))`?"
        }
        let examples = (hosts.prefix(4) + links.prefix(4)).map { "`\(Visible.text($0))`" }.joined(separator: ", ")
        Standard.error(
            "lab: the lab's world has no host and no link `\(Visible.text(place))`\(nearest ?? "")\n"
                + "  what to do: name one that can be captured, such as \(examples)\n")
        throw LabModel.ExitStatus.usage.exit
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

extension WantedCapture {
    /// Of the host or the link.
    var name: String {
        switch place {
        case .host(let name), .link(let name): name
        }
    }
}
