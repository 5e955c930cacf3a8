import EngineNetwork
import EngineProbe
import LabTestSupport
import Testing
import Wire

/// Probing tools that did not come from us, run as they are on the laptop of an emulated network.
enum PeerTool {
    /// The tools that these tests take, or the first that is missing.
    static let missing: String? = ["fping", "mtr", "tracepath"].first { !RealTool.exists($0) }

    /// How long answers may take, in seconds. The tools give answers up after a time, so on a machine that stood still
    /// they are asked again with more of it: an answer that was only late is there then, one that is missing never is.
    static let patience = [1, 2, 5, 10, 30, 60]
    /// For a tool that waits for a second whatever it is told: as many tries.
    static let stubborn = Array(repeating: 1, count: 20)

    /// Holds what `asked` says against `expected`, with growing patience.
    static func expect<Value: Equatable>(
        _ expected: Value, _ words: String, patience: [Int] = patience,
        sourceLocation: SourceLocation = #_sourceLocation, _ asked: (_ seconds: Int) throws -> Value
    ) throws {
        var said: Value?
        for seconds in patience where said != expected { said = try asked(seconds) }
        #expect(said == expected, "\(words)", sourceLocation: sourceLocation)
    }

    /// As above, for our own probes.
    static func expectOurs<Value: Equatable>(
        _ expected: Value, _ words: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ asked: (_ seconds: Int) async throws -> Value
    ) async throws {
        var said: Value?
        for seconds in patience where said != expected { said = try await asked(seconds) }
        #expect(said == expected, "\(words)", sourceLocation: sourceLocation)
    }
}

extension NamespacePair {
    /// A trace of ours in a network without losses or silence, asked again where the machine stood still.
    func completeTrace(
        _ target: String, _ configuration: TracerouteConfiguration, mode: ProbeMode = .rawICMP,
        port: UInt16 = LinuxProbeTransport.classicPort
    ) async throws -> TracerouteResult {
        var patient = configuration
        patient.probesPerHop = 1
        patient.timeout = 60_000_000_000
        patient.minimumWait = 60_000_000_000
        var result = try await trace(target, patient, mode: mode, port: port)
        for _ in 0..<5 where !result.stars.isEmpty {
            result = try await trace(target, patient, mode: mode, port: port)
        }
        return result
    }

    /// A trace of ours from the laptop, by raw sockets or the named kind.
    func trace(
        _ target: String, _ configuration: TracerouteConfiguration, mode: ProbeMode = .rawICMP,
        port: UInt16 = LinuxProbeTransport.classicPort
    ) async throws -> TracerouteResult {
        let address = Drawings.address(target)
        return try await perform(on: "laptop") {
            var payload = EchoPayload(secret: 0x5EC7E7, size: configuration.findsMTU ? 65_000 : configuration.size)
            payload.sizeVaries = true
            var options = LinuxProbeTransport.Options(identifier: 77, payload: payload)
            options.modes = [mode]
            options.basePort = port
            options.target = address
            options.fragmentation = configuration.findsMTU ? .probe : nil
            var transport = try LinuxProbeTransport(families: [address.family], options)
            return try TracerouteStateMachine.run(configuration, target: target, address: address, over: &transport)
        }
    }

    /// A ping of ours from the laptop, by raw sockets.
    func ping(_ target: String, _ configuration: PingConfiguration) async throws -> PingResult {
        let address = Drawings.address(target)
        return try await perform(on: "laptop") {
            var options = LinuxProbeTransport.Options(
                identifier: 77, payload: EchoPayload(secret: 0x5EC7E7, size: configuration.size))
            options.modes = [.rawICMP]
            options.fragmentation = configuration.fragmentation
            var transport = try LinuxProbeTransport(families: [address.family], options)
            return try PingStateMachine.run(configuration, target: target, address: address, over: &transport)
        }
    }
}

extension String {
    var lines: [Substring] { split(separator: "\n") }
}

extension Substring {
    var words: [Substring] { split(separator: " ") }
}
