import EngineCapture
import Foundation
import Glibc
import LabTestSupport
import Testing

@Suite("What keeps a capture from starting")
struct CaptureFailureTests {
    let folder = TemporaryFolder()
    var file: String { folder.path + "/capture.pcapng" }

    @Test(
        "an interface that is not there is named beside those that are",
        .enabled(if: OwnNetwork.isPossible, OwnNetwork.need))
    func noSuchInterface() async throws {
        let file = file
        let failure = await OwnNetwork.failure {
            _ = try Capture.start(CaptureConfiguration(interfaces: ["wlan7"], file: file))
        }
        #expect(failure == .noSuchInterface("wlan7", existing: ["lo"]))
        #expect(failure?.message == "there is no interface wlan7 here; there are lo and any")
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test(
        "a filter that is none brings libpcap's words", .enabled(if: OwnNetwork.isPossible, OwnNetwork.need))
    func invalidFilter() async throws {
        let file = file
        let failure = await OwnNetwork.failure {
            _ = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file, filter: "tcp.port == 80"))
        }
        guard case .invalidFilter("tcp.port == 80", let reason) = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(reason.contains("syntax error"))
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test("a file that cannot be written", .enabled(if: OwnNetwork.isPossible, OwnNetwork.need))
    func unwritable() async throws {
        let path = folder.path + "/missing/capture.pcapng"
        let failure = await OwnNetwork.failure {
            _ = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: path))
        }
        #expect(failure == .file(path, reason: "No such file or directory"))
    }

    @Test("after stop nothing more is possible", .enabled(if: OwnNetwork.isPossible, OwnNetwork.need))
    func stoppedTwice() async throws {
        let file = file
        let failures = try await OwnNetwork.run {
            let capture = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file))
            _ = try capture.stop()
            return [failure { _ = try capture.stop() }, failure { _ = try capture.drain() }]
        }
        #expect(failures == [.stopped, .stopped])
    }

    @Test("no interface at all")
    func noInterface() {
        #expect(throws: CaptureFailure.noInterface) {
            try Capture.start(CaptureConfiguration(interfaces: [], file: file))
        }
    }

    @Test(
        "without the right to capture, the right is named",
        .enabled(if: geteuid() != 0, "needs an ordinary user: root may capture"))
    func notPermitted() {
        #expect(throws: CaptureFailure.notPermitted(interface: "lo")) {
            try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file))
        }
        #expect(CaptureFailure.notPermitted(interface: "lo").message.contains("CAP_NET_RAW"))
    }

    @Test(
        "filters are checked without an interface",
        arguments: [
            ("tcp port 80 and not host 192.0.2.1", false), ("http.request", true), ("", false), ("tcp port", true),
        ])
    func filters(_ filter: String, _ isWrong: Bool) {
        #expect((CaptureFilter.complaint(about: filter) != nil) == isWrong)
    }
}

extension OwnNetwork {
    /// What the body threw in a namespace of its own; nil when it did not.
    static func failure(_ body: @escaping @Sendable () throws -> Void) async -> CaptureFailure? {
        do {
            try await run(body)
            return nil
        } catch {
            return error as? CaptureFailure
        }
    }
}

private func failure(_ body: () throws -> Void) -> CaptureFailure? {
    do {
        try body()
        return nil
    } catch {
        return error as? CaptureFailure
    }
}
