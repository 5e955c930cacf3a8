import CLinux
import SupportLinux
import Wire

/// A path that is watched over this machine's network, until somebody ends it or its rounds are over.
package struct Watch: Sendable {
    package let target: String
    package let configuration: WatchConfiguration

    /// `target` is an address or a name.
    package init(_ target: String, _ configuration: WatchConfiguration) {
        self.target = target
        self.configuration = configuration
    }

    /// How a watch stands, and the names that are known by now.
    package struct Frame: Sendable {
        package let machine: WatchStateMachine
        package let names: [IPAddress: String]
        package let mode: ProbeMode
    }

    private static let framePause: Int64 = 100_000_000

    /// Looks the target up, then watches on a thread of its own. Cancellation of the task ends it early.
    ///
    /// - Parameter onFrame: called on that thread ten times a second, and with what is asked for by then; must not block.
    package func run(
        onFrame: (@Sendable (Frame) -> [WatchStateMachine.Request])? = nil
    ) async throws -> Frame {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let trace = configuration.trace
        let addresses = try await NameResolution.addresses(of: target, family: trace.family)
        guard let address = addresses.first else { throw ProbeError.noAddress(target, trace.family) }
        let interrupt = ProbeInterrupt()
        let resolver = trace.resolvesNames ? HopResolver() : nil
        defer { resolver?.end() }
        return try await withTaskCancellationHandler {
            try await Threads.perform(name: "watch") {
                lab_timer_slack(1)
                if trace.method == .tcp {
                    var transport = try TCPProbeTransport(
                        family: address.family, port: trace.port ?? 80, source: trace.source, interrupt: interrupt)
                    return try run(address, over: &transport, resolver, onFrame)
                }
                var options = trace.options(to: address)
                // A few probes in a second: what their stamps cost is nothing.
                options.stampsDepartures = true
                var transport = try LinuxProbeTransport(
                    families: [address.family], options, interrupt: interrupt)
                return try run(address, over: &transport, resolver, onFrame)
            }
        } onCancel: {
            interrupt.interrupt()
        }
    }

    private func run(
        _ address: IPAddress, over transport: inout some ProbeTransport, _ resolver: HopResolver?,
        _ onFrame: ((Frame) -> [WatchStateMachine.Request])?
    ) throws(ProbeError) -> Frame {
        var nextFrame = Int64.min
        let mode = transport.mode
        let machine = try WatchStateMachine.run(configuration, address: address, over: &transport) { machine, heard in
            if let heard { resolver?.heard(heard) }
            let now = lab_clock_monotonic()
            guard let onFrame else { return ([], Int64.max) }
            guard now >= nextFrame else { return ([], nextFrame) }
            nextFrame = now + Watch.framePause
            return (onFrame(Frame(machine: machine, names: resolver?.known ?? [:], mode: mode)), nextFrame)
        }
        let slowest = machine.hops.compactMap(\.worst).max() ?? 0
        return Frame(machine: machine, names: resolver?.finish(slowest: slowest).known ?? [:], mode: mode)
    }
}

extension WatchStateMachine {
    /// Drives a watch over a transport to its end, or to its interruption; blocks where the transport does.
    ///
    /// - Parameter between: called between two inputs with whoever was heard, if anybody; gives what is asked for, and when
    ///   it wants to be called again at the latest.
    package static func run(
        _ configuration: WatchConfiguration, address: IPAddress, over transport: inout some ProbeTransport,
        between: (WatchStateMachine, IPAddress?) -> ([Request], Int64) = { _, _ in ([], Int64.max) }
    ) throws(ProbeError) -> WatchStateMachine {
        if let problem = configuration.problem { throw .invalidConfiguration(problem) }
        var machine = WatchStateMachine(configuration, target: address)
        var heard: IPAddress?
        while !transport.isInterrupted {
            let (requests, wakeAt) = between(machine, heard)
            heard = nil
            for request in requests { machine.asked(request) }
            for action in machine.timeAdvanced(to: transport.now()) {
                guard case .send(let probe) = action else { return machine }
                do {
                    machine.sent(probe, at: try transport.send(probe))
                } catch {
                    switch error {
                    // A watch goes on while a cable is out.
                    case .sendFailed, .messageTooBig, .networkUnreachable: machine.sendFailed(probe)
                    default: throw error
                    }
                }
            }
            if let observation = try transport.receive(until: min(machine.nextDeadline, wakeAt)) {
                heard = machine.observed(observation)
            }
        }
        return machine
    }
}
