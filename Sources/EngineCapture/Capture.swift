import SupportLinux
import Synchronization

/// A running capture: frames of one or more interfaces go into one pcapng file until it is stopped.
///
/// The frames are taken by a thread of the capture's own. Interfaces are opened by the thread that calls
/// ``start(_:events:)``, so they are those of its network namespace. All calls block for a moment at most; from
/// async code they belong on a thread of their own.
package final class Capture: Sendable {
    private let commands: CaptureCommands

    private init(_ commands: CaptureCommands) { self.commands = commands }

    deinit { commands.abandon() }

    /// Opens the interfaces and the file, and returns once frames are being taken.
    ///
    /// - Throws: ``CaptureFailure``, before the file is touched when it is about an interface or the filter.
    package static func start(
        _ configuration: CaptureConfiguration, events: @escaping @Sendable (CaptureEvent) -> Void = { _ in }
    ) throws(CaptureFailure) -> Capture {
        let commands = try CaptureCommands()
        let loop = try CaptureLoop(configuration, commands, events)
        let handOver = Mutex<CaptureLoop?>(loop)
        do throws(SystemError) {
            try Threads.detach(name: "capture") {
                handOver.withLock { $0.take() }?.run()
            }
        } catch {
            throw .interface(configuration.interfaces.joined(separator: ", "), reason: error.description)
        }
        return Capture(commands)
    }

    /// A barrier: every frame that the kernel had before the call is in the file when it returns.
    package func drain() throws(CaptureFailure) -> CaptureStatistics { try commands.perform(.drain) }

    /// Puts TLS secrets into the file, in the format of a key log. Readers open only what comes behind them.
    package func add(tlsSecrets: [UInt8]) throws(CaptureFailure) { _ = try commands.perform(.secrets(tlsSecrets)) }

    /// Drains, writes what each interface counted, and closes. A second call throws ``CaptureFailure/stopped``.
    package func stop() throws(CaptureFailure) -> CaptureStatistics { try commands.perform(.stop) }
}
