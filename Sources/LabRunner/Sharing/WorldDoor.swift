import Glibc
import LabModel
import LabSteps
import LabWorld
import SupportLinux
import Synchronization

/// The way into a world that this process has opened, for others of the same user: they say what they want to run, and this
/// process runs it with their terminal or their streams.
package final class WorldDoor: Sendable {
    private struct State {
        var guests: [ObjectIdentifier: MessageChannel] = [:]
        var isClosing = false
        var empty: CheckedContinuation<Void, Never>?
    }

    package let world: RunningWorld
    private let registry: WorldRegistry
    private let listener: FileDescriptor
    private let greeting: @Sendable (String) -> String
    private let stopping: (read: FileDescriptor, write: FileDescriptor)
    private let state = Mutex(State())

    private init(
        _ world: RunningWorld, _ listener: FileDescriptor, in registry: WorldRegistry,
        greeting: @escaping @Sendable (String) -> String
    ) throws(SystemError) {
        stopping = try FileDescriptor.pipe()
        self.world = world
        self.listener = listener
        self.registry = registry
        self.greeting = greeting
    }

    package enum Entrance: Sendable {
        case opened(WorldDoor)
        /// Somebody has such a world already.
        case found(RunningWorld)
    }

    /// Enters a world that is about to be opened among those that can be joined; whoever connects waits until it is served.
    ///
    /// - Parameters:
    ///   - isWanted: which world would do instead, if it is there.
    ///   - greeting: what somebody reads who comes to a host.
    /// - Throws: `SystemError` where the folder of running worlds cannot be had.
    package static func open(
        _ world: RunningWorld, in registry: WorldRegistry, unless isWanted: (RunningWorld) -> Bool = { _ in false },
        greeting: @escaping @Sendable (String) -> String
    ) throws -> Entrance {
        switch try registry.enter(world, unless: isWanted) {
        case .found(let world): .found(world)
        case .entered(let world, let listener):
            .opened(try WorldDoor(world, listener, in: registry, greeting: greeting))
        }
    }

    deinit { close() }

    /// How many are in the world by this door.
    package var guests: Int { state.withLock { $0.guests.count } }

    /// Nobody comes in any more; programs of those that are here go on until the world ends.
    package func close() {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        if isFirst { registry.leave(world.id) }
        stopping.write.close()
    }

    /// Waits until all have left, and lets nobody in from that moment on.
    func waitUntilEmpty() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if state.guests.isEmpty {
                    state.isClosing = true
                } else {
                    state.empty = continuation
                }
                return state.guests.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
        registry.leave(world.id)
    }

    /// Lets others in from now on.
    ///
    /// - Parameter joined: given the host of everybody who comes, before the door is closed.
    func serve(_ open: OpenWorld, executable: String, joined: @escaping @Sendable (String) -> Void = { _ in })
        throws(SystemError)
    {
        let stop = stopping.read
        try Threads.detach(name: "door") { [listener, weak self] in
            while true {
                var waiting = [listener, stop].map { pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0) }
                let ready = poll(&waiting, 2, -1)
                if ready < 0, errno == EINTR { continue }
                guard ready > 0, waiting[1].revents == 0 else { break }
                // Who only looked whether somebody listens has gone already.
                guard let client = try? StreamSocket.accept(from: listener),
                    let channel = try? MessageChannel(owning: client, name: "guest")
                else { continue }
                Task { await self?.serve(channel, open, executable, joined) }
            }
            listener.close()
        }
    }

    private func serve(
        _ channel: MessageChannel, _ open: OpenWorld, _ executable: String, _ joined: @Sendable (String) -> Void
    ) async {
        defer { channel.close() }
        guard let message = await channel.receive(),
            case .run(let wanted)? = try? JSON.decode(GuestRequest.self, from: message.bytes)
        else { return }
        let id = ObjectIdentifier(channel)
        let isIn = state.withLock { state in
            guard !state.isClosing else { return false }
            state.guests[id] = channel
            // Nobody is told of somebody who came when the door was closed already.
            joined(wanted.host)
            return true
        }
        guard isIn else { return await tell(.closing, channel) }
        defer { leave(id) }
        let program: RunningProgram
        do {
            program = try await start(wanted, message.descriptors, in: open, executable)
        } catch {
            return await tell(.failed(Self.failure(error)), channel)
        }
        await tell(.began(greeting: wanted.command == .shell ? greeting(wanted.host) : ""), channel)
        let hasEnded = Mutex(false)
        Task {
            let status = await program.exitStatus()
            hasEnded.withLock { $0 = true }
            if let status { await tell(.ended(exitCode: status.shellCode), channel) }
            channel.close()
        }
        while let message = await channel.receive() {
            guard case .relay(let id, let host, let port)? = try? JSON.decode(GuestRequest.self, from: message.bytes),
                let client = message.descriptors.first
            else { break }
            Task {
                let failure = await Self.relay(client, to: port, of: host, in: open)
                await tell(.relayed(id: id, failure: failure), channel)
            }
        }
        // A guest that goes takes its program along, as the end of a terminal does, or that of an opener.
        if !hasEnded.withLock({ $0 }) { await program.signal(wanted.atTerminal ? SIGHUP : SIGKILL) }
    }

    private func start(
        _ wanted: GuestProgram, _ descriptors: [FileDescriptor], in open: OpenWorld, _ executable: String
    ) async throws -> RunningProgram {
        defer { for descriptor in descriptors { descriptor.close() } }
        guard world.hosts.contains(wanted.host) else { throw GuestFailure.unknownHost(wanted.host) }
        guard descriptors.count == (wanted.atTerminal ? 1 : 3) else { throw GuestFailure.other("streams are missing") }
        // One after the other: two guests of one host find one home.
        let (shell, directory) = try state.withLock { _ in
            var shell = try HostShell(
                on: wanted.host, of: open, executable: executable,
                startup: HostShell.startupText(host: wanted.host))
            shell.environment.merge(wanted.environment) { $1 }
            for (name, bytes) in wanted.files where !name.contains("/") {
                try shell.place(bytes, as: name, mode: 0o600)
            }
            return (shell, shell.start(in: wanted.directory))
        }
        let words =
            switch wanted.command {
            case .shell: shell.interactive
            case .words(let words): words
            case .script: HostShell.script
            }
        return try await shell.start(words, in: directory, descriptors: descriptors)
    }

    private static func relay(
        _ client: FileDescriptor, to port: Int, of host: String, in open: OpenWorld
    ) async -> String? {
        do {
            _ = try await open.places.ask(.relay(port: port), on: host, descriptors: [client])
            return nil
        } catch {
            return ExposedPorts.reason(error)
        }
    }

    private static func failure(_ error: any Error) -> GuestFailure {
        switch error {
        case let failure as GuestFailure: failure
        case WorldError.program(let error):
            .program(error.program, stage: error.stage.rawValue, code: error.code)
        default: .other("\(error)")
        }
    }

    private func tell(_ reply: GuestReply, _ channel: MessageChannel) async {
        guard let bytes = try? JSON.encode(reply) else { return }
        // A guest that has gone needs no answer.
        try? await channel.send(bytes)
        try? await channel.flush()
    }

    private func leave(_ id: ObjectIdentifier) {
        let empty = state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.guests[id] = nil
            guard state.guests.isEmpty, let empty = state.empty else { return nil }
            state.isClosing = true
            state.empty = nil
            return empty
        }
        empty?.resume()
    }
}
