import EngineProxy
import Foundation
import LabTestSupport
import Testing

@Suite("Streaming through the proxy", .enabled(if: RealTool.exists("curl"), "curl is not installed"))
struct StreamingTests {
    private static let megabytes = 400

    /// A server of large bodies that takes uploads of any size: python's, so that its memory is not ours.
    private static let server = """
        import http.server, hashlib, sys
        class H(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def log_message(self, *a): pass
            def do_GET(self):
                self.send_response(200); self.send_header("Content-Length", str(\(megabytes) << 20)); self.end_headers()
                block = bytes(range(256)) * 4096
                for _ in range(\(megabytes)): self.wfile.write(block)
            def do_PUT(self):
                left = int(self.headers["Content-Length"]); d = hashlib.sha256()
                while left:
                    b = self.rfile.read(min(left, 1 << 20)); d.update(b); left -= len(b)
                t = d.hexdigest().encode()
                self.send_response(200); self.send_header("Content-Length", str(len(t))); self.end_headers(); self.wfile.write(t)
        s = http.server.HTTPServer(("127.0.0.1", 0), H)
        print(s.server_port, flush=True); s.serve_forever()
        """

    @Test(
        "bodies far larger than the memory they may take pass whole in either direction",
        .enabled(if: RealTool.exists("python3"), "python3 is not installed"))
    func large() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(RealTool("python3")).path)
        process.arguments = ["-c", Self.server]
        let output = Pipe()
        process.standardOutput = output
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Threads of the test runner block the gentler signals, and children inherit that.
        defer {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
        let port = try #require(
            Int(String(decoding: output.fileHandleForReading.availableData, as: UTF8.self).filter(\.isNumber)))
        let proxy = try await ProxyProcess.start()
        let url = "http://127.0.0.1:\(port)/"
        let down = try await proxy.curl(["-o", "/dev/null", "-w", "%{size_download}", url])
        #expect(down.output == "\(Self.megabytes << 20)", "\(down.errors)")
        let folder = TemporaryFolder()
        let before = try proxy.peakKilobytes()
        // A gigabyte of nothing takes no room on the disk.
        let file = folder.write([], to: "upload")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.truncate(atOffset: 1 << 30)
        try handle.close()
        let up = try await proxy.curl(["-T", file, url])
        let peak = try proxy.peakKilobytes()
        #expect(peak < 160 << 10 && peak - before < 16 << 10, "\(before) kB, then \(peak) kB")
        let flows = await proxy.stop()
        #expect(flows.map { $0.response?.body.length } == [UInt64(Self.megabytes << 20), 64])
        #expect(flows.first?.response?.body.isCut == true && flows.first?.response?.body.bytes.bytes.count == 1 << 20)
        #expect(flows.last?.request.body.sha256 == up.output && flows.last?.request.body.length == 1 << 30)
    }

    @Test("a client that stops reading stops the origin, and the memory stays bounded")
    func backpressure() async throws {
        let proxy = try await RunningProxy.start()
        let block = String(repeating: "x", count: 1 << 20)
        let origin = try await ScriptedOrigin.start { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: \(16 << 20)\r\n\r\n" + String(repeating: block, count: 16)
        }
        let outcome = try await proxy.curl([
            "-o", "/dev/null", "-w", "%{size_download}", "--limit-rate", "30M", "http://127.0.0.1:\(origin.port)/",
        ])
        await proxy.stop()
        await origin.stop()
        #expect(outcome.output == "\(16 << 20)", "\(outcome.errors)")
    }

    @Test("many requests on one connection, and many connections at once")
    func many() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { head in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let outcome = try await proxy.curl([
            "--cacert", proxy.authorityFile, "-Z", "--parallel-max", "20", "https://localhost:\(origin.port)/[1-200]",
        ])
        await proxy.stop()
        await origin.stop()
        #expect(outcome.status == 0 && outcome.output == String(repeating: "ok", count: 200), "\(outcome.errors)")
        #expect(proxy.flows.count == 200 && Set(proxy.flows.map(\.path)).count == 200)
        #expect(proxy.flows.allSatisfy { $0.status == 200 && $0.error == nil })
        #expect(Set(proxy.flows.compactMap { $0.clientTLS?.leafSHA256 }).count == 1)
    }
}
