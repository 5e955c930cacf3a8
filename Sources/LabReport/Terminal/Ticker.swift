import Foundation
import Glibc

/// Calls back ten times a second on a thread of its own until the callback says false.
enum Ticker {
    static func start(_ body: @escaping @Sendable () -> Bool) {
        Thread.detachNewThread {
            repeat { Thread.sleep(forTimeInterval: 0.1) } while body()
        }
    }
}

/// The clock that never jumps (CLOCK_MONOTONIC), in nanoseconds.
package enum SteadyClock {
    package static let now: @Sendable () -> Int64 = {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
