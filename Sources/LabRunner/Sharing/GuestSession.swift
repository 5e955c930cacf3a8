import Glibc
import LabModel
import LabWorld
import SupportLinux
import Synchronization

/// A shell, or one command, in a world that another process of the same user has opened.
package struct GuestSession: Sendable {
    /// The world was gone, or about to go, before anything was started in it.
    package struct Gone: Error, Equatable {}

    package var world: RunningWorld
    package var registry: WorldRegistry
    package var host: String
    package var source: ShellRequest.Source
    /// Where the program starts, absolute.
    package var directory: String
    package var environment: [String: String] = [:]
    package var files: [String: [UInt8]] = [:]
    package var exposed: ExposedPorts?
    /// As in ``ShellRequest``.
    package var hold: @Sendable (RawTerminal) -> Void = { _ in }
    package var begun: @Sendable (_ greeting: String) -> Void = { _ in }
    package var tell: @Sendable (String) -> Void = { _ in }

    package init(
        _ world: RunningWorld, in registry: WorldRegistry, host: String, source: ShellRequest.Source, directory: String
    ) {
        self.world = world
        self.registry = registry
        self.host = host
        self.source = source
        self.directory = directory
    }

    /// - Returns: the exit status that shells give for how the program ended.
    /// - Throws: `Gone`; `GuestFailure` where the program could not be started; `WorldError.ended` when the world ended under
    ///   it; `SystemError`.
    package func run() async throws -> Int32 {
        let line: GuestLine
        do {
            line = GuestLine(try MessageChannel(owning: try registry.connect(to: world.id), name: "host"))
        } catch {
            throw Gone()
        }
        defer {
            exposed?.close()
            line.close()
        }
        let terminal = isAtTerminal ? try Pseudoterminal(size: Terminal.size(of: STDOUT_FILENO) ?? .standard) : nil
        let streams =
            try terminal.map { [$0.secondary] }
            ?? [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].map {
                try FileDescriptor.copy(of: $0)
            }
        let greeting = try await line.begin(program, descriptors: streams)
        for stream in streams { stream.close() }
        try exposed?.serve(tell: tell) { exposure, client in await line.relay(client, exposure) }
        begun(greeting)
        guard let terminal else { return try await line.exitCode() }
        return try await show(terminal.primary, line)
    }

    private var isAtTerminal: Bool {
        switch source {
        case .terminal, .command(_, atTerminal: true): true
        case .command(_, atTerminal: false), .standardInput: false
        }
    }

    private var program: GuestProgram {
        let command: GuestProgram.Command =
            switch source {
            case .terminal: .shell
            case .command(let words, _): .words(words)
            case .standardInput: .script
            }
        return GuestProgram(
            host: host, command: command, atTerminal: isAtTerminal, directory: directory, environment: environment,
            files: files)
    }

    /// Joins this process's terminal with the program's until that has ended.
    private func show(_ program: FileDescriptor, _ line: GuestLine) async throws -> Int32 {
        let terminal = try RawTerminal(input: STDIN_FILENO, output: STDOUT_FILENO)
        hold(terminal)
        defer { terminal.restore() }
        let end = try FileDescriptor.pipe()
        async let code: Int32 = {
            defer { end.write.close() }
            return try await line.exitCode()
        }()
        try await Threads.perform(name: "terminal") {
            TerminalRelay.run(program: program, ended: end.read, on: terminal)
        }
        // A terminal that is gone has nobody to type `exit`.
        program.close()
        let ended = try await code
        end.read.close()
        return ended
    }
}

/// A guest's end of the channel to whoever opened the world.
private final class GuestLine: Sendable {
    private struct State {
        var nextID = 0
        var relays: [Int: CheckedContinuation<String?, Never>] = [:]
        /// Nil while the program runs.
        var end: Result<Int32, any Error>?
        var waiting: CheckedContinuation<Int32, any Error>?
    }

    private let channel: MessageChannel
    private let state = Mutex(State())

    init(_ channel: MessageChannel) { self.channel = channel }

    func close() { channel.close() }

    /// - Returns: what is to be read before the program.
    func begin(_ program: GuestProgram, descriptors: [FileDescriptor]) async throws -> String {
        let request = try JSON.encode(GuestRequest.run(program))
        // One that cannot be sent is answered by nobody, which is seen below.
        try? await channel.send(request, descriptors: descriptors)
        guard let message = await channel.receive() else { throw GuestSession.Gone() }
        switch try JSON.decode(GuestReply.self, from: message.bytes) {
        case .began(let greeting):
            Task { await self.listen() }
            return greeting
        case .failed(let failure): throw failure
        case .closing, .relayed, .ended: throw GuestSession.Gone()
        }
    }

    func exitCode() async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            let end = state.withLock { state in
                if state.end == nil { state.waiting = continuation }
                return state.end
            }
            if let end { continuation.resume(with: end) }
        }
    }

    /// Joins a connection with a port of a host until it ends; gives the reason where it leads nowhere.
    func relay(_ client: FileDescriptor, _ exposure: ExposedPorts.Exposure) async -> String? {
        await withCheckedContinuation { continuation in
            let id = state.withLock { state -> Int? in
                guard state.end == nil else { return nil }
                state.nextID += 1
                state.relays[state.nextID] = continuation
                return state.nextID
            }
            guard let id else { return continuation.resume(returning: Self.gone) }
            let request = GuestRequest.relay(id: id, host: exposure.host, port: exposure.hostPort)
            Task {
                do {
                    try await channel.send(try JSON.encode(request), descriptors: [client])
                } catch {
                    state.withLock { $0.relays.removeValue(forKey: id) }?.resume(returning: Self.gone)
                }
            }
        }
    }

    private static let gone = "the world has ended"

    private func listen() async {
        var end: Result<Int32, any Error> = .failure(WorldError.ended(nil))
        listening: while let message = await channel.receive() {
            switch try? JSON.decode(GuestReply.self, from: message.bytes) {
            case .relayed(let id, let failure):
                state.withLock { $0.relays.removeValue(forKey: id) }?.resume(returning: failure)
            case .ended(let code):
                end = .success(code)
                break listening
            case .began, .closing, .failed, nil: break
            }
        }
        let (waiting, relays) = state.withLock { state in
            state.end = end
            defer { (state.waiting, state.relays) = (nil, [:]) }
            return (state.waiting, state.relays.values.map { $0 })
        }
        waiting?.resume(with: end)
        for relay in relays { relay.resume(returning: Self.gone) }
    }
}
