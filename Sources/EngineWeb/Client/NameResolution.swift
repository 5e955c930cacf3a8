import Glibc
import NIOCore
import SupportTransport

/// Names to addresses by the system's resolver, in its order.
enum NameResolution {
    /// The addresses of `host`, which may be a literal address, or why there are none. Waits on a thread of its own.
    static func addresses(
        of host: String, port: UInt16, family: WebRequest.Family
    ) async -> Result<[NIOCore.SocketAddress], WebFailure> {
        if let literal = try? NIOCore.SocketAddress(ipAddress: host, port: Int(port)) { return .success([literal]) }
        return await OwnThread.run { lookUp(host, port, family) }
    }

    private static func lookUp(
        _ host: String, _ port: UInt16, _ family: WebRequest.Family
    ) -> Result<[NIOCore.SocketAddress], WebFailure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_family =
            switch family {
            case .any: AF_UNSPEC
            case .ipv4: AF_INET
            case .ipv6: AF_INET6
            }
        var list: UnsafeMutablePointer<addrinfo>?
        hints.ai_flags = AI_NUMERICSERV
        let code = getaddrinfo(host, "\(port)", &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard code == 0 else { return .failure(failure(host, code)) }
        var addresses: [NIOCore.SocketAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ai_next
            if let address = address(entry.pointee), !addresses.contains(address) { addresses.append(address) }
        }
        return addresses.isEmpty ? .failure(failure(host, EAI_NONAME)) : .success(addresses)
    }

    private static func address(_ entry: addrinfo) -> NIOCore.SocketAddress? {
        guard let raw = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { NIOCore.SocketAddress($0.pointee) }
        case AF_INET6:
            return raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { NIOCore.SocketAddress($0.pointee) }
        default: return nil
        }
    }

    private static func failure(_ host: String, _ code: Int32) -> WebFailure {
        // -5 is EAI_NODATA, which glibc shows only to GNU sources.
        if code == EAI_NONAME || code == -5 {
            return WebFailure(.resolve, .nameNotFound, number: Int(code), "There is no address for the name \(host).")
        }
        let text = gai_strerror(code).map { String(cString: $0) } ?? "error \(code)"
        return WebFailure(
            .resolve, .resolverFailed, number: Int(code), "The name \(host) could not be looked up: \(text).")
    }
}
