import Foundation
import LabTestSupport
import Testing

/// What week 2 leaves behind is read by others as by us.
@Suite("Peers of the evidence", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct CaptureTests {
    static let fields = [
        "frame.number", "ip.src", "tcp.srcport", "tcp.dstport", "http.request.method", "http.request.uri",
        "http.response.code", "http2.headers.method", "http2.headers.path", "http2.headers.status",
    ].flatMap { ["-e", $0] }

    @Test(
        "tshark opens the capture with the key log to the same messages",
        .enabled(if: RealTool.exists("tshark"), "needs tshark"))
    func tshark() async throws {
        let run = try await ReferenceRun.shared()
        let capture = run.folder + "/evidence/record/capture.pcapng"
        let keyLog = run.folder + "/evidence/again/sslkeylogfile.txt"
        func theirs(_ options: [String]) async throws -> [Substring] {
            let arguments = ["-r", capture] + options + ["-Y", "http || http2", "-T", "fields"] + Self.fields
            let tool = try #require(RealTool("tshark"))
            return try await tool.run(arguments).output.split(separator: "\n")
        }
        func ours(_ options: [String]) async throws -> [Substring] {
            let outcome = try await BuiltLab.run(
                ["decrypt", capture] + options + ["-Y", "http || http2", "-T", "fields"] + Self.fields, in: "/tmp")
            #expect(outcome.status == 0)
            return outcome.output.split(separator: "\n")
        }
        let opened = try await ours(["--keylog", keyLog])
        #expect(opened == (try await theirs(["-o", "tls.keylog_file:\(keyLog)"])))
        // Both legs of three pages, and HTTP/2 straight to the site.
        #expect(opened.count { $0.contains("\tGET\t/") } == 7)
        #expect(opened.contains { $0.contains("\tGET\t/stream") })
        let closed = try await ours([])
        #expect(closed == (try await theirs([])))
        #expect(!closed.contains { $0.contains("GET") })
        #expect(closed.contains { $0.contains("CONNECT") })
    }

    @Test(
        "openssl accepts the page's certificate under the proxy's authority, and under no other",
        .enabled(if: RealTool.exists("openssl"), "needs openssl"))
    func openssl() async throws {
        let run = try await ReferenceRun.shared()
        let folder = TemporaryFolder()
        let intercepted = try certificates(of: "browse", in: run, folder)
        let direct = try certificates(of: "direct", in: run, folder)
        let authority = run.folder + "/evidence/fetch/mitmproxy-ca-cert.pem"
        let tool = try #require(RealTool("openssl"))
        func verify(_ leaf: String, under root: String, name: String = "www.example.test") async throws -> Int32 {
            try await tool.run(
                [
                    "verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", name, "-no-CApath",
                    "-no-CAstore", "-CAfile", root, leaf,
                ]
            ).status
        }
        #expect(try await verify(intercepted.leaf, under: authority) == 0)
        #expect(try await verify(direct.leaf, under: direct.root) == 0)
        #expect(try await verify(intercepted.leaf, under: direct.root) != 0)
        #expect(try await verify(direct.leaf, under: authority) != 0)
        #expect(try await verify(intercepted.leaf, under: authority, name: "www.example.com") != 0)
    }

    /// The first and the last certificate of the chain that a step's client verified, as files.
    private func certificates(
        of step: String, in run: ReferenceRun, _ folder: TemporaryFolder
    ) throws -> (leaf: String, root: String) {
        let path = run.folder + "/evidence/\(step)/exchanges.jsonl"
        let line = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first ?? ""
        let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        let chain = try #require(object?["chain"] as? String)
        let end = "-----END CERTIFICATE-----\n"
        let parts = chain.components(separatedBy: end).filter { $0.contains("BEGIN") }.map { $0 + end }
        #expect(parts.count > 1)
        return (
            folder.write(Array((parts.first ?? "").utf8), to: step + "-leaf.pem"),
            folder.write(Array((parts.last ?? "").utf8), to: step + "-root.pem")
        )
    }
}
