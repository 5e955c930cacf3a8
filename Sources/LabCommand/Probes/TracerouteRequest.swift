import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import Wire

/// What `lab traceroute` was asked to do, whoever read the words.
struct TracerouteRequest: Equatable {
    var host = ""
    var firstHop = 1
    var maximumHops = 30
    var probes = 3
    var timeout = 1.0
    var window = 32
    var size = 32
    var port: UInt16?
    var source: String?
    var icmp = false
    var udp = false
    var tcp = false
    var numeric = false
    var showsExtensions = false
    var findsMTU = false
    var classic = false
    var allWays = false
    var watch = false
    var rounds: Int?
    var interval: Double?
    var ipv4 = false
    var ipv6 = false
    private var family: IPFamily? { ipv4 ? .v4 : ipv6 ? .v6 : nil }
    var format = Format.text

    enum Format: String, CaseIterable {
        case text, json, atlas, svg
    }

    func validate() throws {
        if watch {
            _ = try watchPlan(isLive: false)
            if format == .atlas || format == .svg {
                throw ValidationError("--watch prints text or json, not \(format.rawValue)")
            }
        } else if rounds != nil || interval != nil {
            throw ValidationError("-c and --interval belong to --watch; probes for each hop are counted by -q")
        } else {
            _ = try plan()
        }
    }

    /// Where nobody is there to quit, rounds have an end.
    private func watchPlan(isLive: Bool) throws -> WatchConfiguration {
        let plan = WatchConfiguration(
            try plan(), interval: try Seconds.nanoseconds(interval ?? 1, "--interval"),
            rounds: rounds ?? (isLive ? nil : 10))
        if let problem = plan.problem { throw ValidationError(problem) }
        return plan
    }

    private func plan() throws -> TracerouteConfiguration {
        if icmp && udp || icmp && tcp || udp && tcp {
            throw ValidationError("-I, -U and -T exclude one another: a probe is ICMP, UDP or TCP")
        }
        if classic, allWays { throw ValidationError("--classic and --all-ways exclude one another") }
        let timeout = try Seconds.nanoseconds(timeout, "-w", from: 0.000_001)
        let plan = TracerouteConfiguration(
            method: tcp ? .tcp : udp ? .udp : .icmp, flows: classic ? .each : allWays ? .all : .one, firstHop: firstHop,
            maximumHops: maximumHops, probesPerHop: probes, timeout: timeout, minimumWait: min(timeout, 30_000_000),
            window: window, size: size, findsMTU: findsMTU, port: port, source: source, family: family,
            resolvesNames: !numeric)
        if let problem = plan.problem { throw ValidationError(problem) }
        return plan
    }

    /// Traces on this thread and prints what came of it.
    func perform() throws -> LabModel.ExitStatus {
        let trace = Traceroute(host, try plan())
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let result = try ProbeWork.perform { interrupt in try trace.run(interrupt: interrupt) }
        switch format {
        case .json: Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .atlas:
            let atlas = AtlasTraceroute(result, startedAt: Int64(time.tv_sec) * 1_000_000_000)
            Standard.write(try JSON.encode([atlas], pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .svg: Standard.output(TracerouteDrawing.svg(result))
        case .text:
            let lines = TracerouteText.text(result, showsExtensions: showsExtensions)
            Standard.output(lines.joined(separator: "\n") + "\n")
        }
        return result.reached ? .passed : .checkFailed
    }

    func performWatch() async throws {
        let method = try plan().method
        let view =
            format == .text ? WatchView(target: host, method: method, showsLabels: showsExtensions) : nil
        defer { view?.restore() }
        let watch = Watch(host, try watchPlan(isLive: view != nil))
        var onFrame: (@Sendable (Watch.Frame) -> [WatchStateMachine.Request])?
        if let view { onFrame = { frame in view.take(frame) } }
        let shown = onFrame
        let frame = try await ProbeWork.perform(restoring: { view?.restore() }) {
            try await watch.run(onFrame: shown)
        }
        view?.restore()
        let result = WatchResult(frame.machine, target: host, mode: frame.mode, names: frame.names)
        if format == .json {
            Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
        } else {
            var screen = WatchScreen(target: host, address: frame.machine.target, method: method)
            screen.showsLabels = showsExtensions
            let lines = screen.report(frame.machine, mode: frame.mode, names: frame.names)
            Standard.output(lines.joined(separator: "\n") + "\n")
        }
        try (result.reached ? LabModel.ExitStatus.passed : .checkFailed).end()
    }
}
