import EngineTrust
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

@Suite(
    "What curl trusts",
    .enabled(if: RealTool.exists("curl") && RealTool.exists("python3"), "curl or python3 is not installed"))
struct CurlTrustTests {
    private static let server = """
        import http.server, ssl, sys
        class H(http.server.BaseHTTPRequestHandler):
            def log_message(self, *a): pass
            def do_GET(self): self.send_response(200); self.end_headers(); self.wfile.write(b"trusted")
        s = http.server.HTTPServer(("127.0.0.1", 0), H)
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[1])
        s.socket = c.wrap_socket(s.socket, server_side=True)
        print(s.server_port, flush=True); s.serve_forever()
        """

    @Test("follows the store through installation and removal, by every way curl can be pointed at it")
    func curl() async throws {
        let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000
        let folder = TemporaryFolder()
        let store = TrustStore(
            TrustStoreLayout(
                localFolder: folder.path + "/local", bundle: folder.path + "/certs/bundle.crt",
                linksFolder: folder.path + "/certs"))
        let other = try CertificateAuthority.create(subject: DistinguishedName(commonName: "other"), now: now)
        try FileManager.default.createDirectory(atPath: folder.path + "/certs", withIntermediateDirectories: true)
        folder.write(other.certificate.pem, to: "certs/bundle.crt")
        let authority = try CertificateAuthority.create(now: now)
        let identity = try authority.issue(for: [.dns("localhost")], now: now)
        let pair = folder.write(try identity.privateKey.pem() + identity.certificate.pem, to: "pair.pem")

        // curl adds its built-in file to a folder given with --capath, unless another file is named.
        let emptyRoots = folder.write(other.certificate.pem, to: "others.pem")

        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(RealTool("python3")).path)
        process.arguments = ["-c", Self.server, pair]
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
        let said = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        let port = try #require(Int(said.filter(\.isNumber)))

        let curl = try #require(RealTool("curl"))
        let base = ["-q", "-sS", "--noproxy", "*", "https://localhost:\(port)/"]
        let ways: [([String], [String: String])] = [
            (["--cacert", store.layout.bundle, "--capath", "/nonexistent"], [:]),
            (["--capath", store.layout.linksFolder, "--cacert", emptyRoots], [:]),
            ([], ["SSL_CERT_FILE": store.layout.bundle]), ([], ["CURL_CA_BUNDLE": store.layout.bundle]),
        ]
        // What the machine itself is set to would hide what the test sets.
        let settings = [
            "https_proxy", "HTTPS_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "SSLKEYLOGFILE",
        ]
        func answers() async throws -> [Int32] {
            var statuses: [Int32] = []
            for (arguments, environment) in ways {
                statuses.append(
                    try await curl.run(base + arguments, environment: environment, removing: settings).status)
            }
            return statuses
        }
        #expect(try await answers() == [60, 60, 60, 60])
        try store.install(authority.certificate, as: "lab", now: now)
        #expect(try await answers() == [0, 0, 0, 0])
        try store.remove("lab")
        #expect(try await answers() == [60, 60, 60, 60])
    }
}
