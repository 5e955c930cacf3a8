import ArgumentParser
import Glibc
import SupportLinux

/// Whose world a shell is in.
struct SharingOptions: ParsableArguments {
    @Flag(name: .customLong("new"), help: "Opens a world of its own, also where one of the lab is up.")
    var new = false

    @Flag(help: "Joins the lab's world that is up, also that of a `lab run`; an error where there is none.")
    var join = false

    @Option(help: ArgumentHelp("Joins the world of this number, as --list shows it.", valueName: "id"))
    var world: String?

    @Flag(help: "Lists the worlds that are up.")
    var list = false

    func validate() throws {
        if new, join || world != nil {
            throw ValidationError("--new opens a world, --join and --world want one that is up")
        }
    }

    /// Whether the world is shared with other shells unasked. Scripts, which may run at any time beside others, have worlds of
    /// their own.
    var isShared: Bool { !new && (Terminal.isTerminal(STDIN_FILENO) || Terminal.isTerminal(STDERR_FILENO)) }
}
