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
        let interrupt = ProbeInterrupt()
        return try await withTaskCancellationHandler {
            try await Threads.perform(name: "traceroute") {
                try run(addresses, interrupt: interrupt, onStart: onStart)
            }
        } onCancel: {
            interrupt.interrupt()
        }
    }

    /// The same on the calling thread, which is blocked.
    ///
    /// - Parameter interrupt: ends the trace early.
    package func run(interrupt: ProbeInterrupt) throws -> TracerouteResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let addresses = try NameResolution.addresses(waitingFor: target, family: configuration.family)
        return try run(addresses, interrupt: interrupt)
    }

    private func run(
        _ addresses: [IPAddress], interrupt: ProbeInterrupt, onStart: (IPAddress, ProbeMode) -> Void = { _, _ in }
    ) throws(ProbeError) -> TracerouteResult {
        guard let address = addresses.first else { throw .noAddress(target, configuration.family) }
        let resolver = configuration.resolvesNames ? HopResolver() : nil
        // The dispatching thread would wait for ever otherwise.
        defer { resolver?.end() }
        lab_timer_slack(1)
        var result: TracerouteResult
        if configuration.method == .tcp {
            var transport = try TCPProbeTransport(
                family: address.family, port: configuration.port ?? 80, source: configuration.source,
                interrupt: interrupt)
            onStart(address, transport.mode)
            result = try TracerouteStateMachine.run(
                configuration, target: target, address: address, over: &transport,
                onHeard: { resolver?.heard($0) })
        } else {
            var transport = try LinuxProbeTransport(
                families: [address.family], configuration.options(to: address), interrupt: interrupt)
            onStart(address, transport.mode)
            result = try TracerouteStateMachine.run(
                configuration, target: target, address: address, over: &transport,
                onHeard: { resolver?.heard($0) })
        }
        guard let resolver else { return result }
        var slowest: Int64 = 0
        for row in result.rows { slowest = max(slowest, row.roundTrip ?? 0) }
        let names = resolver.finish(slowest: slowest)
        for index in result.rows.indices {
            if let address = result.rows[index].address { result.rows[index].name = names[address] }
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
