import Glibc
import SupportLinux
import Wire

/// One question to one server over UDP (RFC 1035 §4.2.1), past the C library and its files.
package enum DNSQuery {
    private static let attempts = 3

    /// The first server of `/etc/resolv.conf`; nil where there is none.
    package static func systemServer(_ path: String = "/etc/resolv.conf") -> String? {
        guard let bytes = try? Files.read(path, limit: 1 << 16) else { return nil }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.count >= 2, words[0] == "nameserver" { return String(words[1]) }
        }
        return nil
    }

    /// The server's answer to this very question; anything else that arrives is passed over.
    ///
    /// - Parameter timeout: nanoseconds for each of three tries.
    /// - Throws: `ProbeError`.
    package static func ask(
        _ name: DNSName, type: DNSRecordType, of server: IPAddress, port: UInt16 = 53, identifier: UInt16,
        timeout: Int64 = 2_000_000_000
    ) async throws -> DNSMessage {
        let query = DNSMessage(
            identifier: identifier, questions: [.init(name, type: type)],
            additionals: [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 1232)])
        return try await Threads.perform(name: "look-up") {
            try askBlocking(query, server, port: port, timeout: timeout)
        }
    }

    private static func askBlocking(
        _ query: DNSMessage, _ server: IPAddress, port: UInt16, timeout: Int64
    ) throws -> DNSMessage {
        let family = server.family == .v4 ? AF_INET : AF_INET6
        let number = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard number >= 0 else { throw ProbeError.notPermitted(code: errno) }
        let socket = FileDescriptor(owning: number)
        guard connect(socket, to: server, port: port) == 0 else { throw ProbeError.networkUnreachable(server) }
        let name = query.questions[0].name.description
        for _ in 0..<attempts {
            let bytes = query.bytes
            guard send(socket.number, bytes, bytes.count, 0) == bytes.count else {
                throw ProbeError.sendFailed(server, code: errno)
            }
            let deadline = Clocks.monotonic() &+ UInt64(max(0, timeout))
            while let waited = remaining(until: deadline) {
                var waiting = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
                let ready = poll(&waiting, 1, waited)
                if ready < 0, errno != EINTR { throw ProbeError.receiveFailed(code: errno) }
                guard ready > 0 else { continue }
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(socket.number, &buffer, buffer.count, 0)
                // Nobody listens there: the kernel has the news from an ICMP message.
                guard count >= 0 else { throw ProbeError.resolverFailed(name, reason: "\(server) refuses questions") }
                let answer = buffer[..<count].withUnsafeBytes { bytes -> DNSMessage? in
                    do throws(DNSError) { return try DNSMessage(parsing: bytes) } catch { return nil }
                }
                if let answer, answer.isResponse, answer.identifier == query.identifier,
                    answer.questions == query.questions
                {
                    return answer
                }
            }
        }
        throw ProbeError.resolverFailed(name, reason: "\(server) did not answer")
    }

    /// Milliseconds, at least one; nil when time is up.
    private static func remaining(until deadline: UInt64) -> Int32? {
        let now = Clocks.monotonic()
        return now < deadline ? Int32(clamping: (deadline - now) / 1_000_000 + 1) : nil
    }

    private static func connect(_ socket: FileDescriptor, to server: IPAddress, port: UInt16) -> Int32 {
        switch server {
        case .v4(let address):
            var storage = sockaddr_in()
            storage.sin_family = sa_family_t(AF_INET)
            storage.sin_port = port.bigEndian
            storage.sin_addr.s_addr = address.rawValue.bigEndian
            return withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6(let address):
            var storage = sockaddr_in6()
            storage.sin6_family = sa_family_t(AF_INET6)
            storage.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &storage.sin6_addr) { $0.copyBytes(from: address.bytes) }
            return withUnsafePointer(to: &storage) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.connect(socket.number, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }
}
