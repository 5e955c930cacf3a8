import LabModel
import SupportLinux
import Synchronization

/// What a kind has at hand while it is performed by the agent of a host.
package final class HostContext: Sendable {
    package let step: String
    package let host: String
    /// The run folder, absolute.
    package let run: String
    /// Facts about the host: environment, trust store, node names by address.
    package let facts: HostFacts
    package let resources: HostResources
    /// Where its probes go.
    package let network: any ProbeNetwork
    /// Where artefacts go in the place of the run folder, where there is none.
    private let memory: EvidenceMemory?
    private let report: (@Sendable (String) -> Void)?

    package init(
        step: String, host: String, run: String, facts: HostFacts, resources: HostResources,
        network: any ProbeNetwork = KernelNetwork(), memory: EvidenceMemory? = nil,
        report: (@Sendable (String) -> Void)?
    ) {
        self.step = step
        self.host = host
        self.run = run
        self.facts = facts
        self.resources = resources
        self.network = network
        self.memory = memory
        self.report = report
    }

    /// Says what is happening right now, for the live view.
    package func progress(_ text: @autoclosure () -> String) { report?(text()) }

    /// The path of an artefact of this step below the run folder; its folder exists afterwards.
    package func artefact(_ name: String) throws -> String {
        try Files.createDirectories("\(run)/evidence/\(step)", mode: 0o755)
        return RunFolder.artefact(name, of: step)
    }

    package func absolute(_ path: String) -> String { run + "/" + path }

    /// Writes an artefact whole or not at all, and gives its path below the run folder.
    @discardableResult
    package func record(_ bytes: [UInt8], as name: String, mode: UInt32 = 0o644) throws -> String {
        if let memory {
            let path = RunFolder.artefact(name, of: step)
            memory.write(bytes, to: path)
            return path
        }
        let path = try artefact(name)
        try Files.writeAtomically(bytes, to: absolute(path), mode: mode)
        return path
    }

    @discardableResult
    package func record(_ value: some Encodable & Sendable, as name: String) throws -> String {
        guard let memory else { return try record(try JSON.encode(value), as: name) }
        let path = RunFolder.artefact(name, of: step)
        try memory.write(value, to: path)
        return path
    }
}

/// What the runner knows of a host and its agent does not.
package struct HostFacts: Sendable, Codable {
    /// What programs on this host would find in their environment, the proxy setting above all.
    package var environment: [String: String]
    /// PEM file with the roots that this host trusts.
    package var bundle: String
    /// Names of the world's nodes by address, for paths that people can read.
    package var nodes: [String: String]
    /// Where clients on this host write their secrets for the judge, below the run folder.
    package var clientKeys: String

    package init(environment: [String: String], bundle: String, nodes: [String: String], clientKeys: String) {
        self.environment = environment
        self.bundle = bundle
        self.nodes = nodes
        self.clientKeys = clientKeys
    }
}
