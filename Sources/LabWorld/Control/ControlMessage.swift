import EngineNetwork
import FoundationEssentials
import SupportLinux

/// What the runner asks of pid 1 of a world.
enum ControlRequest: Codable, Sendable {
    case start(WorldPlan, rootMode: Bool)
    case spawn(SpawnRequest)
    /// Signals the program started under that id, and its process group.
    case signal(program: UInt64, number: Int32)
    /// Changes the network while it runs.
    case change(id: UInt64, NetworkChange)
    /// Takes what became of a host's packets that came to grief.
    case fates(id: UInt64, host: String)
}

/// A program to start; descriptors are indices into those of the message, or -1 for /dev/null.
struct SpawnRequest: Codable, Sendable {
    var id: UInt64
    var host: String
    var command: [String]
    var executable: String?
    var environment: [String: String]
    var directory: String
    var descriptors: [Int]
    var controllingTerminal: Int32?
    var power: ProgramPlan.Power
}

/// What pid 1 of a world tells the runner.
enum ControlEvent: Codable, Sendable {
    /// With the world's user namespace, and for each of `hosts` its network, mount and UTS namespaces, as descriptors when
    /// agents must be started from outside; see `OutsideAgents`.
    case ready(WorldConditions, hosts: [String])
    case failed(WorldSetupError)
    case spawned(id: UInt64, pid: Int32)
    case spawnFailed(id: UInt64, program: String, stage: Int32, code: Int32)
    case unknownHost(id: UInt64)
    case exited(id: UInt64, ExitStatus)
    /// Packets see the change from here on.
    case changed(id: UInt64)
    case fates(id: UInt64, [PacketFate])
}

/// The coding of both on a channel.
enum ControlCoding {
    static func encode(_ value: some Encodable) throws -> [UInt8] { Array(try JSONEncoder().encode(value)) }

    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
