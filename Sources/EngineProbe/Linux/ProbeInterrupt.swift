import CLinux
import Glibc
import Synchronization

/// Ends a running probe early, from any thread: what was learned until then is the result.
package final class ProbeInterrupt: Sendable {
    let bell: Int32
    private let rung = Mutex(false)

    /// A bell that can be rung again, and be waited for.
    final class Bell: Sendable {
        private let descriptor = lab_bell_open()

        deinit {
            if descriptor >= 0 { close(descriptor) }
        }

        func ring() { lab_bell_ring(descriptor) }

        /// Returns when it was rung since the last wait, or some time later; negative: without a limit.
        func wait(atMost nanoseconds: Int64 = -1) {
            var ready: [UInt8] = [0]
            _ = lab_poll_readable([descriptor], &ready, 1, nanoseconds)
            lab_bell_silence(descriptor)
        }
    }

    package init() { bell = lab_bell_open() }

    deinit {
        if bell >= 0 { close(bell) }
    }

    package var isInterrupted: Bool { rung.withLock { $0 } }

    package func interrupt() {
        rung.withLock { $0 = true }
        if bell >= 0 { lab_bell_ring(bell) }
    }
}
