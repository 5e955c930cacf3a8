import EngineProxy
import Foundation
import LabTestSupport
import Testing

@Suite("Clients that are slow, idle, or too many")
struct LimitTests {
    @Test(
        "a request whose head does not come to its end in time is answered with 408",
        arguments: ["GET http://a.test/ HTTP/1.1\r\nHost: a.te", "G", "GET http://a.test/ HTTP/1.1\r\nX: y\r\n"])
    func slowHead(beginning: String) async throws {
        let proxy = try await RunningProxy.start { $0.headTimeout = 1 }
        let answer = try await proxy.raw(beginning, until: "408") {}
        await proxy.stop()
        #expect(answer.hasPrefix("HTTP/1.1 408 Request Timeout\r\n"), "\(answer)")
        #expect(proxy.rejections == ["timeout"])
    }

    @Test("a tunnel whose first bytes could become anything is closed in time")
    func slowTunnel() async throws {
        let proxy = try await RunningProxy.start { $0.headTimeout = 1 }
        let answer = try await proxy.raw("CONNECT a.test:80 HTTP/1.1\r\nHost: a.test\r\n\r\nGE", until: "nothing") {}
        await proxy.stop()
        #expect(answer == "HTTP/1.1 200 Connection established\r\n\r\n")
    }

    @Test("a head that comes in time is served, and what comes slowly behind it has all the time that it needs")
    func slowBody() async throws {
        let proxy = try await RunningProxy.start { $0.headTimeout = 1 }
        let site = try await PacedSite.start()
        async let said: Void = {
            // The end of another client's time is the proof that this one's has passed, too.
            await site.hears("\r\n\r\n")
            _ = try await proxy.raw("G", until: "408") {}
            try await site.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }()
        let answer = try await proxy.raw(
            "GET http://127.0.0.1:\(site.port)/ HTTP/1.1\r\nHost: 127.0.0.1:\(site.port)\r\nConnection: close\r\n\r\n")
        try await said
        await site.stop()
        await proxy.stop()
        #expect(answer.hasSuffix("\r\n\r\nok"))
    }

    @Test("a connection on which nothing happens is closed")
    func idle() async throws {
        let proxy = try await RunningProxy.start { $0.idleTimeout = 1 }
        #expect(try await proxy.raw("", until: "nothing") {} == "")
        await proxy.stop()
    }

    @Test(
        "more connections than the system lets a process have wait, and are served when others have gone",
        .enabled(if: RealTool.exists("curl"), "curl is not installed"))
    func descriptors() async throws {
        let proxy = try await ProxyProcess.start()
        try await proxy.limitDescriptors(to: 64)
        let sockets = (0..<120).map { _ in Self.connect(proxy.port) }
        #expect(sockets.allSatisfy { $0 >= 0 })
        // Each of these was taken, or waits.
        let beginning = Array("GET http://mitm.it/ HTTP/1.1\r\n".utf8)
        for one in sockets { _ = send(one, beginning, beginning.count, Int32(MSG_NOSIGNAL)) }
        let told = await proxy.event { $0.name == "exhausted" }
        guard case .exhausted(let exhausted) = told else {
            Issue.record("nothing was told")
            return
        }
        #expect(exhausted.limit == 64 && ProxyLog.lines(.exhausted(exhausted)).first?.contains("64 files") == true)
        for one in sockets { close(one) }
        let page = try await proxy.curl(["-o", "/dev/null", "-w", "%{http_code}", "http://mitm.it/"])
        #expect(page.output == "200", "\(page.errors)")
        _ = await proxy.stop()
    }

    private static func connect(_ port: Int) -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(16)) }
        }
        return connected == 0 ? descriptor : -1
    }
}
