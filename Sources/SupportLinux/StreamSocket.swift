import Glibc

/// TCP sockets at numeric addresses: what relays need of them.
package enum StreamSocket {
    /// Listens at one address; nobody waits in ``accept(from:)``. Port 0 takes a free one; see ``port(of:)``.
    package static func listen(at address: String, port: Int) throws(SystemError) -> FileDescriptor {
        try open(address, port, passive: true) { socket, address, length throws(SystemError) in
            var yes: Int32 = 1
            // IPv4 has a socket of its own.
            if address.pointee.sa_family == sa_family_t(AF_INET6) {
                setsockopt(socket, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &yes, socklen_t(MemoryLayout<Int32>.size))
            }
            setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
            try checked("listen") { bind(socket, address, length) }
            try checked("listen") { Glibc.listen(socket, 128) }
            // A client that has gone before it is accepted must not make the listener wait for the next.
            try checked("listen") { fcntl(socket, F_SETFL, O_NONBLOCK) }
        }
    }

    /// Connects, waiting until the peer has accepted or refused.
    package static func connect(to address: String, port: Int) throws(SystemError) -> FileDescriptor {
        try open(address, port, passive: false) { socket, address, length throws(SystemError) in
            try checked("connect") { Glibc.connect(socket, address, length) }
        }
    }

    /// The next connection of a listening socket; EAGAIN where none waits.
    package static func accept(from listener: FileDescriptor) throws(SystemError) -> FileDescriptor {
        let socket = FileDescriptor(owning: try checked("accept") { Glibc.accept(listener.number, nil, nil) })
        try checked("accept") { fcntl(socket.number, F_SETFD, FD_CLOEXEC) }
        return socket
    }

    /// The port a socket is bound to.
    package static func port(of socket: FileDescriptor) -> Int? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket.number, $0, &length) }
        }
        guard result == 0 else { return nil }
        // Both families have their port at the same place, in the order of the network.
        return withUnsafeBytes(of: &storage) { Int($0[2]) << 8 | Int($0[3]) }
    }

    private static func open(
        _ address: String, _ port: Int, passive: Bool,
        _ use: (Int32, UnsafePointer<sockaddr>, socklen_t) throws(SystemError) -> Void
    ) throws(SystemError) -> FileDescriptor {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | (passive ? AI_PASSIVE : 0)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address, String(port), &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0, let entry = list?.pointee, let target = entry.ai_addr else {
            throw SystemError("read the address \(address)", code: EINVAL)
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let socket = FileDescriptor(owning: try checked("open a socket") { Glibc.socket(entry.ai_family, type, 0) })
        try use(socket.number, target, entry.ai_addrlen)
        return socket
    }
}
