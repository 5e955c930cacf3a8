import CLinux
import Foundation
import Glibc
import Synchronization
import Testing

/// A network namespace for one test: a thread is put into a new one with nothing but loopback, and ends with the test.
enum OwnNetwork {
    static let need: Comment = "needs CAP_SYS_ADMIN and CAP_NET_RAW: root, or an ordinary user inside unshare -Urn"

    /// Whether this process may make network namespaces for its threads.
    static let isPossible: Bool = {
        let result = Mutex(false)
        let finished = DispatchSemaphore(value: 0)
        let thread = Thread {
            let made = lab_unshare_host() == 0
            result.withLock { $0 = made }
            finished.signal()
        }
        thread.start()
        finished.wait()
        return result.withLock { $0 }
    }()

    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread {
                continuation.resume(
                    with: Result {
                        guard lab_unshare_host() == 0 else { throw POSIXError(.EPERM) }
                        try setInterface("lo", up: true)
                        return try body()
                    })
            }.start()
        }
    }

    /// A link to a second namespace, which lives as long as the descriptor that is returned.
    static func connectToAnother(_ name: String) throws -> Int32 {
        let result = Mutex<Int32>(-1)
        let finished = DispatchSemaphore(value: 0)
        Thread {
            if lab_unshare_host() == 0 {
                result.withLock { $0 = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC) }
            }
            finished.signal()
        }.start()
        finished.wait()
        let far = result.withLock { $0 }
        let netlink = lab_netlink_open()
        guard far >= 0, netlink >= 0, lab_link_create_pair(netlink, name, nil, "far0", nil, far, 0) == 0 else {
            throw POSIXError(.EPERM)
        }
        defer { close(netlink) }
        guard lab_link_up(netlink, lab_link_index(netlink, name)) == 0 else { throw POSIXError(.EPERM) }
        return far
    }

    /// Brings one of the namespace's interfaces up, or down.
    static func setInterface(_ name: String, up: Bool) throws {
        let control = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(control) }
        var request = ifreq()
        withUnsafeMutableBytes(of: &request.ifr_ifrn) { $0.copyBytes(from: name.utf8) }
        guard ioctl(control, UInt(SIOCGIFFLAGS), &request) == 0 else { throw POSIXError(.ENODEV) }
        let flag = Int16(IFF_UP)
        request.ifr_ifru.ifru_flags = up ? request.ifr_ifru.ifru_flags | flag : request.ifr_ifru.ifru_flags & ~flag
        guard ioctl(control, UInt(SIOCSIFFLAGS), &request) == 0 else { throw POSIXError(.EPERM) }
    }
}

/// Sends datagrams over loopback, to a port where nobody listens and one where somebody does.
struct Datagrams {
    private let sender: Int32

    init() { sender = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0) }

    func send(_ text: String, to port: UInt16) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let octets = [UInt8](text.utf8)
        // The first datagram's ICMP answer makes the second fail; that one is sent again.
        for _ in 0..<2 {
            let sent = withUnsafePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    sendto(sender, octets, octets.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if sent == octets.count { return }
        }
    }

    func close() { _ = Glibc.close(sender) }
}
