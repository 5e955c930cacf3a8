/// What a shell in a world has of the person's own surroundings.
enum ShellSurroundings {
    /// The kind of terminal, and the X server, which is reached by a file. Nothing else comes along: no proxy settings, no
    /// secrets, no agents of the machine.
    static func variables(_ environment: [String: String]) -> [String: String] {
        environment.filter { ["TERM", "COLORTERM", "DISPLAY", "XAUTHORITY", "TZ", "EDITOR"].contains($0.key) }
    }
}
