import Wire

extension PingStateMachine {
    /// Drives a run over a transport to its end, or to its interruption; blocks where the transport does.
    package static func run(
        _ configuration: PingConfiguration, target: String, address: IPAddress,
        over transport: inout some ProbeTransport,
        onRow: (PingRow) -> Void = { _ in }
    ) throws(ProbeError) -> PingResult {
        if let problem = configuration.problem { throw .invalidConfiguration(problem) }
        var machine = PingStateMachine(configuration, target: address, startedAt: transport.now())
        while !transport.isInterrupted {
            for action in machine.timeAdvanced(to: transport.now()) {
                switch action {
                case .send(let probe): try machine.send(probe, over: &transport)
                case .report(let row): onRow(row)
                case .finish: return machine.result(target: target, mode: transport.mode)
                }
            }
            if let observation = try transport.receive(until: machine.nextDeadline) { machine.observed(observation) }
        }
        return machine.result(target: target, mode: transport.mode)
    }

    private mutating func send(_ probe: Probe, over transport: inout some ProbeTransport) throws(ProbeError) {
        do {
            sent(probe, at: try transport.send(probe))
        } catch {
            // Without a route nothing will ever go out; anything else may pass.
            guard case .sendFailed(_, let code) = error else { throw error }
            sendFailed(probe, errno: code, at: transport.now())
        }
    }
}
