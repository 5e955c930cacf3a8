import Foundation
import LabTestSupport
import SupportLinux
import Synchronization
import Testing

@Suite("lab prove, interrupted", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ProveInterruptionTests {
    @Test(
        "leaves no folder and no process, and says by its status what ended it", arguments: [SIGINT, SIGTERM, SIGKILL])
    func interrupted(signal: Int32) async throws {
        try await BuiltLab.alone {
            let lab = try EditedLab()
            let temporary = TemporaryFolder()
            // Programs of worlds run as others and must get in.
            chmod(temporary.path, 0o755)
            let tool = try #require(BuiltLab.tool)
            let errors = try FileDescriptor.pipe()
            var launch = Launch(
                [tool.path, "prove", "dns", "--jobs", "2"],
                environment: [
                    "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TMPDIR": temporary.path,
                    "SWIFT_BACKTRACE": "enable=no",
                ], directory: lab.folder)
            launch.descriptors = [-1, -1, errors.write.number]
            let proof = try ChildProcess(launch)
            errors.write.close()
            let said = Said()
            try Threads.detach(name: "errors") {
                while let bytes = try? errors.read.read(upTo: 4096), !bytes.isEmpty {
                    said.text.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
                }
                errors.read.close()
            }
            // In the middle of it: wrong runs are being made, worlds are up, and evidence is being written.
            try await Conditions.wait("wrong runs are being made") {
                said.text.withLock { $0.contains("wrong runs to make") } && Self.folders(temporary) != []
                    && Processes.descendants(of: proof.pid).count > 3
            }
            let started = Processes.descendants(of: proof.pid)
            proof.signal(signal)
            let status = await proof.exitStatus()
            #expect(status == (signal == SIGKILL ? .signalled(SIGKILL) : .exited(128 + signal)))
            try await Conditions.wait("no process is left") {
                started.allSatisfy { !$0.isThere } && Processes.using(temporary.path).isEmpty
            }
            #expect(Self.folders(temporary) == [])
            if signal != SIGKILL {
                #expect(said.text.withLock { $0.contains("lab: interrupted; nothing was proved") })
            }
        }
    }

    private static func folders(_ temporary: TemporaryFolder) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? []).filter {
            $0.hasPrefix("lab-prove-")
        }
    }
}

/// What a program has said so far.
final class Said: Sendable {
    let text = Mutex("")
}
