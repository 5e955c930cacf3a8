import Glibc
import LabModel
import SupportCrypto
import SupportLinux

/// A world of this user that is up, as others of the user's processes know it.
package struct RunningWorld: Codable, Sendable, Equatable {
    package enum Opener: String, Codable, Sendable {
        case shell
        case run
    }

    /// What a world must be to be the very one that somebody would open: the lab's files, and all that was drawn.
    package struct Key: Codable, Sendable, Equatable {
        /// Of the lab's main file, absolute, without links.
        package var file: String
        package var digest: String

        /// - Parameter path: of the lab's main file.
        package init(path: String, _ loaded: LoadedLab, _ lab: LabDefinition) throws {
            guard let real = realpath(path, nil) else { throw SystemError.current("find \(path)") }
            defer { free(real) }
            file = String(cString: real)
            let drawn = try JSON.encode(loaded.references)
            digest = Hex.string(
                DigestAlgorithm.sha256.digest(
                    of: Array("\(LabDigests.text(of: lab.files)) \(loaded.seed.number) ".utf8) + drawn))
        }
    }

    /// The words that openers and guests of one version speak.
    static let currentProtocol = 1

    /// Four hexadecimal digits.
    package var id: String
    package var speaks: Int
    /// The lab, as it was named on the command line.
    package var lab: String
    package var key: Key
    package var student: String
    /// Those that run programs.
    package var hosts: [String]
    package var opener: Opener
    package var pid: Int32
    /// Nanoseconds since 1970.
    package var openedAt: Int64
    /// Whether a shell for the same world joins this one unasked.
    package var isShared: Bool

    /// Whether this program can join it.
    package var isUnderstood: Bool { speaks == Self.currentProtocol }

    /// - Parameter id: given when it is entered.
    package init(
        lab: String, key: Key, student: String, world: WorldDefinition, opener: Opener, pid: Int32, openedAt: Int64,
        isShared: Bool
    ) {
        id = ""
        speaks = Self.currentProtocol
        self.lab = lab
        self.key = key
        self.student = student
        hosts = world.hosts.filter { !$0.isVirtual }.map(\.name)
        self.opener = opener
        self.pid = pid
        self.openedAt = openedAt
        self.isShared = isShared
    }
}
