import CLinux
import Glibc
import Synchronization

/// Ends a running probe early, from any thread: what was learned until then is the result.
package final class ProbeInterrupt: Sendable {
    let bell: Int32
    private let rung = Mutex(false)

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
