import EngineWeb
import Foundation
import LabTestSupport
import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto
import SupportTransport

extension WebRequest {
    /// A GET with as much time as a machine full of other tests may take.
    static func unhurried(_ url: String) -> WebRequest {
        var request = WebRequest(url: url)
        request.connectTimeout = .minutes(20)
        request.timeout = .minutes(20)
        return request
    }
}

/// A server with two sites, its authority, and its log, for tests on loopback.
final class TestWeb: Sendable {
    static let now: Int64 = 1_795_392_000_000_000_000

    let server: WebServer
    let log: EventLog
    let authority: CertificateAuthority
    let folder: TemporaryFolder
    let rootFile: String

    var plain: UInt16 { server.addresses[0].port }
    var tls: UInt16 { server.addresses[1].port }

    /// Keeps what a server told, and lets a test wait for so many lines.
    final class EventLog: Sendable {
        private let state = NIOLockedValueBox<
            (events: [WebServerEvent], waiting: [(Int, CheckedContinuation<Void, Never>)])
        >(
            ([], []))

        func append(_ event: WebServerEvent) {
            let ready = state.withLockedValue { state in
                state.events.append(event)
                let count = state.events.count
                let ready = state.waiting.filter { $0.0 <= count }.map(\.1)
                state.waiting.removeAll { $0.0 <= count }
                return ready
            }
            for continuation in ready { continuation.resume() }
        }

        /// What has been told up to now.
        var told: [WebServerEvent] { state.withLockedValue(\.events) }

        /// The first `count` events, once there are so many.
        func first(_ count: Int) async -> [WebServerEvent] {
            await withCheckedContinuation { continuation in
                let isThere = state.withLockedValue { state in
                    if state.events.count >= count { return true }
                    state.waiting.append((count, continuation))
                    return false
                }
                if isThere { continuation.resume() }
            }
            return Array(state.withLockedValue(\.events).prefix(count))
        }

        func requests(_ count: Int) async -> [WebRequestRecord] {
            await first(count).compactMap { event in
                guard case .request(let record) = event else { return nil }
                return record
            }
        }
    }

    init(_ change: (inout WebServerConfiguration) -> Void = { _ in }) async throws {
        authority = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "Test Web Root"), now: Self.now, days: 9000)
        folder = TemporaryFolder()
        rootFile = folder.write(authority.certificate.pem, to: "root.pem")
        let www = try authority.issue(
            for: [.init(host: "www.example.test"), .init(host: "127.0.0.1")], now: Self.now, days: 9000)
        let other = try authority.issue(for: [.init(host: "other.example.test")], now: Self.now, days: 9000)
        let expired = try authority.issue(for: [.init(host: "expired.example.test")], now: 1_000_000_000_000_000_000)
        let text = String(repeating: "The token is 4711. ", count: 200)
        let sites = [
            WebSite(
                names: ["www.example.test", "127.0.0.1", "localhost"], identity: www,
                pages: [
                    "/": WebPage("hello from www\n"), "/gzip": WebPage(text, isCompressed: true),
                    "/chunked": WebPage(text, isChunked: true), "/none": WebPage(status: 204, body: .bytes([])),
                    "/form": WebPage(body: .bytes(Array("taken\n".utf8)), methods: ["POST"]),
                    "/away": WebPage(status: 302, fields: [("location", "/")], body: .bytes([])),
                    "/loop": WebPage(status: 302, fields: [("location", "/loop")], body: .bytes([])),
                    "/large": WebPage(contentType: "text/plain", body: .filler(count: 3_000_000)),
                    "/endless": WebPage(contentType: "text/plain", body: .filler(count: 3_000_000), isChunked: true),
                ]),
            WebSite(names: ["other.example.test"], identity: other, pages: ["/": WebPage("hello from other\n")]),
            WebSite(names: ["expired.example.test"], identity: expired), WebSite.mitm(),
        ]
        var configuration = WebServerConfiguration(
            listeners: [
                WebListener(address: "127.0.0.1", port: 0, kind: .plain),
                WebListener(address: "127.0.0.1", port: 0, kind: .tls),
            ], sites: sites)
        configuration.idleTimeout = .minutes(20)
        change(&configuration)
        let log = EventLog()
        self.log = log
        server = try await WebServer.start(configuration, now: { Self.now }, log: { log.append($0) })
    }

    /// curl with names resolved to loopback, quiet but for errors.
    func curl(_ arguments: [String]) async throws -> RealTool.Outcome {
        guard let curl = RealTool("curl") else { throw CocoaError(.fileNoSuchFile) }
        let names = [
            "www.example.test", "other.example.test", "expired.example.test", "mitm.it", "unknown.example.test",
        ]
        let resolve = names.flatMap { name in
            ["--resolve", "\(name):\(plain):127.0.0.1", "--resolve", "\(name):\(tls):127.0.0.1"]
        }
        return try await curl.run(["-sS", "--max-time", "1200"] + resolve + arguments)
    }
}
