import CLinux
import Glibc
import LabModel
import SupportLinux

/// The worlds of this user that are up: a folder that is the user's alone, and in it one for each world, with who it is and a
/// socket to join it by.
///
/// A world is there while somebody listens at its socket. What killed processes have left is taken away by whoever looks next.
/// Whoever enters, looks or leaves holds a lock on the folder meanwhile.
package struct WorldRegistry: Sendable {
    package let path: String

    static let entry = "entry.json"
    static let socket = "socket"

    /// Below `XDG_RUNTIME_DIR`, where that is this user's; otherwise below the temporary folder.
    package init(environment: [String: String] = OwnProcess.environment()) {
        let user = geteuid()
        if let folder = environment["XDG_RUNTIME_DIR"], folder.hasPrefix("/"), Files.owner(of: folder)?.uid == user {
            path = folder + "/lab"
        } else {
            let base = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
            path = (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/.lab-worlds-\(user)"
        }
    }

    /// The worlds that are up, the oldest first.
    ///
    /// - Throws: `SystemError` where the folder is not this user's alone.
    package func worlds() throws -> [RunningWorld] {
        guard Files.kind(of: path) != nil else { return [] }
        return try locked { _ in try clear() }.sorted(by: Self.areInOrder)
    }

    enum Entry {
        case found(RunningWorld)
        case entered(RunningWorld, FileDescriptor)
    }

    /// Enters a world, unless there is one already that is as wanted; others can connect from now on.
    func enter(_ world: RunningWorld, unless isWanted: (RunningWorld) -> Bool) throws -> Entry {
        try locked { folder in
            if let found = try clear().sorted(by: Self.areInOrder).first(where: isWanted) { return .found(found) }
            var world = world
            while true {
                let number = Random.bytes(2).reduce(0) { $0 << 8 | Int($1) }
                world.id = String(String(0x10000 + number, radix: 16).dropFirst())
                if mkdirat(folder.number, world.id, 0o700) == 0 { break }
                guard errno == EEXIST else { throw SystemError.current("create \(path)/\(world.id)") }
            }
            let own = try Self.open("\(path)/\(world.id)")
            let listener = try LocalSocket.listen(in: own, name: Self.socket)
            try Files.write(try JSON.encode(world), to: "\(path)/\(world.id)/\(Self.entry)", mode: 0o600)
            return .entered(world, listener)
        }
    }

    private static func areInOrder(_ first: RunningWorld, _ second: RunningWorld) -> Bool {
        (first.openedAt, first.id) < (second.openedAt, second.id)
    }

    /// Takes the entry of a world away at whose socket this process still listens: so nobody else touches it.
    func leave(_ id: String) { try? Files.removeTree("\(path)/\(id)") }

    /// A connection to whoever opened the world.
    ///
    /// - Throws: `SystemError` where that has gone.
    func connect(to id: String) throws(SystemError) -> FileDescriptor {
        try LocalSocket.connect(in: Self.open("\(path)/\(id)"), name: Self.socket)
    }

    /// Takes away what is left of worlds that have gone; those that are up.
    private func clear() throws -> [RunningWorld] {
        try Files.list(path).compactMap { entry in
            let folder = "\(path)/\(entry.name)"
            guard let own = try? Self.open(folder), LocalSocket.isListening(in: own, name: Self.socket) else {
                try? Files.removeTree(folder)
                return nil
            }
            // One that another version of this program wrote may be spelled otherwise: it is up, but not for us.
            guard let bytes = try? Files.read("\(folder)/\(Self.entry)", limit: 1 << 20),
                let world = try? JSON.decode(RunningWorld.self, from: bytes), world.id == entry.name
            else { return nil }
            return world
        }
    }

    private static func open(_ folder: String) throws(SystemError) -> FileDescriptor {
        try FileDescriptor.open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    private func locked<Result>(_ body: (FileDescriptor) throws -> Result) throws -> Result {
        if mkdir(path, 0o700) != 0, errno != EEXIST { throw SystemError.current("create \(path)") }
        let folder = try Self.open(path)
        var status = stat()
        try checked("look at \(path)") { fstat(folder.number, &status) }
        // Whoever else may write there could have planted what is found.
        guard status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw SystemError("use \(path), which is not yours alone", code: EPERM)
        }
        try checked("lock \(path)") { flock(folder.number, LOCK_EX) }
        return try body(folder)
    }
}
