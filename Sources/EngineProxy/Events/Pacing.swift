import Glibc

/// Keeps a thread that serves a queue from being woken for each thing in it: what comes while it pauses waits together.
///
/// What comes after a quiet time is served at once; under load, batches begin at least 2 ms apart.
struct Pacing {
    private static let pause: Int64 = 2_000_000
    private var next: Int64 = 0

    /// Returns when the next batch may begin.
    mutating func wait() {
        let now = Self.now()
        if now < next {
            var left = timespec(tv_sec: 0, tv_nsec: Int(next - now))
            nanosleep(&left, nil)
        }
    }

    /// A batch begins.
    mutating func begin() { next = Self.now() + Self.pause }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
