import CLinux
import Glibc
import SupportLinux
import Synchronization
import Wire

/// Looking names up with the C library's resolver, which blocks: each lookup has a thread of its own and a limit of time.
package enum NameResolution {
    /// The addresses of a name in the resolver's order, or the address that the text is. `timeout` in nanoseconds.
    package static func addresses(
        of name: String, family: IPFamily? = nil, timeout: Int64 = 5_000_000_000
    ) async throws -> [IPAddress] {
        if let address = try literal(name, family) { return [address] }
        return try await Threads.perform(name: "resolver") { try found(name, family, timeout: timeout) }
    }

    /// The same while the calling thread is blocked.
    package static func addresses(
        waitingFor name: String, family: IPFamily? = nil, timeout: Int64 = 5_000_000_000
    ) throws -> [IPAddress] {
        if let address = try literal(name, family) { return [address] }
        return try found(name, family, timeout: timeout)
    }

    /// Targets with their addresses where all of them are addresses; nil where one has to be looked up.
    package static func literals(
        _ names: [String], family: IPFamily? = nil
    ) -> [(name: String, address: Result<IPAddress, ProbeError>)]? {
        var found: [(name: String, address: Result<IPAddress, ProbeError>)] = []
        found.reserveCapacity(names.count)
        for name in names {
            guard let address = IPAddress(name), family == nil || family == address.family else { return nil }
            found.append((name, .success(address)))
        }
        return found
    }

    private static func literal(_ name: String, _ family: IPFamily?) throws(ProbeError) -> IPAddress? {
        guard let address = IPAddress(name) else { return nil }
        guard family == nil || family == address.family else { throw .noAddress(name, family) }
        return address
    }

    private static func found(_ name: String, _ family: IPFamily?, timeout: Int64) throws -> [IPAddress] {
        try limited(timeout: timeout, onTimeout: ProbeError.resolverFailed(name, reason: "no answer in time")) {
            Result { () throws(ProbeError) in try lookUp(name, family) }
        }
    }

    /// The first address of each name, in the order of the names; at most sixteen are looked up at once.
    package static func resolve(
        _ names: [String], family: IPFamily? = nil
    ) async -> [(name: String, address: Result<IPAddress, ProbeError>)] {
        if let literals = literals(names, family: family) { return literals }
        var found: [String: Result<IPAddress, ProbeError>] = [:]
        var unknown: [String] = []
        for name in names where found[name] == nil {
            if let address = IPAddress(name), family == nil || family == address.family {
                found[name] = .success(address)
            } else if !unknown.contains(name) {
                unknown.append(name)
            }
        }
        await withTaskGroup(of: (String, Result<IPAddress, ProbeError>).self) { group in
            for (index, name) in unknown.enumerated() {
                if index >= 16, let (name, result) = await group.next() { found[name] = result }
                group.addTask { (name, await first(of: name, family: family)) }
            }
            for await (name, result) in group { found[name] = result }
        }
        return names.map { ($0, found[$0] ?? .failure(.nameNotFound($0))) }
    }

    private static func first(of name: String, family: IPFamily?) async -> Result<IPAddress, ProbeError> {
        do {
            guard let address = try await addresses(of: name, family: family).first else {
                return .failure(.noAddress(name, family))
            }
            return .success(address)
        } catch let error as ProbeError {
            return .failure(error)
        } catch {
            return .failure(.resolverFailed(name, reason: "\(error)"))
        }
    }

    private final class Answer: Sendable {
        let value = Mutex<Result<[IPAddress], ProbeError>?>(nil)
    }

    private static func wait(for bell: ProbeInterrupt, timeout: Int64) {
        let deadline = lab_clock_monotonic() &+ timeout
        while !bell.isInterrupted {
            let left = deadline - lab_clock_monotonic()
            var ready: [UInt8] = [0]
            if left <= 0 || lab_poll_readable([bell.bell], &ready, 1, left) < 0 { return }
        }
    }

    /// Runs a lookup on one more thread, which is left behind when it takes too long: the C library cannot be interrupted.
    private static func limited(
        timeout: Int64, onTimeout: ProbeError,
        _ lookUp: @escaping @Sendable () -> Result<[IPAddress], ProbeError>
    ) throws -> [IPAddress] {
        let answer = Answer()
        let bell = ProbeInterrupt()
        try Threads.detach(name: "resolver") {
            let result = lookUp()
            answer.value.withLock { $0 = result }
            bell.interrupt()
        }
        wait(for: bell, timeout: timeout)
        return try (answer.value.withLock { $0 } ?? .failure(onTimeout)).get()
    }

    private static func lookUp(_ name: String, _ family: IPFamily?) throws(ProbeError) -> [IPAddress] {
        guard !name.isEmpty, name.utf8.count <= 253, !name.utf8.contains(0) else { throw .nameNotFound(name) }
        var hints = addrinfo()
        hints.ai_family = family.map { $0 == .v4 ? AF_INET : AF_INET6 } ?? AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, nil, &hints, &first)
        defer { freeaddrinfo(first) }
        switch code {
        case 0: break
        case EAI_NONAME: throw .nameNotFound(name)
        // EAI_NODATA and EAI_ADDRFAMILY of glibc: the name is there, such an address is not.
        case -5, -9: throw .noAddress(name, family)
        default: throw .resolverFailed(name, reason: String(cString: gai_strerror(code)))
        }
        var addresses: [IPAddress] = []
        var next = first
        while let entry = next {
            if let address = address(entry.pointee.ai_addr), !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw .noAddress(name, family) }
        return addresses
    }

    private static func address(_ pointer: UnsafeMutablePointer<sockaddr>?) -> IPAddress? {
        guard let pointer else { return nil }
        switch Int32(pointer.pointee.sa_family) {
        case AF_INET:
            return pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { IPAddress(bytes: $0) }
            }
        case AF_INET6:
            return pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { IPAddress(bytes: $0) }
            }
        default: return nil
        }
    }

    /// The name that a PTR record gives an address; nil without one, or where it is no host name. Blocks.
    static func reverse(_ address: IPAddress) -> String? {
        var text = [CChar](repeating: 0, count: 1025)
        let code: Int32
        switch address {
        case .v4(let value):
            var storage = sockaddr_in()
            storage.sin_family = sa_family_t(AF_INET)
            storage.sin_addr.s_addr = value.rawValue.bigEndian
            code = withUnsafePointer(to: storage) { name($0, &text) }
        case .v6(let value):
            var storage = sockaddr_in6()
            storage.sin6_family = sa_family_t(AF_INET6)
            withUnsafeMutableBytes(of: &storage.sin6_addr) { $0.copyBytes(from: value.bytes) }
            code = withUnsafePointer(to: storage) { name($0, &text) }
        }
        guard code == 0 else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        // Whoever holds the reverse zone chooses these bytes: only what a host name may contain passes.
        let isHostName = bytes.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
        return isHostName && !bytes.isEmpty ? String(decoding: bytes, as: UTF8.self) : nil
    }

    private static func name<Storage>(_ storage: UnsafePointer<Storage>, _ text: inout [CChar]) -> Int32 {
        storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            getnameinfo($0, socklen_t(MemoryLayout<Storage>.size), &text, socklen_t(text.count), nil, 0, NI_NAMEREQD)
        }
    }
}
