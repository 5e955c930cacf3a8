import Foundation
import LabTestSupport
import SupportLinux
import Synchronization
import Testing

@Suite("A probe, interrupted")
struct ProbeInterruptionTests {
    @Test("ends with what was learned until then", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let tool = try #require(BuiltLab.tool)
        let output = try FileDescriptor.pipe()
        // It would go on for ever.
        var launch = Launch(
            [tool.path, "ping", "-i", "0.01", "-W", "30", "127.0.0.1"],
            environment: ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"], directory: "/")
        launch.descriptors = [-1, output.write.number, -1]
        let ping = try ChildProcess(launch)
        output.write.close()
        let said = Said()
        try Threads.detach(name: "output") {
            while let bytes = try? output.read.read(upTo: 4096), !bytes.isEmpty {
                said.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
            }
            output.read.close()
        }
        try await Conditions.wait("an answer came") { said.text.withLock { $0.contains("icmp_seq=") } }
        ping.signal(signal)
        #expect(await ping.exitStatus() == .exited(0))
        try await Conditions.wait("the summary was said") {
            said.text.withLock { $0.contains(" packets transmitted, ") && $0.contains("rtt p50/p90/p99/jitter = ") }
        }
    }
}
