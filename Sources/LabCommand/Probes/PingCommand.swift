import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import SupportLinux
import Wire

struct PingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Asks hosts for an answer, and how long it takes.",
        discussion: """
            Takes any number of names, addresses and blocks of addresses (192.0.2.0/24), asked all at once. The letters mean what \
            they mean to iputils' ping. Without -c and -w it goes on until Ctrl-C. Needs no privilege: it takes the best of \
            datagram ICMP, raw ICMP and UDP that this machine permits, and says which.
            """)

    @Argument(help: "Names, addresses, or blocks of addresses.") var hosts: [String]
    @Option(name: .customShort("c", allowingJoined: true), help: "How many requests to each host.") var count: Int?
    @Option(
        name: .customShort("i", allowingJoined: true), help: "Seconds between two requests to one host. (default: 1)")
    var interval: Double?
    @Option(name: .customShort("s", allowingJoined: true), help: "Bytes of payload.") var size = 56
    @Option(name: .customShort("t", allowingJoined: true), help: "The TTL or hop limit to send with.") var timeToLive:
        UInt8?
    @Option(
        name: .customShort("W", allowingJoined: true),
        help: "Seconds to wait for a reply; what comes afterwards is late.")
    var timeout = 1.0
    @Option(
        name: .customShort("w", allowingJoined: true),
        help: "Seconds after which it ends; with -c, requests go out until so many were answered.")
    var deadline: Double?
    @Option(
        name: .customShort("M", allowingJoined: true),
        help: "Fragmentation: do (never), want (here only), dont (anywhere), probe (never, nor ask).")
    var fragmentation: PingRequest.Fragmentation?
    @Option(name: .customShort("p", allowingJoined: true), help: "Up to 16 bytes in hexadecimal that fill the payload.")
    var pattern: String?
    @Flag(name: .customShort("f"), help: "Flood: the next request with each reply, and at least 100 in a second.")
    var flood = false
    @Flag(name: .customShort("A"), help: "Adaptive: the next request when the one before was answered.")
    var adaptive = false
    @Flag(name: .customShort("D"), help: "The time before each line, in seconds since 1970.") var stamps = false
    @Flag(name: .customShort("n"), help: "Addresses only; names are never looked up for replies anyway.")
    var numeric = false
    @Flag(name: .customShort("q"), help: "Nothing but the summary.") var quiet = false
    @Option(
        name: .customShort("I", allowingJoined: true), help: "The interface, or the address of this host, to send from."
    )
    var source: String?
    @OptionGroup var family: FamilyOptions
    @Option(help: "text, json or atlas.") var format = ProbeFormat.text

    var request: PingRequest {
        PingRequest(
            hosts: hosts, count: count, interval: interval, size: size, timeToLive: timeToLive, timeout: timeout,
            deadline: deadline, fragmentation: fragmentation, pattern: pattern, flood: flood, adaptive: adaptive,
            stamps: stamps, numeric: numeric, quiet: quiet, source: source, ipv4: family.ipv4, ipv6: family.ipv6,
            format: format)
    }

    func validate() throws { try request.validate() }

    func run() async throws {
        let request = request
        if let status = try request.perform() { return try status.end() }
        try await request.performAfterLookUp().end()
    }
}

extension PingRequest.Fragmentation: ExpressibleByArgument {}
