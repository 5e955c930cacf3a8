import SupportLinux

/// A program to run on a host.
package struct ProgramPlan: Sendable {
    /// Where one of the standard streams leads.
    package enum Stream: Sendable {
        case null
        /// A pipe whose other end `RunningProgram` has.
        case pipe
        case descriptor(FileDescriptor)
    }

    /// How much the program may do.
    package enum Power: String, Codable, Sendable {
        /// An ordinary user's: no capability, and none to be had.
        case program
        /// An ordinary user's, with raw sockets: for what a person does by hand. ping, tcpdump, mtr and programs of their own
        /// need nothing else, and the addresses of the world stay as they are.
        case shell
        /// Raw sockets, low ports and the host's network settings: for code of our own.
        case agent
    }

    /// The words of the command; the first is looked up in the PATH of `environment` unless it has a slash.
    package var command: [String]
    /// What is run in place of the first word.
    package var executable: String?
    /// The whole environment of the program.
    package var environment: [String: String]
    /// The working directory; nil: `/`.
    package var directory: String?
    package var input = Stream.null
    package var output = Stream.pipe
    package var errors = Stream.pipe
    /// A terminal of that size in place of the three streams.
    package var terminal: Terminal.Size?
    /// Makes standard input, when it is a terminal given as `.descriptor`, the controlling terminal.
    package var controlsInput = false
    /// Further descriptors: they become 3, 4, …
    package var inherited: [FileDescriptor] = []
    package var power = Power.program

    package init(_ command: [String], environment: [String: String], directory: String? = nil) {
        self.command = command
        self.environment = environment
        self.directory = directory
    }
}
