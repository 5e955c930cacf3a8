import SupportLinux
import Wire

/// The path to one target over this machine's network.
package struct Traceroute: Sendable {
    package let target: String
    package let configuration: TracerouteConfiguration

    /// `target` is an address or a name.
    package init(_ target: String, _ configuration: TracerouteConfiguration = TracerouteConfiguration()) {
        self.target = target
        self.configuration = configuration
    }

    /// Looks the target up, then traces on a thread of its own. ICMP without a permitted socket falls back to UDP, whose errors
    /// anybody may read; the result's mode tells. Cancellation of the task ends the trace early.
    package func run(
        onStart: @escaping @Sendable (IPAddress, ProbeMode) -> Void = { _, _ in }
    ) async throws -> TracerouteResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let addresses = try await NameResolution.addresses(of: target, family: configuration.family)
        guard let address = addresses.first else { throw ProbeError.noAddress(target, configuration.family) }
        let interrupt = ProbeInterrupt()
        let identifier = UInt16.random(in: 1...UInt16.max)
        let payload = EchoPayload(secret: UInt64.random(in: 0...UInt64.max), size: configuration.size)
        var result = try await withTaskCancellationHandler {
            try await Threads.perform(name: "traceroute") {
                let modes: [ProbeMode] =
                    configuration.method == .udp ? [.udp] : [.datagramICMP, .rawICMP, .udp]
                var transport = try LinuxProbeTransport(
                    target: address, identifier: identifier, payload: payload, interrupt: interrupt, preferred: modes)
                onStart(address, transport.mode)
                return try TracerouteStateMachine.run(
                    configuration, target: target, address: address, over: &transport)
            }
        } onCancel: {
            interrupt.interrupt()
        }
        guard configuration.resolvesNames else { return result }
        let names = await NameResolution.names(of: result.path.compactMap { $0 })
        for index in result.rows.indices {
            result.rows[index].name = result.rows[index].address.flatMap { names[$0] }
        }
        return result
    }
}
