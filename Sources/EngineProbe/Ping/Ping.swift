import CLinux
import SupportLinux
import Wire

/// A target whose address is known.
package struct ResolvedTarget: Sendable, Hashable {
    /// As it was asked for: a name or an address.
    package let name: String
    package let address: IPAddress

    package init(name: String, address: IPAddress) {
        self.name = name
        self.address = address
    }
}

/// Echo requests to targets over this machine's network, and what came back.
package struct Ping: Sendable {
    /// Addresses or names.
    package let targets: [String]
    package let configuration: PingConfiguration

    package init(_ targets: [String], _ configuration: PingConfiguration = PingConfiguration()) {
        self.targets = targets
        self.configuration = configuration
    }

    package init(_ target: String, _ configuration: PingConfiguration = PingConfiguration()) {
        self.init([target], configuration)
    }

    /// With more targets than this, or in a flood, stamps of departures would cost more than they tell.
    private static let stampedTargets = 16

    /// Pings one target; see ``report(onStart:onEvent:)``.
    package func run(
        onStart: @escaping @Sendable (IPAddress, ProbeMode) -> Void = { _, _ in },
        onRow: @escaping @Sendable (PingRow) -> Void = { _ in }
    ) async throws -> PingResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let target = targets.first ?? ""
        let addresses = try await NameResolution.addresses(of: target, family: configuration.family)
        guard let address = addresses.first else { throw ProbeError.noAddress(target, configuration.family) }
        let (results, _) = try await perform(
            [address], names: [target],
            onStart: { mode in onStart(address, mode) },
            onEvent: { event in if case .row(let row, _) = event { onRow(row) } })
        return results[0]
    }

    /// Looks the targets up, then probes all of them on one thread of its own. Cancellation of the task ends the run early; its
    /// report is what was learned. Targets with one address are asked once and share the answer.
    ///
    /// `onStart` tells who will be asked before the first request; events count targets in the order of that list.
    package func report(
        onStart: @escaping @Sendable ([ResolvedTarget], ProbeMode) -> Void = { _, _ in },
        onEvent: @escaping @Sendable (PingEvent) -> Void = { _ in }
    ) async throws -> PingReport {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let resolution = await NameResolution.resolve(targets, family: configuration.family)
        var failures: [PingReport.Failure] = []
        var resolved: [ResolvedTarget] = []
        for (name, address) in resolution {
            switch address {
            case .success(let address): resolved.append(ResolvedTarget(name: name, address: address))
            case .failure(let error):
                if targets.count == 1 { throw error }
                failures.append(PingReport.Failure(target: name, error: "\(error)"))
            }
        }
        let startedAt = lab_clock_realtime()
        guard !resolved.isEmpty else { return PingReport(startedAt: startedAt, results: [], failures: failures) }
        var asked: [IPAddress: Int] = [:]
        var distinct: [ResolvedTarget] = []
        for target in resolved where asked[target.address] == nil {
            asked[target.address] = distinct.count
            distinct.append(target)
        }
        let shown = distinct
        let (results, strangers) = try await perform(
            distinct.map(\.address), names: distinct.map(\.name), onStart: { onStart(shown, $0) }, onEvent: onEvent)
        let all = resolved.compactMap { target in
            asked[target.address].map { place in
                var result = results[place]
                result.target = target.name
                return result
            }
        }
        return PingReport(startedAt: startedAt, results: all, failures: failures, foreign: strangers)
    }

    private func perform(
        _ addresses: [IPAddress], names: [String], onStart: @escaping @Sendable (ProbeMode) -> Void,
        onEvent: @escaping @Sendable (PingEvent) -> Void
    ) async throws -> (results: [PingResult], strangers: Int) {
        let interrupt = ProbeInterrupt()
        let payload = EchoPayload(
            secret: UInt64.random(in: 0...UInt64.max), size: configuration.size, pattern: configuration.pattern)
        var options = LinuxProbeTransport.Options(identifier: UInt16.random(in: 1...UInt16.max), payload: payload)
        options.modes = configuration.modes ?? [.datagramICMP, .rawICMP, .udp]
        options.source = configuration.source
        options.fragmentation = configuration.fragmentation
        options.stampsDepartures = configuration.pacing != .flood && addresses.count <= Ping.stampedTargets
        let chosen = options
        return try await withTaskCancellationHandler {
            try await Threads.perform(name: "ping") {
                lab_timer_slack(1)
                var transport = try LinuxProbeTransport(
                    families: Set(addresses.map(\.family)), chosen, interrupt: interrupt)
                onStart(transport.mode)
                let machine = try PingStateMachine.run(
                    configuration, targets: addresses, over: &transport, onEvent: onEvent)
                let results = machine.results(
                    names: names, source: configuration.keepsRows ? ProbeSocket.source(towards:) : { _ in nil },
                    mode: transport.mode)
                return (results, machine.strangers)
            }
        } onCancel: {
            interrupt.interrupt()
        }
    }
}
