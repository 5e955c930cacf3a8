import CLinux
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
        let chosen = configuration.options(to: address)
        let resolver = configuration.resolvesNames ? HopResolver() : nil
        // The dispatching thread would wait for ever otherwise.
        defer { resolver?.end() }
        var result = try await withTaskCancellationHandler {
            try await Threads.perform(name: "traceroute") {
                lab_timer_slack(1)
                if configuration.method == .tcp {
                    var transport = try TCPProbeTransport(
                        family: address.family, port: configuration.port ?? 80, source: configuration.source,
                        interrupt: interrupt)
                    onStart(address, transport.mode)
                    return try TracerouteStateMachine.run(
                        configuration, target: target, address: address, over: &transport,
                        onHeard: { resolver?.heard($0) })
                }
                var transport = try LinuxProbeTransport(
                    families: [address.family], chosen, interrupt: interrupt)
                onStart(address, transport.mode)
                return try TracerouteStateMachine.run(
                    configuration, target: target, address: address, over: &transport,
                    onHeard: { resolver?.heard($0) })
            }
        } onCancel: {
            interrupt.interrupt()
        }
        guard let resolver else { return result }
        let slowest = result.rows.compactMap(\.roundTrip).max() ?? 0
        let names = try await Threads.perform(name: "names") { resolver.finish(slowest: slowest) }
        for index in result.rows.indices {
            result.rows[index].name = result.rows[index].address.flatMap { names[$0] }
        }
        return result
    }
}

extension TracerouteConfiguration {
    /// How ICMP and UDP probes are sent, with identifiers of their own.
    func options(to target: IPAddress) -> LinuxProbeTransport.Options {
        var payload = EchoPayload(secret: UInt64.random(in: 0...UInt64.max), size: findsMTU ? 65_000 : size)
        payload.sizeVaries = true
        var options = LinuxProbeTransport.Options(
            identifier: UInt16.random(in: 1...UInt16.max), payload: payload)
        options.modes = method == .udp ? [.udp] : [.datagramICMP, .rawICMP, .udp]
        options.basePort = port ?? LinuxProbeTransport.classicPort
        options.source = source
        options.target = target
        options.fragmentation = findsMTU ? .probe : nil
        return options
    }
}
