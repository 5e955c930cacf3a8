import Foundation
import LabJudge
import LabModel
import LabRunner
import LabTestSupport
import SupportLinux
import Testing

@Suite("The registry of running worlds")
struct WorldRegistryTests {
    private let folder = TemporaryFolder()

    private var registry: WorldRegistry { WorldRegistry(environment: ["TMPDIR": folder.path]) }

    private func world(student: String, at time: Int64, isShared: Bool = true) throws -> RunningWorld {
        let path = Repository.root + "/Labs/icmp.yml"
        let loaded = LabLoader.standard.load(path, settings: LabSettings(student: student))
        let lab = try #require(loaded.lab)
        return RunningWorld(
            lab: "icmp", key: try RunningWorld.Key(path: path, loaded, lab), student: student,
            world: try #require(lab.world), opener: .shell, pid: 7, openedAt: time, isShared: isShared)
    }

    private func door(_ world: RunningWorld, unless: (RunningWorld) -> Bool = { _ in false }) throws -> WorldDoor {
        guard case .opened(let door) = try WorldDoor.open(world, in: registry, unless: unless, greeting: { $0 }) else {
            throw CocoaError(.fileWriteFileExists)
        }
        return door
    }

    @Test("worlds are listed, the oldest first, for as long as they are there")
    func listed() throws {
        #expect(try registry.worlds() == [])
        let (later, sooner) = (try door(try world(student: "ada", at: 20)), try door(try world(student: "eve", at: 10)))
        #expect(try registry.worlds() == [sooner.world, later.world])
        #expect(later.world.id.count == 4 && later.world.id != sooner.world.id)
        later.close()
        #expect(try registry.worlds() == [sooner.world])
        sooner.close()
        #expect(try registry.worlds() == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: registry.path) == [])
    }

    @Test("one that is as wanted is found in the place of a second")
    func found() throws {
        let first = try world(student: "ada", at: 20)
        let door = try door(first)
        guard
            case .found(let found) = try WorldDoor.open(
                try world(student: "ada", at: 30), in: registry, unless: { $0.key == first.key }, greeting: { $0 })
        else {
            Issue.record("a second was opened")
            return
        }
        #expect(found == door.world)
        // Another student's is another.
        let other = try self.door(try world(student: "eve", at: 30), unless: { $0.key != first.key })
        #expect(try registry.worlds().count == 2)
        other.close()
        door.close()
    }

    @Test("what killed processes have left is taken away")
    func stale() throws {
        let door = try door(try world(student: "ada", at: 10))
        let entry = registry.path + "/" + door.world.id
        // A socket file at which nobody listens, as a killed process leaves it.
        let left = registry.path + "/dead"
        try Files.createDirectories(left, mode: 0o700)
        let open = try FileDescriptor.open(left, O_RDONLY | O_DIRECTORY)
        try LocalSocket.listen(in: open, name: "socket").close()
        try Files.write(try Files.read(entry + "/entry.json"), to: left + "/entry.json")
        #expect(try registry.worlds() == [door.world])
        #expect(!Files.exists(left) && Files.exists(entry))
        door.close()
    }

    @Test("an entry that cannot be read is left alone while somebody listens there")
    func unreadable() throws {
        let door = try door(try world(student: "ada", at: 10))
        let file = registry.path + "/" + door.world.id + "/entry.json"
        try Files.write(Array("{".utf8), to: file)
        #expect(try registry.worlds() == [])
        #expect(Files.exists(file))
        door.close()
    }

    @Test("a folder that others may enter is refused")
    func open() throws {
        try Files.createDirectories(registry.path, mode: 0o755)
        chmod(registry.path, 0o755)
        #expect { try registry.worlds() } throws: { "\($0)".contains("which is not yours alone") }
        #expect(throws: SystemError.self) { try door(try world(student: "ada", at: 1)) }
    }

    @Test("the run-time folder of a session is taken where it is this user's")
    func place() throws {
        #expect(WorldRegistry(environment: ["XDG_RUNTIME_DIR": folder.path]).path == folder.path + "/lab")
        let user = geteuid()
        #expect(WorldRegistry(environment: ["XDG_RUNTIME_DIR": "/nowhere"]).path == "/tmp/.lab-worlds-\(user)")
        #expect(WorldRegistry(environment: ["TMPDIR": "/var/tmp/"]).path == "/var/tmp/.lab-worlds-\(user)")
    }
}
