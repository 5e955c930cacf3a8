import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import Wire

struct TracerouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traceroute", abstract: "Finds the routers on the way to a host.",
        discussion: """
            Probes of all hops are under way at once, and nothing is waited for longer than round trips demand. All probes keep to \
            one way where routers spread packets over several; --all-ways looks for all of them. Every star is explained.

            --watch goes on, a probe to every hop each second, and shows losses and times as they change: q quits, p pauses, r \
            begins anew, d shows the history. Without a terminal it prints a report after ten rounds, or -c.
            """)

    @Argument(help: "A name or an address.") var host: String
    @Option(name: .customShort("f", allowingJoined: true), help: "The hop to begin at.") var firstHop = 1
    @Option(name: .customShort("m", allowingJoined: true), help: "The longest way to try.") var maximumHops = 30
    @Option(name: .customShort("q", allowingJoined: true), help: "Probes for each hop.") var probes = 3
    @Option(
        name: .customShort("w", allowingJoined: true),
        help: "Seconds to wait for an answer while nothing at all was heard.")
    var timeout = 1.0
    @Option(name: .customShort("N", allowingJoined: true), help: "How many probes may be under way at once.")
    var window = 32
    @Option(name: .customShort("s", allowingJoined: true), help: "Bytes of payload.") var size = 32
    @Option(
        name: .customShort("p", allowingJoined: true),
        help: "The port that probes go to: 33434 and up with -U, 80 with -T.")
    var port: UInt16?
    @Option(
        name: .customShort("i", allowingJoined: true), help: "The interface, or the address of this host, to send from."
    )
    var source: String?
    @Flag(name: .customShort("I"), help: "ICMP echo requests; the default.") var icmp = false
    @Flag(name: .customShort("U"), help: "UDP probes instead of ICMP.") var udp = false
    @Flag(name: .customShort("T"), help: "TCP SYN probes, to port 80 unless -p names another.") var tcp = false
    @Flag(name: .customShort("n"), help: "Does not look up the names of routers.") var numeric = false
    @Flag(name: .customShort("e"), help: "Shows labels and interfaces that routers tell.") var showsExtensions = false
    @Flag(name: .customLong("mtu"), help: "Finds the largest packet that gets through.") var findsMTU = false
    @Flag(help: "Each probe is a flow of its own, as the classic tool has it.") var classic = false
    @Flag(help: "Finds all ways that routers spread packets over, with 95% confidence.") var allWays = false
    @Flag(help: "Goes on and on, and shows each hop as it changes.") var watch = false
    @Option(name: .customShort("c", allowingJoined: true), help: "With --watch: how many rounds.") var rounds: Int?
    @Option(help: "With --watch: seconds from one round to the next. (default: 1)") var interval: Double?
    @OptionGroup var family: FamilyOptions
    @Option(help: "text, json, atlas or svg.") var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable {
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
        if [icmp, udp, tcp].count(where: { $0 }) > 1 {
            throw ValidationError("-I, -U and -T exclude one another: a probe is ICMP, UDP or TCP")
        }
        if classic, allWays { throw ValidationError("--classic and --all-ways exclude one another") }
        let timeout = try Seconds.nanoseconds(timeout, "-w", from: 0.000_001)
        let plan = TracerouteConfiguration(
            method: tcp ? .tcp : udp ? .udp : .icmp, flows: classic ? .each : allWays ? .all : .one, firstHop: firstHop,
            maximumHops: maximumHops, probesPerHop: probes, timeout: timeout, minimumWait: min(timeout, 30_000_000),
            window: window, size: size, findsMTU: findsMTU, port: port, source: source, family: family.family,
            resolvesNames: !numeric)
        if let problem = plan.problem { throw ValidationError(problem) }
        return plan
    }

    private func runWatch() async throws {
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
        if !result.reached { throw LabModel.ExitStatus.checkFailed.exit }
    }

    func run() async throws {
        if watch { return try await runWatch() }
        let plan = try plan()
        let host = host
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let result = try await ProbeWork.perform { try await Traceroute(host, plan).run() }
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
        if !result.reached { throw LabModel.ExitStatus.checkFailed.exit }
    }
}
