import CLinux
import EngineNetwork
import Glibc
import SupportLinux

/// The one loop of pid 1: requests of the runner in, programs started, their ends told.
struct WorldServer {
    private let control: FileDescriptor
    private let open: WorldProcess.GatewayOpening
    private var rootMode = false
    private var plan: WorldPlan?
    private var conditions = WorldConditions(rootMode: false, limits: [])
    private var hosts: [String: HostNamespaces] = [:]
    private var network: WorldProcess.OpenNetwork?
    private var programs: [Int32: UInt64] = [:]
    private var pids: [UInt64: Int32] = [:]

    init(control: FileDescriptor, open: @escaping WorldProcess.GatewayOpening) {
        self.control = control
        self.open = open
    }

    /// Returns when the runner is gone.
    mutating func serve(childSignals: FileDescriptor) throws {
        while true {
            let ready = try checked("wait for work") { lab_poll_two(control.number, childSignals.number, -1) }
            if ready & 2 != 0 {
                _ = try? childSignals.read(upTo: 4096)
                try reap()
            }
            if ready & 1 != 0 {
                guard let message = try MessageFraming.receive(from: control.number) else { return }
                try serve(ControlCoding.decode(ControlRequest.self, from: message.bytes), with: message.descriptors)
            }
        }
    }

    private mutating func serve(_ request: ControlRequest, with descriptors: [FileDescriptor]) throws {
        switch request {
        case .start(let plan, let rootMode):
            do {
                try build(plan, rootMode: rootMode)
                try tellReady()
            } catch let error as WorldSetupError {
                try tell(.failed(error))
            }
        case .spawn(let request): try spawn(request, with: descriptors)
        case .signal(let program, let number):
            guard let pid = pids[program], number >= 0 else { return }
            // The program leads a session and a group of its own; -pid reaches all of the group.
            if kill(-pid, number) != 0 { kill(pid, number) }
        case .change(let id, let change):
            guard let network else { return }
            let isMade = Monitor(false)
            network.change(change) { isMade.change { $0 = true } }
            isMade.await { $0 ? () : nil }
            try tell(.changed(id: id))
        case .fates(let id, let host):
            guard let network else { return try tell(.fates(id: id, [])) }
            let taken = Monitor<[PacketFate]?>(nil)
            network.fates(host) { fates in taken.change { $0 = fates } }
            try tell(.fates(id: id, taken.await { $0 }))
        }
    }

    // MARK: Building

    private mutating func build(_ plan: WorldPlan, rootMode: Bool) throws {
        self.plan = plan
        self.rootMode = rootMode
        conditions.rootMode = rootMode
        // Where parts of the machine's /proc are covered, as in containers, the kernel refuses a fresh one. The old one
        // goes on working: its /proc/self finds whoever asks.
        if lab_mount("proc", "/proc", nil) != 0 { conditions.limits.append(.machineProc) }
        let builder = WorldBuilder(plan: plan, rootMode: rootMode)
        let built = try builder.build()
        hosts = built.hosts
        conditions.limits += built.limits
        let network: WorldProcess.OpenNetwork
        do {
            network = try open(plan.topology, plan.seed, built.ports, try TapFile.tap(plan.taps))
        } catch {
            throw WorldSetupError("open the emulated network: \(error)", code: 0)
        }
        do {
            try Threads.detach(name: "gateway", network.serve)
            self.network = network
        } catch {
            throw WorldSetupError(error)
        }
    }

    // MARK: Programs

    private mutating func spawn(_ request: SpawnRequest, with descriptors: [FileDescriptor]) throws {
        guard let host = hosts[request.host], let plan else { return try tell(.unknownHost(id: request.id)) }
        var launch = Launch(request.command, environment: request.environment, directory: request.directory)
        launch.executable = request.executable
        launch.descriptors = request.descriptors.map { descriptors.indices.contains($0) ? descriptors[$0].number : -1 }
        launch.controllingTerminal = request.controllingTerminal
        launch.joins.network = host.network.number
        launch.joins.mount = host.mount.number
        launch.joins.hostname = host.hostname.number
        switch request.power {
        case .agent: launch.privileges = .limited(to: Capabilities.agent, user: nil)
        case .program:
            let ping = conditions.limits.contains(.fixedSettings) ? Capabilities.rawSockets : 0
            launch.privileges = .limited(
                to: ping, bounding: Capabilities.network, user: rootMode ? plan.programUser : nil)
        case .shell:
            launch.privileges = .limited(
                to: Capabilities.rawSockets, bounding: Capabilities.network,
                user: rootMode ? plan.programUser : nil)
        }
        let child: (pid: Int32, pidfd: FileDescriptor)
        do throws(LaunchError) {
            if rootMode, request.power != .agent, let terminal = request.controllingTerminal,
                launch.descriptors.indices.contains(Int(terminal))
            {
                // Without owning it the program could not open its terminal by name.
                fchown(launch.descriptors[Int(terminal)], plan.programUser.uid, plan.programUser.gid)
            }
            child = try launch.start()
        } catch {
            return try tell(
                .spawnFailed(
                    id: request.id, program: error.program, stage: error.stage.rawValue, code: error.code))
        }
        programs[child.pid] = request.id
        pids[request.id] = child.pid
        try tell(.spawned(id: request.id, pid: child.pid))
    }

    private mutating func reap() throws {
        while true {
            var exited: Int32 = 0
            var value: Int32 = 0
            let pid = lab_reap(&exited, &value)
            if pid <= 0 { return }
            guard let id = programs.removeValue(forKey: pid) else { continue }
            pids.removeValue(forKey: id)
            try tell(.exited(id: id, exited == 1 ? .exited(value) : .signalled(value)))
        }
    }

    private func tell(_ event: ControlEvent, descriptors: [FileDescriptor] = []) throws {
        let message = Message(try ControlCoding.encode(event), descriptors: descriptors)
        try MessageFraming.send(message, to: control.number)
    }

    private func tellReady() throws {
        guard conditions.limits.contains(.machineProc), !rootMode else {
            return try tell(.ready(conditions, hosts: []))
        }
        let names = hosts.keys.sorted()
        let user = try FileDescriptor.open("/proc/self/ns/user", O_RDONLY)
        let namespaces = names.compactMap { hosts[$0] }.flatMap { [$0.network, $0.mount, $0.hostname] }
        try tell(.ready(conditions, hosts: names), descriptors: [user] + namespaces)
    }
}

/// Sets of capabilities, a bit each (linux/capability.h).
enum Capabilities {
    static let rawSockets: UInt64 = 1 << 13
    /// What ping, mtr and dumpcap ask for by their files: net_bind_service, net_admin, net_raw.
    static let network: UInt64 = [10, 12, 13].reduce(0) { $0 | 1 << UInt64($1) }
    /// chown, dac_override, fowner (files of the student and of root alike), net_bind_service, net_admin, net_raw
    static let agent: UInt64 = [0, 1, 3, 10, 12, 13].reduce(0) { $0 | 1 << UInt64($1) }
}
