import EngineProxy
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

@Suite("Starting a proxy")
struct StartTests {
    @Test("on a port that is taken is an error that says so and names another")
    func portBusy() async throws {
        let first = try await RunningProxy.start()
        let port = first.proxy.address.port
        let failure = await #expect(throws: ProxyError.self) {
            try await RunningProxy.start { $0.listenPort = port }
        }
        #expect(failure == .portBusy(host: "127.0.0.1", port: port))
        #expect(failure?.description.contains("another program listens there already") == true)
        await first.stop()
    }

    @Test("with files that cannot be used is an error that names them")
    func files() async throws {
        let folder = TemporaryFolder()
        let empty = folder.write([], to: "empty.pem")
        await #expect(throws: ProxyError.upstreamCA(.noCertificate(source: empty))) {
            try await RunningProxy.start { $0.upstreamCAFile = empty }
        }
        await #expect(throws: ProxyError.upstreamCA(.unreadable(path: "/no/such", errno: ENOENT))) {
            try await RunningProxy.start { $0.upstreamCAFile = "/no/such" }
        }
        await #expect(throws: ProxyError.keyLog(path: folder.path, errno: EISDIR)) {
            try await RunningProxy.start { $0.keylogPath = folder.path }
        }
        await #expect(throws: ProxyError.addressUnusable(host: "192.0.2.77", detail: "Cannot assign requested address"))
        {
            try await RunningProxy.start { $0.listenHost = "192.0.2.77" }
        }
        folder.write(Array("nonsense".utf8), to: "mitmproxy-ca.pem")
        let failure = await #expect(throws: ProxyError.self) {
            try await RunningProxy.start { $0.confdir = folder.path }
        }
        #expect(failure?.description.contains(folder.path + "/mitmproxy-ca.pem holds no certificate") == true)
    }

    @Test("takes the key log's path from the environment, the more specific name first")
    func keyLog() {
        #expect(ProxyConfiguration.keylogPath(["SSLKEYLOGFILE": "a"]) == "a")
        #expect(ProxyConfiguration.keylogPath(["SSLKEYLOGFILE": "a", "MITMPROXY_SSLKEYLOGFILE": "b"]) == "b")
        #expect(ProxyConfiguration.keylogPath(["SSLKEYLOGFILE": "a", "MITMPROXY_SSLKEYLOGFILE": ""]) == "a")
        #expect(ProxyConfiguration.keylogPath([:]) == nil)
    }

    @Test("keeps its authority from one start to the next")
    func authority() async throws {
        let folder = TemporaryFolder()
        let first = try await RunningProxy.start { $0.confdir = folder.path }
        await first.stop()
        let second = try await RunningProxy.start { $0.confdir = folder.path }
        await second.stop()
        #expect(first.proxy.authority.certificate == second.proxy.authority.certificate)
    }

    @Test("a stop in the middle of an exchange is told in its flow")
    func stop() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start { _ in "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npart" }
        let answer = try await proxy.raw(
            "GET http://127.0.0.1:\(origin.port)/ HTTP/1.1\r\nHost: 127.0.0.1:\(origin.port)\r\n\r\n", until: "part"
        ) { await proxy.stop() }
        await origin.stop()
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n") && answer.hasSuffix("\r\n\r\npart"))
        #expect(proxy.flows.count == 1 && proxy.flows.first?.error != nil)
    }
}
