import CLinux
import Glibc

/// 64-byte packets, as many as the machine makes, and who counts them.
enum Flood {
    private static let port: UInt16 = 9999

    static func send(to address: String, seconds: Int64) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var target = self.address
        guard inet_pton(AF_INET, address, &target.sin_addr) == 1 else { exit(1) }
        let payload = [UInt8](repeating: 0, count: 36)
        let end = lab_clock_monotonic() + seconds * 1_000_000_000
        withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { target in
                while lab_clock_monotonic() < end {
                    for _ in 0..<32 {
                        sendto(descriptor, payload, payload.count, 0, target, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }
            }
        }
    }

    /// Prints packets a second, from the first to the last, when none has come for half a second.
    static func drain() {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var own = address
        var size: Int32 = 1 << 22
        setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        let bound = withUnsafePointer(to: &own) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0 else { exit(1) }
        print("ready")
        fflush(nil)
        var buffer = [UInt8](repeating: 0, count: 2048)
        var count = 0
        var first: Int64 = 0
        var last: Int64 = 0
        while true {
            var set = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&set, 1, count == 0 ? 30_000 : 500) > 0 else { break }
            while recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT)) > 0 {
                if count == 0 { first = lab_clock_monotonic() }
                count += 1
            }
            last = lab_clock_monotonic()
        }
        print(count > 1 ? Double(count) * 1e9 / Double(max(1, last - first)) : 0)
        fflush(nil)
    }

    private static var address: sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return address
    }
}
