import SupportLinux
import Wire

/// Echo requests to one target over this machine's network, and what came back.
package struct Ping: Sendable {
    package let target: String
    package let configuration: PingConfiguration

    /// `target` is an address or a name.
    package init(_ target: String, _ configuration: PingConfiguration = PingConfiguration()) {
        self.target = target
        self.configuration = configuration
    }

    /// Looks the target up, then probes it on a thread of its own. Cancellation of the task ends the run early; its result is what
    /// was learned. `onStart` tells the address and mode before the first request, `onRow` each row when it is settled.
    package func run(
        onStart: @escaping @Sendable (IPAddress, ProbeMode) -> Void = { _, _ in },
        onRow: @escaping @Sendable (PingRow) -> Void = { _ in }
    ) async throws -> PingResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let addresses = try await NameResolution.addresses(of: target, family: configuration.family)
        guard let address = addresses.first else { throw ProbeError.noAddress(target, configuration.family) }
        let interrupt = ProbeInterrupt()
        let identifier = UInt16.random(in: 1...UInt16.max)
        return try await withTaskCancellationHandler {
            try await Threads.perform(name: "ping") {
                var transport = try LinuxProbeTransport(
                    target: address, identifier: identifier, interrupt: interrupt)
                onStart(address, transport.mode)
                return try PingStateMachine.run(
                    configuration, target: target, address: address, over: &transport, onRow: onRow)
            }
        } onCancel: {
            interrupt.interrupt()
        }
    }
}
