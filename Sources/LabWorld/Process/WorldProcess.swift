import CLinux
import EngineNetwork
import Glibc
import SupportLinux

/// Pid 1 of a world: it owns the namespaces, starts and reaps programs, and ends when the runner does.
///
/// Its end is the end of everything inside, by the kernel's hand: that is all the cleaning up there is, so nothing here
/// may be visible outside (no named namespaces, no shared mounts, no files).
package enum WorldProcess {
    /// The hidden first word of the command line that leads here.
    package static let argument = "__world"
    /// The descriptor of the channel to the runner.
    static let controlDescriptor: Int32 = 3

    /// An emulated network that was opened.
    package struct OpenNetwork: Sendable {
        /// Serves it, on a thread of its own.
        let serve: @Sendable () -> Void
        /// Changes it while it is served; what is given is called once packets see the change, on a thread of the network's.
        let change: @Sendable (NetworkChange, @escaping @Sendable () -> Void) -> Void

        /// Takes what became of a host's packets that came to grief; what is given is called on a thread of the network's.
        let fates: @Sendable (String, @escaping @Sendable ([PacketFate]) -> Void) -> Void

        package init(
            serve: @escaping @Sendable () -> Void,
            change: @escaping @Sendable (NetworkChange, @escaping @Sendable () -> Void) -> Void,
            fates: @escaping @Sendable (String, @escaping @Sendable ([PacketFate]) -> Void) -> Void = { $1([]) }
        ) {
            self.serve = serve
            self.change = change
            self.fates = fates
        }
    }

    /// Opens the emulated network on these ports.
    package typealias GatewayOpening = @Sendable (Topology, UInt64, [Gateway.Port], LinkTap?) throws -> OpenNetwork

    /// Serves the runner until it is gone. Call it before anything else is done in the process.
    package static func run(gateway: GatewayOpening? = nil) -> Never {
        OwnProcess.ignoreBrokenPipes()
        let control = FileDescriptor(owning: controlDescriptor)
        guard getpid() == 1, fcntl(controlDescriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            _ = try? FileDescriptor(owning: STDERR_FILENO).write(
                Array("lab: `\(argument)` is started by lab itself, in a world of its own\n".utf8))
            exit(64)
        }
        // Blocked before the first thread starts, so that every thread has it blocked and the descriptor gets all.
        let signals = lab_child_signals()
        do {
            guard signals >= 0 else { throw SystemError.current("watch for ended programs") }
            // Whatever the main thread is busy with, the end of the runner is noticed.
            try Threads.detach(name: "lifeline") {
                lab_await_hangup(controlDescriptor)
                _exit(0)
            }
            var server = WorldServer(control: control, open: gateway ?? openGateway)
            try server.serve(childSignals: FileDescriptor(owning: signals))
        } catch {
            _exit(70)
        }
        _exit(0)
    }

    private static let openGateway: GatewayOpening = { topology, seed, ports, tap in
        let gateway = try Gateway(topology: topology, seed: seed, ports: ports)
        if let tap { gateway.watch(tap) }
        return OpenNetwork {
            gateway.run()
            // It serves for ever: a network that fell silent must not pass for hosts that do not answer.
            _exit(70)
        } change: { change, made in
            gateway.apply(change, made: made)
        } fates: { host, given in
            gateway.takeFates(ofHost: host, given: given)
        }
    }
}
