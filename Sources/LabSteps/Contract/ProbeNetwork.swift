import EngineProbe
import LabModel
import SupportLinux
import Wire

/// The network as probing steps of one host meet it: through the machine's kernel, or through a model of it.
package protocol ProbeNetwork: Sendable {
    /// The server that the host asks for names; nil where it has none.
    var resolver: String? { get }

    /// - Throws: `ProbeError`; `StepFailure` for what this network cannot do at all.
    func ping(
        _ target: String, _ configuration: PingConfiguration, onRow: @escaping @Sendable (PingRow) -> Void
    ) async throws -> PingResult

    /// - Throws: as ``ping(_:_:onRow:)``.
    func trace(_ target: String, _ configuration: TracerouteConfiguration) async throws -> TracerouteResult

    /// The addresses of a name as the host's own programs find them.
    ///
    /// - Throws: as ``ping(_:_:onRow:)``.
    func addresses(of name: String, family: IPFamily?) async throws -> [IPAddress]

    /// A server's answer to one question.
    ///
    /// - Throws: as ``ping(_:_:onRow:)``.
    func ask(_ name: DNSName, type: DNSRecordType, of server: IPAddress) async throws -> DNSMessage
}

/// The network that this process is in.
package struct KernelNetwork: ProbeNetwork {
    package init() {}

    package var resolver: String? { DNSQuery.systemServer() }

    package func ping(
        _ target: String, _ configuration: PingConfiguration, onRow: @escaping @Sendable (PingRow) -> Void
    ) async throws -> PingResult {
        try await Ping(target, configuration).run(onRow: onRow)
    }

    package func trace(
        _ target: String, _ configuration: TracerouteConfiguration
    ) async throws -> TracerouteResult {
        try await Traceroute(target, configuration).run()
    }

    package func addresses(of name: String, family: IPFamily?) async throws -> [IPAddress] {
        try await NameResolution.addresses(of: name, family: family)
    }

    package func ask(_ name: DNSName, type: DNSRecordType, of server: IPAddress) async throws -> DNSMessage {
        let number = Random.bytes(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        return try await DNSQuery.ask(name, type: type, of: server, identifier: number)
    }
}
