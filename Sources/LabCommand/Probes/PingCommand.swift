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
    var fragmentation: Fragmentation?
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

    enum Fragmentation: String, ExpressibleByArgument, CaseIterable {
        case `do`, want, dont, probe

        var setting: PingConfiguration.Fragmentation {
            switch self {
            case .do: .do
            case .want: .want
            case .dont: .dont
            case .probe: .probe
            }
        }
    }

    func validate() throws { _ = try (plan(), targets()) }

    private func plan() throws -> PingConfiguration {
        if flood, adaptive { throw ValidationError("-f and -A exclude one another: each sets the pace") }
        var plan = PingConfiguration(
            count: count, interval: try Seconds.nanoseconds(interval ?? 1, "-i"),
            pacing: adaptive ? .adaptive : flood && interval == nil ? .flood : .steady,
            timeout: try Seconds.nanoseconds(timeout, "-W", from: 0.000_001),
            deadline: try deadline.map { try Seconds.nanoseconds($0, "-w", from: 0.000_001) }, size: size,
            timeToLive: timeToLive, family: family.family, fragmentation: fragmentation?.setting, source: source,
            keepsRows: format != .text)
        if let pattern {
            guard let bytes = PingCommand.bytes(pattern) else {
                throw ValidationError("-p takes up to 16 bytes in hexadecimal, such as ff00, found '\(pattern)'")
            }
            plan.pattern = bytes
        }
        if let problem = plan.problem { throw ValidationError(problem) }
        return plan
    }

    /// Digits in pairs; one alone is a byte, too.
    static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array(text.utf8)
        guard (1...32).contains(digits.count) else { return nil }
        let values = stride(from: 0, to: digits.count, by: 2).map { start in
            UInt8(String(decoding: digits[start..<min(start + 2, digits.count)], as: UTF8.self), radix: 16)
        }
        guard !digits.contains(UInt8(ascii: "+")), !digits.contains(UInt8(ascii: "-")) else { return nil }
        return values.contains(nil) ? nil : values.compactMap { $0 }
    }

    /// Blocks of addresses spread out.
    private func targets() throws -> [String] {
        try hosts.flatMap { host -> [String] in
            guard host.contains("/") else { return [host] }
            guard let block = InterfaceAddress(host)?.prefix else {
                throw ValidationError("'\(host)' is no block of addresses: write an address, / and a length")
            }
            guard let addresses = AddressBlock.hosts(block) else {
                throw ValidationError("\(block) has too many addresses to ask; at most 65536 at once")
            }
            return addresses.map { "\($0)" }
        }
    }

    func run() async throws {
        let plan = try plan()
        let targets = try targets()
        let view = PingView(
            isMany: targets.count > 1, isQuiet: quiet, isFlood: flood, isNumeric: numeric, hasStamps: stamps,
            isPrinting: format == .text, size: size)
        let report = try await ProbeWork.perform {
            try await Ping(targets, plan).report(
                onStart: { view.start($0, $1) }, onEvent: { view.take($0) })
        }
        switch format {
        case .json: Standard.write(try JSON.encode(report, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .atlas:
            let results = report.results.map { AtlasPing($0, startedAt: report.startedAt) }
            Standard.write(try JSON.encode(results, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text: view.finish(report)
        }
        for failure in report.failures { Standard.error("lab: \(failure.error)\n") }
        let wanted = deadline != nil ? count ?? 1 : 1
        if !report.failures.isEmpty || report.results.contains(where: { $0.summary.received < wanted }) {
            throw LabModel.ExitStatus.checkFailed.exit
        }
    }
}
