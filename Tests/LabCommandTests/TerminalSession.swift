import Glibc
import SupportLinux
import Synchronization

/// A program at a terminal of its own, with somebody who types and reads. Every wait is for something that must show.
final class TerminalSession: Sendable {
    struct Missing: Error, CustomStringConvertible {
        let description: String
    }

    private let pair: Pseudoterminal
    private let child: ChildProcess
    private let shown = Shown()
    /// How far has been read by `wait`.
    private let seen = Mutex(0)
    /// The settings of the terminal before the program began.
    private let before: [UInt8]

    var pid: Int32 { child.pid }

    /// - Parameter environment: all of it.
    init(
        _ command: [String], environment: [String: String], folder: String,
        size: Terminal.Size = Terminal.Size(rows: 30, columns: 100)
    ) throws {
        pair = try Pseudoterminal(size: size)
        before = try TerminalSession.settings(of: pair.primary.number)
        var launch = Launch(command, environment: environment, directory: folder)
        launch.descriptors = Array(repeating: pair.secondary.number, count: 3)
        launch.controllingTerminal = 0
        child = try ChildProcess(launch)
        // The other end stays open here, so that the terminal outlives the program, as a person's does.
        let (primary, shown) = (pair.primary, shown)
        try Threads.detach(name: "terminal") {
            while let bytes = try? primary.read(upTo: 65_536), !bytes.isEmpty {
                shown.bytes.withLock { $0 += bytes }
            }
        }
    }

    deinit {
        child.signal(SIGKILL)
        // The last one at this end: whoever reads at the other sees that it is over.
        pair.secondary.close()
    }

    func type(_ text: String) throws { try pair.primary.write(Array(text.utf8)) }

    func resize(_ size: Terminal.Size) throws { try Terminal.setSize(size, of: pair.primary.number) }

    var text: String { String(decoding: shown.bytes.withLock { $0 }, as: UTF8.self) }

    /// Waits until the text shows beyond what was waited for before.
    func wait(for text: String) async throws {
        let wanted = Array(text.utf8)
        let start = seen.withLock { $0 }
        let shown = shown
        do {
            try await Conditions.wait("shown: \(text.debugDescription)") {
                shown.bytes.withLock { $0[start...].firstRange(of: wanted) != nil }
            }
        } catch {
            throw Missing(description: "\(error), but:\n\(self.text)")
        }
        let end = shown.bytes.withLock { $0[start...].firstRange(of: wanted)?.upperBound ?? start }
        seen.withLock { $0 = end }
    }

    func exitStatus() async -> ExitStatus { await child.exitStatus() }

    /// Waits until the terminal is set as it was before the program began.
    func waitUntilRestored() async throws {
        let (primary, before) = (pair.primary.number, before)
        try await Conditions.wait("the terminal is as it was") { try TerminalSession.settings(of: primary) == before }
    }

    /// Whether keys are given to the program one by one and unechoed.
    func isRaw() throws -> Bool {
        var state = termios()
        guard tcgetattr(pair.primary.number, &state) == 0 else { throw Missing(description: "no terminal") }
        return state.c_lflag & tcflag_t(ICANON | ECHO | ISIG) == 0
    }

    private static func settings(of descriptor: Int32) throws -> [UInt8] {
        var state = termios()
        guard tcgetattr(descriptor, &state) == 0 else { throw Missing(description: "no terminal") }
        return [state.c_iflag, state.c_oflag, state.c_cflag, state.c_lflag].flatMap { flags in
            (0..<4).map { UInt8(truncatingIfNeeded: flags >> ($0 * 8)) }
        }
    }
}

/// What a terminal has shown so far.
private final class Shown: Sendable {
    let bytes = Mutex<[UInt8]>([])
}

/// Waiting for what comes about elsewhere and tells nobody.
enum Conditions {
    /// Looks until it is so, on a thread of its own.
    ///
    /// - Throws: `TerminalSession.Missing` after ten minutes: only what will never be so is not so by then.
    static func wait(_ what: String, _ isSo: @escaping @Sendable () throws -> Bool) async throws {
        try await Threads.perform(name: "condition") {
            for _ in 0..<12_000 {
                if try isSo() { return }
                usleep(50_000)
            }
            throw TerminalSession.Missing(description: "never so: \(what)")
        }
    }
}
