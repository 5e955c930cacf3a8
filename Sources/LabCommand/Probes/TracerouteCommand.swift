import ArgumentParser
import EngineProbe
import Glibc
import LabModel
import Wire

struct TracerouteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "traceroute", abstract: "Finds the routers on the way to a host.")

    @Argument(help: "A name or an address.") var host: String
    @Option(name: .customShort("m", allowingJoined: true), help: "The longest way to try.") var maximumHops = 30
    @Option(name: .customShort("q", allowingJoined: true), help: "Probes for each hop.") var probes = 3
    @Flag(name: .customShort("U"), help: "UDP probes instead of ICMP.") var udp = false
    @Flag(name: .customShort("n"), help: "Does not look up the names of routers.") var numeric = false
    @OptionGroup var family: FamilyOptions
    @Option(help: "text or json.") var format = OutputFormat.text

    func run() async throws {
        let configuration = TracerouteConfiguration(
            method: udp ? .udp : .icmp, maximumHops: maximumHops, probesPerHop: probes, family: family.family,
            resolvesNames: !numeric)
        let host = host
        let result = try await ProbeWork.perform { try await Traceroute(host, configuration).run() }
        switch format {
        case .json: Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text: Standard.output(TracerouteText.text(result).joined(separator: "\n") + "\n")
        }
        if !result.reached { throw LabModel.ExitStatus.checkFailed.exit }
    }
}
