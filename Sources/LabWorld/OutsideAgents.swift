import SupportLinux

/// Agents of a world whose programs see the machine's /proc: they run in the world's namespaces but for that of processes.
///
/// Where a fresh /proc is refused (`WorldConditions.Limit.machineProc`), threads in a process namespace do not find
/// themselves in /proc by number. The dispatch library below Swift's concurrency looks there, and crashes the process when it
/// finds nothing (workqueue.c, `_dispatch_workq_count_runnable_workers`). So agents are started by the runner itself then,
/// by a thread whose end is theirs.
final class OutsideAgents: Sendable {
    private let user: FileDescriptor
    private let hosts: [String: HostNamespaces]
    private let launcher: Launcher

    /// Nil when there is no need, or when descriptors are missing.
    init?(hosts names: [String], descriptors: [FileDescriptor]) {
        guard !names.isEmpty, descriptors.count == 1 + 3 * names.count, let launcher = try? Launcher() else {
            return nil
        }
        user = descriptors[0]
        hosts = names.enumerated().reduce(into: [:]) { hosts, entry in
            let first = 1 + 3 * entry.offset
            hosts[entry.element] = HostNamespaces(
                network: descriptors[first], mount: descriptors[first + 1], hostname: descriptors[first + 2])
        }
        self.launcher = launcher
    }

    func spawn(_ program: ProgramPlan, on host: String) async throws -> RunningProgram {
        guard let namespaces = hosts[host] else { throw WorldError.unknownHost(host) }
        return try await launcher.spawn(program) { launch in
            launch.joins.user = user.number
            launch.joins.network = namespaces.network.number
            launch.joins.mount = namespaces.mount.number
            launch.joins.hostname = namespaces.hostname.number
            launch.privileges = .limited(to: Capabilities.agent, user: nil)
        }
    }

    func stop() async { await launcher.stop() }
}
