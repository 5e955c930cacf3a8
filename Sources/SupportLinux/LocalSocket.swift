import Glibc

/// Unix stream sockets, by a name in an open folder. An address has room for 107 bytes only; the folder's descriptor stands in
/// it for the folder, however long its path is.
package enum LocalSocket {
    /// Listens; nobody waits in ``StreamSocket/accept(from:)``. The socket is its owner's alone.
    ///
    /// - Throws: `SystemError`; EADDRINUSE where there is something of that name.
    package static func listen(in folder: FileDescriptor, name: String) throws(SystemError) -> FileDescriptor {
        let path = path(folder, name)
        return try open(path, SOCK_NONBLOCK) { socket, address, length throws(SystemError) in
            // A socket takes its mode from its descriptor's: never is it another's for a moment.
            try checked("listen at \(name)") { fchmod(socket, 0o600) }
            try checked("listen at \(name)") { bind(socket, address, length) }
            try checked("listen at \(name)") { chmod(path, 0o600) }
            try checked("listen at \(name)") { Glibc.listen(socket, 128) }
        }
    }

    /// Connects, waiting while too many others do.
    ///
    /// - Throws: `SystemError`; ECONNREFUSED where whoever listened is gone, ENOENT where nobody ever did.
    package static func connect(in folder: FileDescriptor, name: String) throws(SystemError) -> FileDescriptor {
        try open(path(folder, name), nil) { socket, address, length throws(SystemError) in
            try checked("connect to \(name)") { Glibc.connect(socket, address, length) }
        }
    }

    /// Whether somebody listens, without waiting.
    package static func isListening(in folder: FileDescriptor, name: String) -> Bool {
        do throws(SystemError) {
            _ = try open(path(folder, name), SOCK_NONBLOCK) { socket, address, length throws(SystemError) in
                try checked("connect to \(name)") { Glibc.connect(socket, address, length) }
            }
            return true
        } catch {
            return error.code == EAGAIN
        }
    }

    private static func path(_ folder: FileDescriptor, _ name: String) -> String {
        "/proc/self/fd/\(folder.number)/\(name)"
    }

    private static func open(
        _ path: String, _ flag: __socket_type?,
        _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) -> FileDescriptor {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError("name a socket", code: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | (flag?.rawValue ?? 0))
        let socket = FileDescriptor(owning: try checked("open a socket") { Glibc.socket(AF_UNIX, type, 0) })
        let failure = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> SystemError? in
                do throws(SystemError) {
                    try use(socket.number, generic, socklen_t(MemoryLayout<sockaddr_un>.size))
                    return nil
                } catch {
                    return error
                }
            }
        }
        if let failure { throw failure }
        return socket
    }
}
