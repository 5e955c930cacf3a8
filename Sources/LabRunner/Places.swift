import Glibc
import LabModel
import LabSteps
import LabWorld
import SupportLinux
import Synchronization

/// The running world as steps use it: agents by host, programs by the step that started them, environments.
final class Places: Stage {
    private struct State {
        var links: [String: Task<AgentLink, any Error>] = [:]
        var programs: [String: HostProgram] = [:]
        var environments: [String: [String: String]] = [:]
    }

    private let world: World
    private let definition: WorldDefinition
    private let run: String
    private let nodes: [String: String]
    private let siteLog: SiteLog
    private let programUser: Launch.User
    private let state = Mutex(State())

    init(
        world: World, _ definition: WorldDefinition, run: String, nodes: [String: String], siteLog: SiteLog,
        programUser: Launch.User
    ) {
        self.world = world
        self.definition = definition
        self.run = run
        self.nodes = nodes
        self.siteLog = siteLog
        self.programUser = programUser
    }

    func facts(of host: String) -> HostFacts {
        HostFacts(
            environment: environment(of: host), bundle: WorldAssembly.bundle, nodes: nodes,
            clientKeys: RunFolder.clientKeys)
    }

    func environment(of host: String) -> [String: String] {
        state.withLock { $0.environments[host] } ?? Self.plainEnvironment
    }

    func setEnvironment(_ changes: [String: String?], of host: String) {
        state.withLock { state in
            var environment = state.environments[host] ?? Self.plainEnvironment
            for (name, value) in changes { environment[name] = value }
            state.environments[host] = environment
        }
    }

    /// What programs in a world find in their environment: nothing of the machine's own proxy settings or secrets.
    private static let plainEnvironment: [String: String] = [
        "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin", "LANG": "C.UTF-8",
        "TERM": "xterm-256color", "SWIFT_BACKTRACE": "enable=no",
    ]

    func change(_ link: LinkChange) async throws {
        guard let change = TopologyAssembly.change(link, in: definition) else {
            throw StepFailure(.lab, "the world has no link `\(link.link)`")
        }
        try await world.change(change)
    }

    /// What the network did to packets of a host, or for it, that came to grief since this was asked last; nothing where the
    /// world has gone.
    func takeFates(of host: String) async -> [FateRows.Record] {
        guard let fates = try? await world.takeFates(of: host) else { return [] }
        return FateRows.records(of: fates, in: definition)
    }

    /// Has a host's agent do something; the agent is started when it is first needed.
    func ask(
        _ operation: HostOperation, on host: String, progress: (@Sendable (String) -> Void)?
    ) async throws -> StepOutcome {
        try await ask(operation, on: host, descriptors: [], progress: progress)
    }

    /// The same, with what the agent gets along.
    func ask(
        _ operation: HostOperation, on host: String, descriptors: [FileDescriptor] = [],
        progress: (@Sendable (String) -> Void)? = nil
    ) async throws -> StepOutcome {
        try await link(to: host).ask(
            operation, facts: facts(of: host), descriptors: descriptors, progress: progress)
    }

    private func link(to host: String) async throws -> AgentLink {
        let task = state.withLock { state in
            if let task = state.links[host] { return task }
            let task = Task { [world, run, siteLog] in
                do {
                    let channel = try await world.agent(on: host)
                    return try await AgentLink(host: host, run: run, channel: channel) { siteLog.append($0) }
                } catch let error as WorldError {
                    throw StepFailure(.machine, "the agent on `\(host)` did not start: \(error)")
                }
            }
            state.links[host] = task
            return task
        }
        return try await task.value
    }

    var hostsWithAgents: [String] { state.withLock { $0.links.keys.sorted() } }

    func start(_ program: ProgramStart, step: String, on host: String) async throws -> any StepProgram {
        if OwnProcess.isRoot {
            // The program may write there what it is told to, a key log above all.
            try Files.setOwner(of: "\(run)/evidence/\(step)", uid: programUser.uid, gid: programUser.gid)
        }
        let eventsFile = program.eventsArtefact.map { "\(run)/evidence/\(step)/\($0)" }
        let started: HostProgram
        do {
            started = try await HostProgram(program, in: world, on: host, eventsFile: eventsFile)
        } catch let error as WorldError {
            throw StepFailure(
                .machine, "`\(program.arguments.first ?? "")` could not be started: \(error)",
                help: "is it installed? `lab doctor` tells")
        }
        state.withLock { $0.programs[step] = started }
        return started
    }

    func program(startedBy step: String) -> (any StepProgram)? { running(step) }

    private func running(_ step: String) -> HostProgram? { state.withLock { $0.programs[step] } }

    /// A host's home within the run, private, owned by whoever programs run as.
    func home(of host: String) throws -> String {
        let path = "\(run)/home/\(host)"
        guard !Files.exists(path) else { return path }
        try Files.createDirectories("\(run)/home", mode: 0o755)
        try Files.createDirectories(path, mode: 0o700)
        if OwnProcess.isRoot { try Files.setOwner(of: path, uid: programUser.uid, gid: programUser.gid) }
        return path
    }

    /// Everything that happened by now is in the evidence when this returns: proxies have written down what their
    /// clients did, captures hold what the kernel saw, site logs have arrived.
    func settle() async throws {
        for program in state.withLock({ $0.programs.sorted { $0.key < $1.key }.map(\.value) }) {
            await program.settle(within: 1_000_000_000)
        }
        for host in hostsWithAgents { _ = try await ask(.drain, on: host) }
    }

    /// Waits until a proxy has recorded more than it had when `marks` were taken; false when nothing comes in time.
    func waitForEvents(beyond marks: [String: Int], within nanoseconds: Int64) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for (step, mark) in marks {
                guard let program = running(step) else { continue }
                group.addTask { await program.waitForEvents(beyond: mark, within: nanoseconds) }
            }
            for await hasCome in group where hasCome {
                group.cancelAll()
                return true
            }
            return false
        }
    }

    /// How much each proxy has recorded so far.
    var eventMarks: [String: Int] { state.withLock { $0.programs.mapValues(\.eventCount) } }

    func pass(_ nanoseconds: Int64) async throws { try await Task.sleep(for: .nanoseconds(nanoseconds)) }

    /// Ends programs that no step has ended, then the world.
    func close() async {
        let (programs, links) = state.withLock { ($0.programs, $0.links) }
        for program in programs.values { await program.terminate() }
        for link in links.values { (try? await link.value)?.close() }
        await world.stop()
    }
}

/// The log of the world's web sites, a JSON object a line, as it comes from their hosts' agents.
final class SiteLog: Sendable {
    private let file: FileDescriptor

    init(path: String) throws {
        file = try FileDescriptor.open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
    }

    func append(_ visit: Value) {
        guard let line = try? JSON.encode(visit) else { return }
        // A disk that is full shows when the run's record is written; a site does not stop for it.
        try? file.write(line + [UInt8(ascii: "\n")])
    }
}
