import SupportLinux

/// Where a lab's programs and agents run: the hosts of a world, or this machine itself.
package protocol Hosts: Sendable {
    /// Starts a program on a host.
    ///
    /// - Throws: `WorldError`, `.program` when it could not be run.
    func spawn(_ program: ProgramPlan, on host: String) async throws -> RunningProgram

    /// Starts an agent on a host, with a channel to it. It ends when the channel is closed or the last reference to
    /// the channel goes; when it ends by itself, `receive` gives nil.
    ///
    /// - Parameter environment: the whole environment of the agent; nil: this process's.
    func startAgent(on host: String, environment: [String: String]?) async throws -> RunningAgent

    /// Ends every program and agent, and waits until they are gone.
    func stop() async
}

/// An agent that runs on a host.
package struct RunningAgent: Sendable {
    package let channel: MessageChannel
    /// Its process, for why it ended.
    package let process: RunningProgram
}

extension Hosts {
    /// An agent of whose process nothing is asked.
    package func agent(on host: String, environment: [String: String]? = nil) async throws -> MessageChannel {
        try await startAgent(on: host, environment: environment).channel
    }

    /// Runs a program to its end.
    package func run(
        _ program: ProgramPlan, on host: String, input: [UInt8] = [], timeout: Duration? = nil, limit: Int = 1 << 20
    ) async throws -> ProgramResult {
        var program = program
        if !input.isEmpty { program.input = .pipe }
        return try await spawn(program, on: host).finish(input: input, timeout: timeout, limit: limit)
    }
}

/// What an agent is started with, wherever it runs.
enum AgentLaunch {
    /// The program, and our end of its channel.
    static func plan(
        executable: String, host: String, environment: [String: String]?
    ) throws(WorldError) -> (ProgramPlan, MessageChannel) {
        do throws(SystemError) {
            let (channel, peer) = try MessageChannel.pair(name: "agent")
            var program = ProgramPlan(
                ["lab", HostAgent.argument, host], environment: environment ?? self.environment(), directory: "/")
            program.executable = executable
            program.output = .null
            program.errors = .descriptor(try FileDescriptor.standardError())
            program.inherited = [peer]
            program.power = .agent
            return (program, channel)
        } catch {
            throw .system(error)
        }
    }

    /// Our own environment, for processes of our own; a crash of theirs must not wait for a debugger.
    static func environment() -> [String: String] {
        OwnProcess.environment().merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    }
}
