import SupportLinux
import Synchronization

/// The terminal while a shell has it.
final class HeldTerminal: Sendable {
    private let held = Mutex<RawTerminal?>(nil)

    func hold(_ terminal: RawTerminal) { held.withLock { $0 = terminal } }
    func restore() { held.withLock { $0 }?.restore() }

    /// Says something on standard error, in the midst of whatever is shown.
    func say(_ line: String) {
        let isRaw = held.withLock { $0 != nil }
        Standard.error(isRaw ? "\r\n\(line)\r\n" : line + "\n")
    }
}
