import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import Synchronization
import Wire

/// The address family, as ping's `-4` and `-6`.
struct FamilyOptions: ParsableArguments {
    @Flag(name: .customShort("4"), help: "IPv4 only.") var ipv4 = false
    @Flag(name: .customShort("6"), help: "IPv6 only.") var ipv6 = false

    var family: IPFamily? { ipv4 ? .v4 : ipv6 ? .v6 : nil }
}

struct PingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ping", abstract: "Asks hosts for an answer, and how long it takes.")

    @Argument(help: "Names or addresses.") var hosts: [String]
    @Option(name: .customShort("c"), help: "How many requests.") var count = 4
    @Option(name: .customShort("i"), help: "Seconds between two requests.") var interval = 1.0
    @Option(name: .customShort("W"), help: "Seconds to wait for a reply.") var timeout = 1.0
    @Option(name: .customShort("s"), help: "Bytes of payload.") var size = 56
    @OptionGroup var family: FamilyOptions
    @Option(help: "text or json.") var format = OutputFormat.text

    func validate() throws {
        guard (0...3600).contains(interval), (0.001...3600).contains(timeout) else {
            throw ValidationError("-i and -W take seconds, up to an hour")
        }
    }

    func run() async throws {
        var results: [PingResult] = []
        for host in hosts {
            let configuration = PingConfiguration(
                count: count, interval: Int64(interval * 1e9), timeout: Int64(timeout * 1e9), size: size,
                family: family.family)
            results.append(try await ProbeWork.perform { try await ping(host, configuration) })
        }
        if format == .json { Standard.write(try JSON.encode(results, pretty: true) + [0x0A], to: STDOUT_FILENO) }
        if results.contains(where: { $0.summary.received == 0 }) { throw LabModel.ExitStatus.checkFailed.exit }
    }

    private func ping(_ host: String, _ configuration: PingConfiguration) async throws -> PingResult {
        guard format == .text else { return try await Ping(host, configuration).run() }
        let target = Mutex<IPAddress?>(nil)
        let result = try await Ping(host, configuration).run(
            onStart: { address, mode in
                target.withLock { $0 = address }
                Standard.output(
                    PingText.header(target: host, address: address, size: configuration.size, mode: mode) + "\n")
            },
            onRow: { row in
                if let address = target.withLock({ $0 }) { Standard.output(PingText.line(row, target: address) + "\n") }
            })
        Standard.output(PingText.summary(result).joined(separator: "\n") + "\n")
        return result
    }
}

struct TracerouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traceroute", abstract: "Finds the routers on the way to a host.")

    @Argument(help: "A name or an address.") var host: String
    @Option(name: .customShort("m"), help: "The longest way to try.") var maximumHops = 30
    @Option(name: .customShort("q"), help: "Probes for each hop.") var probes = 3
    @Flag(name: .customShort("U"), help: "UDP probes instead of ICMP.") var udp = false
    @Flag(name: .customShort("n"), help: "Does not look up the names of routers.") var numeric = false
    @OptionGroup var family: FamilyOptions
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let configuration = TracerouteConfiguration(
            method: udp ? .udp : .icmp, maximumHops: maximumHops, probesPerHop: probes, family: family.family,
            resolvesNames: !numeric)
        let result = try await ProbeWork.perform { try await Traceroute(host, configuration).run() }
        switch format {
        case .json: Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text: Standard.output(TracerouteText.text(result).joined(separator: "\n") + "\n")
        }
        if !result.reached { throw LabModel.ExitStatus.checkFailed.exit }
    }
}

/// Probe errors as exit statuses: a machine that permits no probes is no host that does not answer.
private enum ProbeWork {
    static func perform<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ProbeError {
            Standard.error("lab: \(error)\n")
            switch error {
            case .invalidConfiguration: throw LabModel.ExitStatus.usage.exit
            case .notPermitted: throw LabModel.ExitStatus.preflight.exit
            default: throw LabModel.ExitStatus.checkFailed.exit
            }
        }
    }
}
