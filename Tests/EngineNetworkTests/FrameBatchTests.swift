import CLinux
import EngineNetwork
import Glibc
import LabTestSupport
import Testing
import Wire

@Suite("Frames that are sent by one call")
struct FrameBatchTests {
    @Test("a frame that is refused is lost alone, and the others keep their order")
    func refusal() throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends) == 0)
        defer { for end in ends { close(end) } }
        var room: Int32 = 16_384
        let set = setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        try #require(set == 0)
        // The one in the middle is longer than the socket takes at all.
        let buffer = [UInt8](repeating: 1, count: 10) + [UInt8](repeating: 2, count: 1 << 20) + [3, 3, 3]
        let frames = [
            lab_span(offset: 0, length: 10), lab_span(offset: 10, length: 1 << 20),
            lab_span(offset: 10 + 1 << 20, length: 3), lab_span(offset: 4, length: 5),
        ]
        #expect(lab_packet_send_batch(ends[0], buffer, frames, Int32(frames.count)) == 3)
        var seen: [[UInt8]] = []
        for _ in 0..<3 {
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = recv(ends[1], &bytes, bytes.count, Int32(MSG_DONTWAIT))
            try #require(count >= 0)
            seen.append(Array(bytes.prefix(count)))
        }
        #expect(seen == [Array(repeating: 1, count: 10), [3, 3, 3], Array(repeating: 1, count: 5)])
        #expect(lab_packet_send_batch(ends[0], buffer, frames, 0) == 0)
    }

    @Test(
        "frames that come at once arrive in their order, whole and changed as routers change them",
        .enabled(if: NamespacePair.missing == nil, "needs root, iproute2, iputils and traceroute"))
    func burst() async throws {
        let world = try NamespacePair(Drawings.chain(routers: 8, delay: 0, www: .namespace))
        defer { world.end() }
        try world.run(on: "laptop", ["ping", "-n", "-c", "1", "-W", "60", "203.0.113.80"])
        let lengths = (0..<100).map { 40 + ($0 * 97) % 1400 }
        let receiver = try await world.perform(on: "www") { try Datagrams(receivingOn: 9999) }
        try await world.perform(on: "laptop") {
            let sender = try Datagrams(receivingOn: 9998)
            for (number, length) in lengths.enumerated() {
                try sender.send([UInt8](repeating: UInt8(number), count: length), to: "203.0.113.80", 9999)
            }
        }
        let seen = try await world.perform(on: "www") { try lengths.map { _ in try receiver.next() } }
        #expect(seen.map(\.bytes.count) == lengths)
        #expect(seen.enumerated().allSatisfy { place, seen in seen.bytes.allSatisfy { $0 == UInt8(place) } })
        #expect(seen.allSatisfy { $0.timeToLive == 56 })
    }
}

/// A UDP socket in the namespace of the thread that made it.
private final class Datagrams: Sendable {
    struct Failure: Error { let code: Int32 }

    private let descriptor: Int32

    init(receivingOn port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var own = Self.address(port)
        var on: Int32 = 1
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        guard descriptor >= 0,
            setsockopt(descriptor, Int32(IPPROTO_IP), IP_RECVTTL, &on, socklen_t(MemoryLayout<Int32>.size)) == 0,
            setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size)) == 0,
            withUnsafePointer(
                to: &own,
                {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                    }
                }) == 0
        else { throw Failure(code: errno) }
    }

    deinit { close(descriptor) }

    func send(_ bytes: [UInt8], to address: String, _ port: UInt16) throws {
        var target = Self.address(port)
        guard inet_pton(AF_INET, address, &target.sin_addr) == 1 else { throw Failure(code: EINVAL) }
        let sent = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard sent == bytes.count else { throw Failure(code: errno) }
    }

    /// The next datagram and the TTL that it came with.
    func next() throws -> (bytes: [UInt8], timeToLive: Int32) {
        var bytes = [UInt8](repeating: 0, count: 2048)
        var ancillary = [UInt8](repeating: 0, count: 64)
        var timeToLive: Int32 = -1
        let count = bytes.withUnsafeMutableBytes { bytes in
            ancillary.withUnsafeMutableBytes { ancillary in
                var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = ancillary.baseAddress
                    message.msg_controllen = ancillary.count
                    let count = recvmsg(descriptor, &message, 0)
                    // One message of one number: its head is length, level and type.
                    if message.msg_controllen >= 20 { timeToLive = ancillary.load(fromByteOffset: 16, as: Int32.self) }
                    return count
                }
            }
        }
        guard count >= 0 else { throw Failure(code: errno) }
        return (Array(bytes.prefix(count)), timeToLive)
    }

    private static func address(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        return address
    }
}
