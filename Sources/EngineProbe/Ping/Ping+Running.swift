import Glibc
import Wire

/// What a running ping tells as it happens; `target` is the place in the list of targets.
package enum PingEvent: Sendable {
    case sent(target: Int, sequence: Int)
    case row(PingRow, target: Int)
    case stray(PingStray, target: Int?)
}

extension PingStateMachine {
    /// Drives a run over a transport to its end, or to its interruption; blocks where the transport does.
    ///
    /// With several targets, one that has no route is a row of failures; alone it ends the run.
    package static func run(
        _ configuration: PingConfiguration, targets: [IPAddress], over transport: inout some ProbeTransport,
        onEvent: (PingEvent) -> Void = { _ in }
    ) throws(ProbeError) -> PingStateMachine {
        if let problem = configuration.problem { throw .invalidConfiguration(problem) }
        var machine = PingStateMachine(configuration, targets: targets, startedAt: transport.now())
        while !transport.isInterrupted {
            for action in machine.timeAdvanced(to: transport.now()) {
                switch action {
                case .send(let probe): try machine.send(probe, over: &transport, onEvent)
                case .report(let row, let target): onEvent(.row(row, target: target))
                case .stray(let stray, let target): onEvent(.stray(stray, target: target))
                case .finish: return machine
                }
            }
            if let observation = try transport.receive(until: machine.nextDeadline) { machine.observed(observation) }
        }
        return machine
    }

    /// A run to one target.
    package static func run(
        _ configuration: PingConfiguration, target: String, address: IPAddress,
        over transport: inout some ProbeTransport, onRow: (PingRow) -> Void = { _ in }
    ) throws(ProbeError) -> PingResult {
        let machine = try run(configuration, targets: [address], over: &transport) { event in
            if case .row(let row, _) = event { onRow(row) }
        }
        return machine.results(names: [target], mode: transport.mode)[0]
    }

    private mutating func send(
        _ probe: Probe, over transport: inout some ProbeTransport, _ onEvent: (PingEvent) -> Void
    ) throws(ProbeError) {
        do {
            sent(probe, at: try transport.send(probe))
            if let (target, sequence) = place(of: probe) { onEvent(.sent(target: target, sequence: sequence)) }
        } catch {
            switch error {
            case .sendFailed(_, let code): sendFailed(probe, errno: code, at: transport.now())
            case .messageTooBig(_, let mtu): sendFailed(probe, errno: EMSGSIZE, mtu: mtu, at: transport.now())
            // Without a route nothing will ever go out; anything else may pass.
            case .networkUnreachable where targetCount > 1:
                sendFailed(probe, errno: ENETUNREACH, at: transport.now())
            default: throw error
            }
        }
    }
}
