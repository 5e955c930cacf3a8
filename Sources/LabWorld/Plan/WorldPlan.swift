import EngineNetwork
import SupportLinux

/// A world to build: the network, and what its hosts look like to the programs on them.
package struct WorldPlan: Codable, Sendable {
    /// Hosts of kind `.namespace` become real namespaces; all else is emulated by the gateway.
    package var topology: Topology
    /// Keys every random draw of the emulated network.
    package var seed: UInt64
    /// Files and folders by host; a host that is not named here still gets its namespaces and addresses.
    package var hosts: [HostPlan]
    /// Whom programs run as when the runner is root; otherwise they run as whoever runs it.
    package var programUser: Launch.User
    /// Paths below /run which stay as they are on the machine; the rest of /run is empty and private in a world, so
    /// that name service daemons of the machine cannot answer there.
    package var keptBelowRun: [String]
    /// Links whose packets are written down, from the first on.
    package var taps: [PlannedTap] = []

    package init(
        topology: Topology, seed: UInt64 = 0, hosts: [HostPlan] = [],
        programUser: Launch.User = Launch.User(uid: 65534, gid: 65534), keptBelowRun: [String] = []
    ) {
        self.topology = topology
        self.seed = seed
        self.hosts = hosts
        self.programUser = programUser
        self.keptBelowRun = keptBelowRun
    }
}

/// What one host has of its own; the rest of its file system is the machine's.
package struct HostPlan: Codable, Sendable {
    /// The host's name in the topology.
    package var name: String
    /// Its UTS node name; nil: the same as `name`.
    package var hostname: String?
    /// Placed before the files, so that files may lie in them.
    package var directories: [PlannedDirectory]
    package var files: [PlannedFile]

    package init(
        name: String, hostname: String? = nil, directories: [PlannedDirectory] = [], files: [PlannedFile] = []
    ) {
        self.name = name
        self.hostname = hostname
        self.directories = directories
        self.files = files
    }
}

/// Who owns a file of a world when the runner is root; otherwise its owner is always the one user there is.
package enum PlannedOwner: String, Codable, Sendable {
    /// Agents write it, programs do not.
    case machine
    /// Programs write it.
    case program
}

/// A private, writable folder in place of what the machine has at that path.
package struct PlannedDirectory: Codable, Sendable {
    package var path: String
    package var mode: UInt32
    package var owner: PlannedOwner
    /// Whether it starts with copies of the machine's files and links (not folders) there.
    package var copiesOriginal: Bool

    package init(_ path: String, mode: UInt32 = 0o755, owner: PlannedOwner = .machine, copiesOriginal: Bool = false) {
        self.path = path
        self.mode = mode
        self.owner = owner
        self.copiesOriginal = copiesOriginal
    }
}

/// A private file in place of what the machine has, or has not, at that path.
package struct PlannedFile: Codable, Sendable {
    package var path: String
    package var contents: [UInt8]
    package var mode: UInt32
    package var owner: PlannedOwner

    package init(_ path: String, contents: [UInt8], mode: UInt32 = 0o644, owner: PlannedOwner = .machine) {
        self.path = path
        self.contents = contents
        self.mode = mode
        self.owner = owner
    }

    package init(_ path: String, text: String, mode: UInt32 = 0o644, owner: PlannedOwner = .machine) {
        self.init(path, contents: Array(text.utf8), mode: mode, owner: owner)
    }
}
