import EngineNetwork
import EngineProbe
import LabModel
import Synchronization
import Wire

/// A lab's network on its virtual clock, in the place of a world: for steps that only send packets and hear what comes
/// back.
///
/// No time passes, and nothing of the machine is used: the same world, seed and steps give the same packets at the same
/// nanoseconds everywhere. What programs would need (a kernel, files, a browser) is not there.
package final class SimulatedNetwork: Sendable {
    let definition: WorldDefinition
    let topology: Topology
    /// Secrets of programs come from the seed like all else.
    let seed: UInt64
    private let hosts: Mutex<SimulatedHosts>
    /// In the place of the hosts while a program has them.
    private let vacant: SimulatedHosts
    private let startedAt: Int64
    /// As many as a gateway keeps.
    private static let fateLimit = 256
    /// What noting something takes. What follows upon another thing must have a later time.
    private static let momentOfNote: Int64 = 1_000

    /// - Parameters:
    ///   - startedAt: when the virtual clock begins, in nanoseconds since 1970.
    ///   - captured: names of the hosts whose packets are written down.
    /// - Throws: `StepFailure` with fault `lab` for what the engine does not take.
    package init(
        _ world: WorldDefinition, seed: UInt64, startedAt: Int64, captured: Set<String>
    ) throws {
        definition = world
        topology = try TopologyAssembly.topology(of: world)
        self.seed = seed
        self.startedAt = startedAt
        capturedHosts = captured.sorted()
        hosts = Mutex(
            SimulatedHosts(
                topology, seed: seed, startedAt: startedAt, captured: captured, keepsFates: Self.fateLimit))
        vacant = SimulatedHosts(Topology(), seed: 0, startedAt: 0, captured: [], keepsFates: 0)
    }

    /// The virtual clock, in nanoseconds since 1970. Looking at it takes a microsecond, so that no two looks are alike.
    package func readClock() -> Int64 {
        hosts.withLock { hosts in
            hosts.advance(to: hosts.now &+ Self.momentOfNote)
            return startedAt &+ hosts.now
        }
    }

    /// Lets virtual time pass.
    package func pass(_ nanoseconds: Int64) {
        hosts.withLock { $0.advance(to: $0.now.addingReportingOverflow(max(0, nanoseconds)).partialValue) }
    }

    /// Takes a link down or up, now.
    ///
    /// - Throws: `StepFailure` where the world has no such link.
    package func change(_ link: LinkChange) throws {
        guard let change = TopologyAssembly.change(link, in: definition) else {
            throw StepFailure(.lab, "the world has no link `\(link.link)`")
        }
        hosts.withLock { $0.apply(change) }
    }

    /// What came to grief of a host's packets since this was asked last.
    package func takeFates(of host: String) -> [FateRows.Record] {
        FateRows.records(of: hosts.withLock { $0.takeFates(of: host) }, in: definition)
    }

    /// What a host's capture (pcapng) grew by since this was asked last; nil where it has none.
    package func takeCapture(of host: String) -> [UInt8]? {
        topology.hosts.firstIndex { $0.name == host }.flatMap { place in
            hosts.withLock { $0.takeCapture(of: place) }
        }
    }

    /// Names of the hosts whose packets are written down, sorted.
    package let capturedHosts: [String]

    /// Names of nodes by address.
    package var nodes: [String: String] { definition.nodesByAddress }

    /// The network as the programs of one host meet it.
    package func network(of host: String) -> any ProbeNetwork { SimulatedProbes(network: self, host: host) }

    /// Lends the hosts to a program, for as long as it runs.
    func lend<Result>(_ use: (inout SimulatedHosts) throws -> Result) rethrows -> Result {
        try hosts.withLock { try use(&$0) }
    }

    /// Has a prober of a host run over a transport of its own.
    func over<Result>(
        _ host: String, _ target: IPAddress, _ options: SimulatedTransport.Options,
        _ run: (inout SimulatedTransport, IPAddress) throws(ProbeError) -> Result
    ) throws -> Result {
        let (place, source, mtu) = try attachment(of: host, towards: target)
        return try hosts.withLock { hosts in
            let program = hosts.nextProgram()
            // One owner at a time, lest each packet copy the network.
            var transport = SimulatedTransport(
                hosts, host: place, source: source, mtu: mtu, program: program, options)
            hosts = vacant
            defer { hosts = transport.hosts }
            let result = try run(&transport, source)
            if transport.wantedPieces {
                throw StepFailure(
                    .machine,
                    "packets larger than \(mtu) bytes are cut up by a kernel, which a simulated network has not",
                    help: "run the lab without `--simulate`")
            }
            return result
        }
    }

    /// Where a host's packets to a target leave: its place, the address that they have, the largest that fit.
    func attachment(of host: String, towards target: IPAddress) throws -> (place: Int, source: IPAddress, mtu: Int) {
        if target.isLoopback {
            throw StepFailure(
                .machine, "\(target) is the host itself, which a simulated network has not",
                help: "run the lab without `--simulate`")
        }
        guard let place = topology.hosts.firstIndex(where: { $0.name == host }),
            let attachment = hosts.withLock({ $0.attachment(of: place) }),
            let own = attachment.addresses.first(where: { $0.address.family == target.family })
        else { throw ProbeError.networkUnreachable(target) }
        return (place, own.address, attachment.mtu)
    }
}
