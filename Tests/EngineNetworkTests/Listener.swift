import Glibc
import Wire

/// Somebody who listens on a TCP port, in the namespace of the thread that made it.
final class Listener: Sendable {
    struct Failure: Error { let code: Int32 }

    private let descriptor: Int32
    let port: UInt16

    init(family: IPFamily) throws {
        let domain = family == .v4 ? AF_INET : AF_INET6
        descriptor = socket(domain, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, listen(descriptor, 64) == 0 else { throw Failure(code: errno) }
        var name = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let descriptor = descriptor
        let result = withUnsafeMutablePointer(to: &name) { name in
            name.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        guard result == 0 else { throw Failure(code: errno) }
        // The port stands at the same place in the names of both families.
        port = withUnsafeBytes(of: name) { UInt16($0[2]) << 8 | UInt16($0[3]) }
    }

    deinit { close(descriptor) }

    /// Takes the next connection and waits for its end: the errno that reading it ends with; 0 for an orderly end, or -1 when bytes
    /// came.
    func endOfNextConnection() throws -> Int32 {
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { throw Failure(code: errno) }
        defer { close(connection) }
        var byte: UInt8 = 0
        let count = read(connection, &byte, 1)
        return count < 0 ? errno : count == 0 ? 0 : -1
    }
}
