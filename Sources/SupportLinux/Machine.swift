import CLinux
import Glibc

/// The kernel's clocks, in nanoseconds.
package enum Clocks {
    /// Time since boot, never set back: for intervals and deadlines.
    package static func monotonic() -> UInt64 { read(CLOCK_MONOTONIC) }

    /// Time since 1970-01-01 00:00 UTC: for stamps that people and captures compare.
    package static func realtime() -> UInt64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }
}

/// Random bytes from the kernel.
package enum Random {
    package static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // The kernel has refused random bytes to nobody since 3.17; without them nothing here may go on.
            precondition(lab_random(buffer.baseAddress, UInt64(count)) == 0, "getrandom: errno \(errno)")
            filled = count
        }
    }
}

/// The running process itself.
package enum OwnProcess {
    /// The absolute path of the executable that is running.
    package static func executable() throws(SystemError) -> String {
        try Files.destination(ofLink: "/proc/self/exe")
    }

    /// Its environment, as NAME=VALUE gives it; of a name given twice the first counts, as for getenv.
    package static func environment() -> [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let line = String(cString: text)
            if let equals = line.firstIndex(of: "=") {
                let name = String(line[..<equals])
                if variables[name] == nil { variables[name] = String(line[line.index(after: equals)...]) }
            }
            entry += 1
        }
        return variables
    }

    /// Makes writing to a peer that is gone an error instead of a signal.
    package static func ignoreBrokenPipes() { lab_ignore_broken_pipes() }
}
