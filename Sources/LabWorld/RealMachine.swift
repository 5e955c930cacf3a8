import Glibc
import SupportLinux

/// This machine itself in place of a world, for labs on the real network: whatever host is named, it is this one.
///
/// Programs run with this process's own rights. They end with `stop` and with this process, however that ends.
package final class RealMachine: Hosts {
    private let executable: String
    private let launcher: Launcher

    /// - Parameter executable: as for `World.start`.
    package init(executable: String) throws(SystemError) {
        self.executable = executable
        launcher = try Launcher()
    }

    package func spawn(_ program: ProgramPlan, on host: String) async throws -> RunningProgram {
        try await launcher.spawn(program) { _ in }
    }

    package func startAgent(on host: String, environment: [String: String]?) async throws -> RunningAgent {
        let (program, channel) = try AgentLaunch.plan(executable: executable, host: host, environment: environment)
        return RunningAgent(channel: channel, process: try await spawn(program, on: host))
    }

    package func stop() async { await launcher.stop() }
}

extension Launcher {
    /// Starts a program as a child of this process; `change` may add to how.
    func spawn(_ program: ProgramPlan, _ change: (inout Launch) -> Void) async throws -> RunningProgram {
        let streams = try ProgramStreams(program)
        var launch = Launch(
            program.command, environment: program.environment, directory: program.directory ?? "/")
        launch.executable = program.executable
        launch.descriptors = streams.indices.map { $0 < 0 ? -1 : streams.passed[$0].number }
        if program.terminal != nil || program.controlsInput { launch.controllingTerminal = 0 }
        change(&launch)
        do {
            let child = try await start(launch, keeping: streams.passed)
            return RunningProgram(
                pid: child.pid, streams: streams, exitStatus: { await child.exitStatus() },
                signal: { child.signalGroup($0) })
        } catch let error as LaunchError {
            throw error.code == ECANCELED ? WorldError.ended(nil) : WorldError.program(error)
        }
    }
}
