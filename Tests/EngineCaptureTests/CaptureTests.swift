import EngineCapture
import Foundation
import Glibc
import LabTestSupport
import Synchronization
import Testing
import Wire

@Suite("Live capture", .enabled(if: OwnNetwork.isPossible, OwnNetwork.need))
struct CaptureTests {
    let folder = TemporaryFolder()
    var file: String { folder.path + "/capture.pcapng" }

    @Test("drain is a barrier: all that was sent before is in the file, each frame once")
    func barrier() async throws {
        let file = file
        try await OwnNetwork.run {
            let capture = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file, filter: "udp"))
            let datagrams = Datagrams()
            var sent = 0
            for round in 1...20 {
                for _ in 0..<10 {
                    datagrams.send("token-\(round)", to: 9)
                    sent += 1
                }
                let statistics = try capture.drain()
                #expect(statistics.written == UInt64(sent))
                #expect(try CaptureContents(of: file).frames(ending: "token-\(round)") == 10)
            }
            let final = try capture.stop()
            #expect(final.written == 200)
            #expect(final.dropped == 0)
            // On loopback the kernel counts a frame when it leaves and when it arrives.
            #expect(final.interfaces[0].received == 400)
            datagrams.close()
        }
        let contents = try CaptureContents(of: file)
        #expect(contents.frames.count == 200)
        #expect(contents.interfaces.map(\.name) == ["lo"])
        #expect(contents.interfaces[0].linkType == LinkType.ethernet.rawValue)
        #expect(contents.statistics.map(\.received) == [400])
        #expect(contents.statistics.map(\.droppedBySystem) == [0])
        #expect(zip(contents.frames, contents.frames.dropFirst()).allSatisfy { $0.timestamp <= $1.timestamp })
        #expect(contents.frames.contains { $0.timestamp % 1_000 != 0 }, "stamps are nanoseconds")
        let age = Date().timeIntervalSince1970 - Double(contents.frames[0].timestamp) / 1e9
        #expect((0..<600).contains(age))
    }

    @Test("outside immediate mode drain is a barrier too")
    func barrierOfBlocks() async throws {
        let file = file
        try await OwnNetwork.run {
            let configuration = CaptureConfiguration(interfaces: ["lo"], file: file, filter: "udp", isImmediate: false)
            let capture = try Capture.start(configuration)
            let datagrams = Datagrams()
            for round in 1...5 {
                datagrams.send("token", to: 9)
                #expect(try capture.drain().written == UInt64(round))
            }
            _ = try capture.stop()
            datagrams.close()
        }
    }

    @Test("several interfaces share one file, each with its own description and counts")
    func severalInterfaces() async throws {
        let file = file
        try await OwnNetwork.run {
            let configuration = CaptureConfiguration(interfaces: ["lo", "any"], file: file, filter: "udp")
            let capture = try Capture.start(configuration)
            let datagrams = Datagrams()
            for _ in 0..<5 { datagrams.send("twice", to: 9) }
            let statistics = try capture.stop()
            #expect(statistics.interfaces.map(\.name) == ["lo", "any"])
            #expect(statistics.interfaces[0].written == 5)
            datagrams.close()
        }
        let contents = try CaptureContents(of: file)
        #expect(contents.interfaces.map(\.name) == ["lo", "any"])
        #expect(contents.interfaces.map(\.linkType) == [LinkType.ethernet.rawValue, LinkType.linuxSLL2.rawValue])
        #expect(contents.frames.count { $0.interface == 0 } == 5)
        #expect(contents.frames.count { $0.interface == 1 } >= 5)
        #expect(contents.statistics.map(\.interface) == [0, 1])
    }

    @Test("the filter decides what is taken, and the snap length how much of it")
    func filterAndSnapLength() async throws {
        let file = file
        try await OwnNetwork.run {
            let configuration = CaptureConfiguration(
                interfaces: ["lo"], file: file, filter: "udp dst port 1009", snapLength: 60)
            let capture = try Capture.start(configuration)
            let datagrams = Datagrams()
            for port: UInt16 in [1_008, 1_009, 1_010] { datagrams.send(String(repeating: "x", count: 500), to: port) }
            #expect(try capture.stop().written == 1)
            datagrams.close()
        }
        let contents = try CaptureContents(of: file)
        #expect(contents.frames.map(\.octets.count) == [60])
        #expect(contents.frames.map(\.originalLength) == [542])
    }

    @Test("TLS secrets go into the file between what was captured before and after")
    func secrets() async throws {
        let file = file
        let keyLog = [UInt8]("CLIENT_RANDOM 00 11\n".utf8)
        try await OwnNetwork.run {
            let capture = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file))
            try capture.add(tlsSecrets: keyLog)
            _ = try capture.stop()
        }
        #expect(try CaptureContents(of: file).secrets == [keyLog])
    }

    @Test("capinfos and tshark read the file", .enabled(if: RealTool.exists("capinfos"), "needs capinfos (tshark)"))
    func interop() async throws {
        let file = file
        try await OwnNetwork.run {
            let configuration = CaptureConfiguration(interfaces: ["lo", "any"], file: file, filter: "udp")
            let capture = try Capture.start(configuration)
            let datagrams = Datagrams()
            for _ in 0..<7 { datagrams.send("for tshark", to: 9) }
            _ = try capture.stop()
            datagrams.close()
        }
        let capinfos = try #require(RealTool("capinfos"))
        let summary = try await capinfos.run(["-M", file])
        #expect(summary.status == 0, "\(summary.errors)")
        #expect(summary.output.contains("File type:           pcapng"), "\(summary.output)")
        #expect(summary.output.contains("Number of interfaces in file: 2"))
        #expect(summary.output.contains("nanoseconds"))
        let tshark = try #require(RealTool("tshark"))
        let rows = try await tshark.run([
            "-r", file, "-Y", "udp and frame.interface_name == \"lo\"", "-T", "fields", "-e", "udp.dstport", "-e",
            "data",
        ])
        #expect(rows.status == 0, "\(rows.errors)")
        #expect(rows.output.split(separator: "\n") == Array(repeating: "9\t666f722074736861726b", count: 7))
    }

    @Test("an interface that goes away ends its part and is told; the rest goes on")
    func interfaceGoesAway() async throws {
        let file = file
        let events = Recorded()
        let statistics = try await OwnNetwork.run {
            let far = try OwnNetwork.connectToAnother("link0")
            let configuration = CaptureConfiguration(interfaces: ["link0", "lo"], file: file, filter: "udp")
            let capture = try Capture.start(configuration) { events.add($0) }
            let datagrams = Datagrams()
            datagrams.send("before", to: 9)
            // With its last descriptor the other namespace goes, and with it both ends of the link.
            close(far)
            events.waitForFailure()
            datagrams.send("after", to: 9)
            datagrams.close()
            return try capture.stop()
        }
        let failure = try #require(statistics.interfaces[0].failure)
        #expect(events.failures == [failure])
        guard case .interface("link0", _) = failure else {
            Issue.record("\(failure)")
            return
        }
        #expect(statistics.interfaces[1].failure == nil)
        let contents = try CaptureContents(of: file)
        #expect(contents.frames(ending: "before") == 1)
        #expect(contents.frames(ending: "after") == 1)
    }

    @Test(
        "an interface that is still there after it went down ends its part when it goes away, which the kernel does not tell"
    )
    func interfaceGoesDownFirst() async throws {
        let file = file
        let events = Recorded()
        let statistics = try await OwnNetwork.run {
            let far = try OwnNetwork.connectToAnother("link0")
            let configuration = CaptureConfiguration(interfaces: ["link0", "lo"], file: file, filter: "udp")
            let capture = try Capture.start(configuration) { events.add($0) }
            try OwnNetwork.setInterface("link0", up: false)
            // After this barrier the capture has heard of the interface what the kernel tells.
            #expect(try capture.drain().interfaces[0].failure == nil)
            close(far)
            events.waitForFailure()
            return try capture.stop()
        }
        #expect(events.failures == [try #require(statistics.interfaces[0].failure)])
        #expect(statistics.interfaces[1].failure == nil)
    }

    @Test("an interface that comes up again goes on")
    func interfaceComesBack() async throws {
        let file = file
        let events = Recorded()
        let statistics = try await OwnNetwork.run {
            let capture = try Capture.start(
                CaptureConfiguration(interfaces: ["lo"], file: file, filter: "udp")
            ) { events.add($0) }
            let datagrams = Datagrams()
            datagrams.send("before", to: 9)
            try OwnNetwork.setInterface("lo", up: false)
            _ = try capture.drain()
            try OwnNetwork.setInterface("lo", up: true)
            datagrams.send("after", to: 9)
            datagrams.close()
            return try capture.stop()
        }
        #expect(events.failures.isEmpty && statistics.interfaces[0].failure == nil)
        let contents = try CaptureContents(of: file)
        #expect(contents.frames(ending: "before") == 1)
        #expect(contents.frames(ending: "after") == 1)
    }

    @Test("a capture that nobody holds any more ends by itself")
    func abandoned() async throws {
        let file = file
        let events = Recorded()
        try await OwnNetwork.run {
            _ = try Capture.start(CaptureConfiguration(interfaces: ["lo"], file: file)) { events.add($0) }
            events.waitForStop()
        }
        #expect(try CaptureContents(of: file).statistics.count == 1)
    }
}

/// Events of a capture, kept by whoever's thread they came on.
private final class Recorded: Sendable {
    private let stored = Mutex<[CaptureEvent]>([])
    private let stopped = DispatchSemaphore(value: 0)
    private let failed = DispatchSemaphore(value: 0)

    var failures: [CaptureFailure] {
        stored.withLock { events in
            events.compactMap { event in
                if case .interfaceFailed(let failure) = event { failure } else { nil }
            }
        }
    }

    func add(_ event: CaptureEvent) {
        stored.withLock { $0.append(event) }
        switch event {
        case .stopped: stopped.signal()
        case .interfaceFailed, .fileFailed: failed.signal()
        }
    }

    func waitForFailure() { failed.wait() }
    func waitForStop() { stopped.wait() }
}
