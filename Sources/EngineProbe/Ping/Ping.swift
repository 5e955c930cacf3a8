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
        let interrupt = ProbeInterrupt()
        let (results, _) = try await perform(interrupt) {
            try probe(
                [address], names: [target], interrupt, onStart: { mode in onStart(address, mode) },
                onEvent: { event in if case .row(let row, _) = event { onRow(row) } })
        }
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
        let interrupt = ProbeInterrupt()
        return try await perform(interrupt) {
            try report(resolution, interrupt, onStart: onStart, onEvent: onEvent)
        }
    }

    /// The same on the calling thread, which is blocked; nil where a target has to be looked up.
    ///
    /// - Parameter interrupt: ends the run early.
    package func report(
        interrupt: ProbeInterrupt, onStart: ([ResolvedTarget], ProbeMode) -> Void = { _, _ in },
        onEvent: (PingEvent) -> Void = { _ in }
    ) throws -> PingReport? {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        guard let resolution = NameResolution.literals(targets, family: configuration.family) else { return nil }
        return try report(resolution, interrupt, onStart: onStart, onEvent: onEvent)
    }

    private func report(
        _ resolution: [(name: String, address: Result<IPAddress, ProbeError>)], _ interrupt: ProbeInterrupt,
        onStart: ([ResolvedTarget], ProbeMode) -> Void, onEvent: (PingEvent) -> Void
    ) throws(ProbeError) -> PingReport {
        var failures: [PingReport.Failure] = []
        var names: [String] = []
        // The place of each name's address among those that are asked.
        var places: [Int] = []
        var asked = AddressPlaces(capacity: resolution.count)
        var distinct: [ResolvedTarget] = []
        for (name, address) in resolution {
            switch address {
            case .success(let address):
                let place = asked.insert(address)
                if place == distinct.count { distinct.append(ResolvedTarget(name: name, address: address)) }
                names.append(name)
                places.append(place)
            case .failure(let error):
                if targets.count == 1 { throw error }
                failures.append(PingReport.Failure(target: name, error: "\(error)"))
            }
        }
        let startedAt = lab_clock_realtime()
        guard !distinct.isEmpty else { return PingReport(startedAt: startedAt, results: [], failures: failures) }
        let (results, strangers) = try probe(
            distinct.map(\.address), names: distinct.map(\.name), interrupt, onStart: { onStart(distinct, $0) },
            onEvent: onEvent)
        let all = zip(names, places).map { name, place in
            var result = results[place]
            result.target = name
            return result
        }
        return PingReport(startedAt: startedAt, results: all, failures: failures, foreign: strangers)
    }

    /// On a thread of its own; cancellation of the task interrupts it.
    private func perform<Value: Sendable>(
        _ interrupt: ProbeInterrupt, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withTaskCancellationHandler {
            try await Threads.perform(name: "ping", body)
        } onCancel: {
            interrupt.interrupt()
        }
    }

    private func probe(
        _ addresses: [IPAddress], names: [String], _ interrupt: ProbeInterrupt, onStart: (ProbeMode) -> Void,
        onEvent: (PingEvent) -> Void
    ) throws(ProbeError) -> (results: [PingResult], strangers: Int) {
        let payload = EchoPayload(
            secret: UInt64.random(in: 0...UInt64.max), size: configuration.size, pattern: configuration.pattern)
        var options = LinuxProbeTransport.Options(identifier: UInt16.random(in: 1...UInt16.max), payload: payload)
        options.modes = configuration.modes ?? [.datagramICMP, .rawICMP, .udp]
        options.source = configuration.source
        options.fragmentation = configuration.fragmentation
        options.stampsDepartures = configuration.pacing != .flood && addresses.count <= Ping.stampedTargets
        lab_timer_slack(1)
        var transport = try LinuxProbeTransport(
            families: addresses.map(\.family), options, interrupt: interrupt)
        onStart(transport.mode)
        let machine = try PingStateMachine.run(configuration, targets: addresses, over: &transport, onEvent: onEvent)
        let results = machine.results(
            names: names, source: configuration.keepsRows ? ProbeSocket.source(towards:) : { _ in nil },
            mode: transport.mode)
        return (results, machine.strangers)
    }
}
