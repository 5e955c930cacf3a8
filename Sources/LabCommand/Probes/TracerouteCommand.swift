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
    @Option(help: "text, json, atlas or svg.") var format = TracerouteRequest.Format.text

    var request: TracerouteRequest {
        TracerouteRequest(
            host: host, firstHop: firstHop, maximumHops: maximumHops, probes: probes, timeout: timeout, window: window,
            size: size, port: port, source: source, icmp: icmp, udp: udp, tcp: tcp, numeric: numeric,
            showsExtensions: showsExtensions, findsMTU: findsMTU, classic: classic, allWays: allWays, watch: watch,
            rounds: rounds, interval: interval, ipv4: family.ipv4, ipv6: family.ipv6, format: format)
    }

    func validate() throws { try request.validate() }

    func run() async throws {
        let request = request
        if request.watch { return try await request.performWatch() }
        try request.perform().end()
    }
}

extension TracerouteRequest.Format: ExpressibleByArgument {}
