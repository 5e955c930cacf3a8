import LabModel
import SupportLinux

/// A program that somebody else of the same user wants to run in a world that is up.
struct GuestProgram: Codable, Sendable {
    enum Command: Codable, Sendable, Equatable {
        case shell
        case words([String])
        /// Commands from standard input.
        case script
    }

    var host: String
    var command: Command
    /// Whether the one descriptor that comes along is a terminal; otherwise there are three, the standard streams.
    var atTerminal: Bool
    var directory: String
    /// Further variables, and files for the private home.
    var environment: [String: String]
    var files: [String: [UInt8]]
}

/// What a guest asks of whoever opened the world.
enum GuestRequest: Codable, Sendable {
    case run(GuestProgram)
    /// Joins the connection that comes along with a port of a host.
    case relay(id: Int, host: String, port: Int)
}

/// What whoever opened the world tells a guest.
enum GuestReply: Codable, Sendable {
    case began(greeting: String)
    /// The world is about to end: nothing was started.
    case closing
    case failed(GuestFailure)
    case relayed(id: Int, failure: String?)
    case ended(exitCode: Int32)
}

/// Why a guest's program could not be started.
package enum GuestFailure: Error, Codable, Sendable, Equatable {
    case unknownHost(String)
    /// The program, the stage and the errno of a `LaunchError`.
    case program(String, stage: Int32, code: Int32)
    case other(String)
}
