import Glibc

/// Addresses of loopback that nobody else asks.
package enum LoopbackAddress {
    /// One for this process alone. Whoever asks the system for a free port of 127.0.0.1 does not get one of its ports, and a
    /// client that comes late to a port of 127.0.0.1 which another test has given back does not reach its listeners.
    package static let own: String = {
        let process = getpid()
        return "127.\(64 | process >> 16 & 63).\(process >> 8 & 255).\(process & 255)"
    }()
}
