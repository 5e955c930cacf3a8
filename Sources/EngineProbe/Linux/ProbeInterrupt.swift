import CLinux
import Glibc
import Synchronization

/// Ends a running probe early, from any thread: what was learned until then is the result.
package final class ProbeInterrupt: Sendable {
    let bell: Int32
    private let rung = Mutex(false)
    private let followsSignals: Bool

    /// A bell that can be rung again, and be waited for.
    final class Bell: Sendable {
        private let descriptor = lab_bell_open()

        deinit {
            if descriptor >= 0 { close(descriptor) }
        }

        func ring() { lab_bell_ring(descriptor) }

        /// Returns when it was rung since the last wait, or some time later; negative: without a limit. Whether it was rung.
        @discardableResult
        func wait(atMost nanoseconds: Int64 = -1) -> Bool {
            var ready: [UInt8] = [0]
            _ = lab_poll_readable([descriptor], &ready, 1, nanoseconds)
            lab_bell_silence(descriptor)
            return ready[0] != 0
        }
    }

    /// - Parameter followsSignals: whether Ctrl-C and requests to end (SIGINT, SIGTERM) interrupt the run from now on,
    ///   instead of ending the process. For one run of a process at a time.
    package init(followsSignals: Bool = false) {
        bell = lab_bell_open()
        self.followsSignals = followsSignals && bell >= 0 && lab_ring_on_interruption(bell) == 0
    }

    deinit {
        if followsSignals { _ = lab_ring_on_interruption(-1) }
        if bell >= 0 { close(bell) }
    }

    package var isInterrupted: Bool {
        followsSignals && lab_interruption_came() != 0 || rung.withLock { $0 }
    }

    package func interrupt() {
        rung.withLock { $0 = true }
        if bell >= 0 { lab_bell_ring(bell) }
    }
}
