import Glibc
import LabModel
import SupportLinux

/// The end of an exposed port within the world: a connection from outside goes on to a program of this host.
enum PortRelay {
    /// Connects to a port of this host as its own programs do, and joins the connection with it.
    ///
    /// - Parameter nodes: names of the world's nodes by address.
    /// - Throws: `StepFailure` of fault `subject` where nobody listens.
    static func join(_ client: FileDescriptor, toPort port: Int, of host: String, nodes: [String: String]) async throws
    {
        // Some listen on the loopback alone, some on an address of the world.
        let own = nodes.filter { $0.value == host }.map(\.key).sorted { ($0.count, $0) < ($1.count, $1) }
        try await Threads.perform(name: "relay-open") {
            var refusal = SystemError("connect", code: ECONNREFUSED)
            for address in ["127.0.0.1", "::1"] + own {
                let program: FileDescriptor
                do throws(SystemError) {
                    program = try StreamSocket.connect(to: address, port: port)
                } catch {
                    // The reason to tell is that of the loopback, unless another is less usual.
                    if error.code != EADDRNOTAVAIL, error.code != ENETUNREACH { refusal = error }
                    continue
                }
                return try Threads.detach(name: "relay") {
                    StreamRelay.run(client, program)
                    client.close()
                    program.close()
                }
            }
            guard refusal.code == ECONNREFUSED else {
                throw StepFailure(.machine, "port \(port) of `\(host)` cannot be reached: \(refusal)")
            }
            throw StepFailure(.subject, "nobody listens on port \(port) of `\(host)`")
        }
    }
}
