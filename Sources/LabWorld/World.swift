import CLinux
import Glibc
import EngineNetwork
import SupportLinux

/// A world that runs: hosts in namespaces below a first process of its own, joined by the emulated network.
///
/// It ends with `stop`, with the last reference, and with this process, however that ends.
package final class World: Hosts {
    /// How it came out on this machine.
    package let conditions: WorldConditions
    private let executable: String
    private let control: WorldControl
    private let process: ChildProcess
    private let outside: OutsideAgents?

    private init(executable: String, control: WorldControl, process: ChildProcess, started: WorldControl.Started) {
        self.executable = executable
        self.control = control
        self.process = process
        conditions = started.conditions
        outside = started.outside
    }

    deinit { control.close() }

    /// Builds a world; it is ready for programs when this returns.
    ///
    /// - Parameter executable: the path of a program that calls `WorldProcess.run()` when its first argument is
    ///   `WorldProcess.argument`, and serves `HostAgent.channel()` when it is `HostAgent.argument`; `lab` itself.
    /// - Parameter mode: how to get namespaces; nil: as root where possible.
    /// - Throws: `WorldError`.
    package static func start(_ plan: WorldPlan, executable: String, mode: WorldMode? = nil) async throws -> World {
        var refusal: WorldRefusal?
        for mode in mode.map({ [$0] }) ?? WorldMode.candidates {
            let channel: MessageChannel
            let process: ChildProcess
            do {
                (channel, process) = try await Threads.perform(name: "world") { try launch(executable, mode) }
            } catch let error as LaunchError where error.stage.rawValue <= LaunchError.Stage.namespace.rawValue {
                refusal = refusal ?? WorldRefusal(error, mode: mode)
                continue
            } catch let error as LaunchError {
                throw WorldError.launch(error)
            } catch let error as SystemError {
                throw WorldError.system(error)
            }
            let control = WorldControl(channel: channel)
            Task { await control.handleEvents() }
            do {
                let started = try await control.start(plan, rootMode: mode == .root)
                return World(executable: executable, control: control, process: process, started: started)
            } catch {
                control.close()
                let status = await process.exitStatus()
                throw error as? WorldError == .ended(nil) ? WorldError.ended(status) : error
            }
        }
        throw WorldError.refused(refusal ?? .other(stage: "no mode", code: EPERM))
    }

    package func spawn(_ program: ProgramPlan, on host: String) async throws -> RunningProgram {
        let streams = try ProgramStreams(program)
        let controlled = program.terminal != nil || program.controlsInput
        let control = control
        do {
            let (id, pid) = try await control.spawn(
                { id in
                    SpawnRequest(
                        id: id, host: host, command: program.command, executable: program.executable,
                        environment: program.environment, directory: program.directory ?? "/",
                        descriptors: streams.indices, controllingTerminal: controlled ? 0 : nil, power: program.power)
                }, descriptors: streams.passed)
            return RunningProgram(
                pid: pid, streams: streams, exitStatus: { await control.exitStatus(of: id) },
                // A world that is gone has no program left to signal.
                signal: { try? await control.request(.signal(program: id, number: $0)) })
        } catch WorldError.unknownHost {
            throw WorldError.unknownHost(host)
        }
    }

    package func startAgent(on host: String, environment: [String: String]?) async throws -> RunningAgent {
        let (program, channel) = try AgentLaunch.plan(executable: executable, host: host, environment: environment)
        if let outside { return RunningAgent(channel: channel, process: try await outside.spawn(program, on: host)) }
        return RunningAgent(channel: channel, process: try await spawn(program, on: host))
    }

    /// Changes the network while it runs; returns once packets see the change.
    ///
    /// - Throws: `WorldError.ended` when the world has gone.
    package func change(_ change: NetworkChange) async throws { try await control.change(change) }

    /// Takes what became of the newest packets that a host sent or should have got, and that came to grief.
    ///
    /// - Throws: `WorldError.ended` when the world has gone.
    package func takeFates(of host: String) async throws -> [PacketFate] { try await control.takeFates(of: host) }

    /// Waits until the world has ended, by `stop` or by itself, and tells how its first process did.
    package func ended() async -> ExitStatus { await process.exitStatus() }

    /// Ends the world and everything in it, and waits until it is gone.
    package func stop() async {
        control.close()
        await outside?.stop()
        _ = await process.exitStatus()
    }

    private static func launch(_ executable: String, _ mode: WorldMode) throws -> (MessageChannel, ChildProcess) {
        let (channel, peer) = try MessageChannel.pair(name: "world")
        var launch = Launch(["lab", WorldProcess.argument], environment: AgentLaunch.environment(), directory: "/")
        launch.executable = executable
        launch.descriptors = [-1, -1, STDERR_FILENO, peer.number]
        launch.creates = mode.creates
        launch.privileges = .all
        return try withExtendedLifetime(peer) { (channel, try ChildProcess(launch)) }
    }
}
