import SupportLinux

/// What a shell in a world has of the person's own surroundings.
enum ShellSurroundings {
    /// The kind of terminal, and the X server, which is reached by a file. Nothing else comes along: no proxy settings, no
    /// secrets, no agents of the machine.
    static func variables(_ environment: [String: String]) -> [String: String] {
        environment.filter { ["TERM", "COLORTERM", "DISPLAY", "TZ", "EDITOR"].contains($0.key) }
    }

    /// The key to the X server, which lies where a world has a folder of its own: in the home, or below /run.
    static func files(_ environment: [String: String]) -> [String: [UInt8]] {
        guard environment["DISPLAY"] != nil,
            let path = environment["XAUTHORITY"] ?? environment["HOME"].map({ $0 + "/.Xauthority" }),
            let key = try? Files.read(path, limit: 1 << 20)
        else { return [:] }
        return [".Xauthority": DisplayKeys.forAnyHost(key)]
    }
}
