import CLinux
import Glibc
import SupportLinux

/// A prober of its own, lest the measured and the measure share code: echo requests over an unprivileged socket.
enum EchoProbe {
    static func run(address: String, count: Int, interval: Int64) {
        let descriptor = socket(
            AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), Int32(IPPROTO_ICMP))
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        guard descriptor >= 0, inet_pton(AF_INET, address, &target.sin_addr) == 1 else { exit(1) }
        let connected = withUnsafePointer(to: &target) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { exit(1) }
        let waitSet = lab_wait_open()
        guard waitSet >= 0, lab_wait_add(waitSet, descriptor, 0) == 0 else { exit(1) }
        lab_timer_slack(1)
        var sent = [Int64](repeating: 0, count: count)
        var times: [(Int, Int64)] = []
        var seen = 0
        func take() {
            var buffer = [UInt8](repeating: 0, count: 2048)
            while true {
                let length = recv(descriptor, &buffer, buffer.count, 0)
                let now = lab_clock_monotonic()
                guard length >= 8 else { return }
                let sequence = Int(buffer[6]) << 8 | Int(buffer[7])
                guard buffer[0] == 0, sequence < count else { continue }
                times.append((sequence, now - sent[sequence]))
                seen += 1
            }
        }
        let start = lab_clock_monotonic()
        for sequence in 0..<count {
            wait(waitSet, until: start + Int64(sequence) * interval, take)
            var message = [UInt8](repeating: 0, count: 64)
            (message[0], message[6], message[7]) = (8, UInt8(sequence >> 8), UInt8(sequence & 0xFF))
            sent[sequence] = lab_clock_monotonic()
            _ = send(descriptor, message, message.count, 0)
        }
        let last = lab_clock_monotonic()
        // What has not come after a second of silence is lost.
        var quiet = last
        while lab_clock_monotonic() - quiet < 1_000_000_000, seen < count {
            let before = seen
            wait(waitSet, until: lab_clock_monotonic() + 20_000_000, take)
            if seen > before { quiet = lab_clock_monotonic() }
        }
        for (sequence, time) in times { print("\(sequence) \(time)") }
        fflush(nil)
    }

    private static func wait(_ waitSet: Int32, until deadline: Int64, _ take: () -> Void) {
        while true {
            take()
            let left = deadline - lab_clock_monotonic()
            guard left > 0 else { return }
            var tag: UInt64 = 0
            _ = lab_wait(waitSet, &tag, 1, left)
        }
    }
}
