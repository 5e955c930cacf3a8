import CLinux
import Glibc

/// A program to start: what, with which descriptors, where and with how much power.
package struct Launch: Sendable {
    /// What becomes of capabilities and identity.
    package enum Privileges: Sendable, Equatable {
        /// As the parent.
        case inherit
        /// As the parent, and kept across exec without being root.
        case all
        /// Only these capabilities (a bit each), now and for ever, since no_new_privs is set; another user and group where
        /// one is given. A file that asks for capabilities outside of the bounding set is refused by the kernel
        /// altogether, so those named there stay in it: the file then runs without them.
        case limited(to: UInt64, bounding: UInt64 = 0, user: User?)
    }

    package struct User: Sendable, Equatable, Codable {
        package var uid: UInt32
        package var gid: UInt32

        package init(uid: UInt32, gid: UInt32) {
            self.uid = uid
            self.gid = gid
        }
    }

    /// The words of the command; the first is looked up in the PATH of `environment` unless it has a slash.
    package var command: [String]
    /// What is run in place of the first word of the command.
    package var executable: String?
    package var environment: [String: String]
    package var directory: String?
    /// Descriptor i of the program is a copy of the i-th; -1 is /dev/null. At least three.
    package var descriptors: [Int32] = [-1, -1, -1]
    /// Gives the program a session of its own: keys typed at our terminal do not signal it.
    package var newSession = true
    /// The program's descriptor that becomes its controlling terminal.
    package var controllingTerminal: Int32?
    package var privileges = Privileges.inherit
    /// Ends the program when the thread that started it ends: for threads that live as long as the process only.
    package var diesWithThread = false
    /// Namespaces to join, as descriptors.
    package var joins = Joins()
    /// Namespaces to make.
    package var creates: Creates?

    package struct Joins: Sendable {
        package var user: Int32 = -1
        package var network: Int32 = -1
        package var mount: Int32 = -1
        package var hostname: Int32 = -1

        package init() {}
    }

    package struct Creates: Sendable {
        /// CLONE_NEW… flags.
        package var flags: UInt64
        /// Maps this user and group to themselves in a new user namespace.
        package var user: User?

        package init(_ names: [String], user: User?) {
            flags = names.reduce(0) { $0 | lab_namespace_flag($1) }
            self.user = user
        }
    }

    package init(_ command: [String], environment: [String: String], directory: String? = nil) {
        self.command = command
        self.environment = environment
        self.directory = directory
    }
}

/// A program that could not be started: the step that failed, and why.
package struct LaunchError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Stage: Int32, Sendable {
        case clone = 1
        case idMap, session, privateMounts, namespace, descriptors, directory, privileges, exec
    }

    package let program: String
    package let stage: Stage
    /// The errno.
    package let code: Int32

    package init(program: String, stage: Stage, code: Int32) {
        self.program = program
        self.stage = stage
        self.code = code
    }

    package var description: String {
        let reason = SystemError.text(of: code)
        return switch stage {
        case .exec where code == ENOENT: "`\(program)` was not found"
        case .exec: "`\(program)` cannot be run: \(reason)"
        case .directory: "`\(program)` cannot start in its working directory: \(reason)"
        default: "`\(program)` cannot be started (\(stage)): \(reason)"
        }
    }
}

extension Launch {
    /// Starts the program; it is a child of this process, which is to wait for it.
    package func start() throws(LaunchError) -> (pid: Int32, pidfd: FileDescriptor) {
        let name = executable ?? command.first ?? ""
        guard !name.isEmpty, !command.isEmpty, !descriptors.isEmpty, !texts.contains(where: { $0.contains("\0") })
        else { throw LaunchError(program: name, stage: .exec, code: EINVAL) }
        return try start(paths: candidates(for: name), name: name)
    }

    /// Goes through every step but the last, the program itself, and ends: tells what would fail.
    package static func rehearse(creates: Creates) throws(LaunchError) {
        var launch = Launch(["rehearsal"], environment: [:])
        launch.creates = creates
        launch.privileges = .all
        let child = try launch.start(paths: nil, name: "rehearsal")
        _ = try? ExitStatus.wait(for: child.pidfd)
    }

    private var texts: [String] { command + environment.map { $0.key + $0.value } + [directory ?? ""] }

    private func candidates(for name: String) -> [String] {
        if name.contains("/") { return [name] }
        let path = environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
    }

    private func start(paths: [String]?, name: String) throws(LaunchError) -> (pid: Int32, pidfd: FileDescriptor) {
        var program = lab_program()
        program.new_session = newSession ? 1 : 0
        program.controlling_terminal = controllingTerminal ?? -1
        program.user_fd = joins.user
        program.net_fd = joins.network
        program.mount_fd = joins.mount
        program.uts_fd = joins.hostname
        program.namespaces = creates?.flags ?? 0
        program.private_mounts = creates == nil ? 0 : 1
        program.death_signal = diesWithThread ? SIGKILL : 0
        program.uid = -1
        program.gid = -1
        switch privileges {
        case .inherit: program.privileges = Int32(LAB_PRIVILEGES_INHERIT.rawValue)
        case .all: program.privileges = Int32(LAB_PRIVILEGES_ALL.rawValue)
        case .limited(let capabilities, let bounding, let user):
            program.bounding = bounding
            program.privileges = Int32(LAB_PRIVILEGES_LIMITED.rawValue)
            program.capabilities = capabilities
            program.uid = user.map { Int64($0.uid) } ?? -1
            program.gid = user.map { Int64($0.gid) } ?? -1
        }
        let memory = CStrings()
        if let user = creates?.user {
            program.uid_map = memory.string("\(user.uid) \(user.uid) 1\n")
            program.gid_map = memory.string("\(user.gid) \(user.gid) 1\n")
        }
        if let paths { program.paths = memory.array(paths) }
        program.arguments = memory.array(command)
        program.environment = memory.array(environment.map { "\($0.key)=\($0.value)" }.sorted())
        if let directory { program.directory = memory.string(directory) }
        let padded = descriptors + Array(repeating: -1, count: max(0, 3 - descriptors.count))
        var spawned = lab_spawned()
        let result = padded.withUnsafeBufferPointer { fds in
            program.fds = fds.baseAddress
            program.fd_count = Int32(clamping: fds.count)
            return lab_spawn(&program, &spawned)
        }
        withExtendedLifetime(memory) {}
        if result == 0 { return (spawned.pid, FileDescriptor(owning: spawned.pidfd)) }
        throw LaunchError(
            program: name, stage: LaunchError.Stage(rawValue: spawned.stage) ?? .clone, code: spawned.error)
    }
}

/// C strings that live as long as this object.
private final class CStrings {
    private var strings: [UnsafeMutablePointer<CChar>] = []
    private var arrays: [UnsafeMutablePointer<UnsafePointer<CChar>?>] = []

    deinit {
        for string in strings { free(string) }
        for array in arrays { array.deallocate() }
    }

    func string(_ text: String) -> UnsafePointer<CChar>? {
        guard let copy = strdup(text) else { return nil }
        strings.append(copy)
        return UnsafePointer(copy)
    }

    func array(_ texts: [String]) -> UnsafePointer<UnsafePointer<CChar>?> {
        let array = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: texts.count + 1)
        for (index, text) in texts.enumerated() { (array + index).initialize(to: string(text)) }
        (array + texts.count).initialize(to: nil)
        arrays.append(array)
        return UnsafePointer(array)
    }
}
