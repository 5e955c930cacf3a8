import Glibc
import NIOCore
import NIOPosix
import SupportTransport

/// Who listens on a TCP port: from the kernel's socket tables of this network namespace, and by connecting.
package enum ListenProbe {
    /// A listening socket.
    package struct Socket: Sendable, Hashable, Codable {
        /// Address and port; `0.0.0.0` or `::` for all addresses.
        package var endpoint: SocketEndpoint
        /// The owner's user number.
        package var uid: UInt32
        package var inode: UInt64

        /// Whether a connection to `address` (as text) could reach it.
        package func accepts(_ address: String) -> Bool {
            let isV6 = address.utf8.contains(UInt8(ascii: ":"))
            switch endpoint.address {
            case "0.0.0.0": return !isV6
            // Dual-stack sockets also take IPv4; those bound to IPv6 only cannot be told from them in the table.
            case "::": return true
            default: return endpoint.address == address
            }
        }
    }

    package enum Connection: String, Sendable, Hashable, Codable {
        case accepted
        case refused
        case unreachable
        case timedOut = "timed-out"
        case failed
    }

    /// All listening TCP sockets of the namespace that this process is in, lowest port first.
    package static func listeningSockets() -> [Socket] {
        let sockets = ["/proc/self/net/tcp", "/proc/self/net/tcp6"].flatMap { parse(read($0)) }
        return sockets.sorted {
            ($0.endpoint.port, $0.endpoint.address, $0.inode) < ($1.endpoint.port, $1.endpoint.address, $1.inode)
        }
    }

    package static func sockets(listeningOn port: UInt16) -> [Socket] {
        listeningSockets().filter { $0.endpoint.port == port }
    }

    /// Connects to a literal address and closes again.
    package static func connect(
        to address: String, port: UInt16, timeout: TimeAmount = .seconds(2), group: (any EventLoopGroup)? = nil
    ) async -> Connection {
        guard let target = try? NIOCore.SocketAddress(ipAddress: address, port: Int(port)) else { return .failed }
        do {
            let channel = try await ClientBootstrap(group: group ?? MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(timeout).connect(to: target).get()
            try? await channel.close()
            return .accepted
        } catch ChannelError.connectTimeout {
            return .timedOut
        } catch {
            switch (error as? IOError)?.errnoCode {
            case ECONNREFUSED: return .refused
            case EHOSTUNREACH, ENETUNREACH: return .unreachable
            case ETIMEDOUT: return .timedOut
            default: return .failed
            }
        }
    }

    // MARK: /proc/net/tcp (Linux Documentation/networking/proc_net_tcp)

    /// The sockets in state LISTEN of a table as the kernel prints it; lines that are none are left out.
    static func parse(_ table: String) -> [Socket] {
        table.split(separator: "\n").compactMap { line in
            let columns = line.split(separator: " ", omittingEmptySubsequences: true)
            guard columns.count >= 10, columns[3] == "0A", let uid = UInt32(columns[7]), let inode = UInt64(columns[9]),
                let endpoint = endpoint(columns[1])
            else { return nil }
            return Socket(endpoint: endpoint, uid: uid, inode: inode)
        }
    }

    /// `0100007F:1F90`: 32-bit words of the address in the machine's byte order, then the port.
    private static func endpoint(_ text: Substring) -> SocketEndpoint? {
        let parts = text.split(separator: ":")
        guard parts.count == 2, let port = UInt16(parts[1], radix: 16), parts[1].count == 4,
            parts[0].count == 8 || parts[0].count == 32
        else { return nil }
        var words: [UInt32] = []
        var rest = parts[0]
        while !rest.isEmpty {
            guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(8)
        }
        var address = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = words.count == 1 ? AF_INET : AF_INET6
        guard inet_ntop(family, &words, &address, socklen_t(address.count)) != nil else { return nil }
        let bytes = address.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return SocketEndpoint(address: String(decoding: bytes, as: UTF8.self), port: port)
    }

    private static func read(_ path: String) -> String {
        guard let stream = fopen(path, "re") else { return "" }
        defer { fclose(stream) }
        var text: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        // Some hundred thousand sockets; more say nothing more about one port.
        while text.count < 32 << 20 {
            let count = fread(&chunk, 1, chunk.count, stream)
            guard count > 0 else { break }
            text.append(contentsOf: chunk[..<count])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
