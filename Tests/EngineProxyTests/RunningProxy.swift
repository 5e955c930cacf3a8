import EngineProxy
import Foundation
import LabTestSupport
import NIOConcurrencyHelpers
import SupportCrypto

/// A proxy on a free port with a folder of its own, its events, and a public-like authority for origins.
final class RunningProxy: Sendable {
    let folder = TemporaryFolder()
    let proxy: Proxy
    let origins: CertificateAuthority
    private let recorder: Recorder

    static func start(
        environment: [String: String] = [:], change: (inout ProxyConfiguration) -> Void = { _ in }
    ) async throws -> RunningProxy {
        try await RunningProxy(environment, change)
    }

    private init(_ environment: [String: String], _ change: (inout ProxyConfiguration) -> Void) async throws {
        let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000
        origins = try CertificateAuthority.create(subject: DistinguishedName(commonName: "public-like root"), now: now)
        var configuration = ProxyConfiguration(environment: environment)
        configuration.listenPort = 0
        configuration.confdir = folder.path + "/conf"
        configuration.upstreamCAFile = folder.write(origins.certificate.pem, to: "origins.pem")
        configuration.rootFiles = []
        configuration.threads = 1
        configuration.connectTimeout = 1200
        change(&configuration)
        recorder = Recorder()
        proxy = try await Proxy.start(configuration, sinks: [recorder])
    }

    var url: String { "http://127.0.0.1:\(proxy.address.port)" }
    var authorityFile: String { folder.path + "/conf/mitmproxy-ca-cert.pem" }
    var events: [ProxyEvent] { recorder.events.withLockedValue { $0 } }

    var flows: [ProxyFlow] {
        events.compactMap { event in
            if case .flow(let flow) = event { return flow }
            return nil
        }
    }

    var handshakeFailures: [ProxyHandshakeFailure] {
        events.compactMap { event in
            if case .handshakeFailure(let failure) = event { return failure }
            return nil
        }
    }

    var tunnels: [ProxyTunnel] {
        events.compactMap { event in
            if case .tunnel(let tunnel) = event { return tunnel }
            return nil
        }
    }

    var messages: [ProxyWebSocketMessage] {
        events.compactMap { event in
            if case .message(let message) = event { return message }
            return nil
        }
    }

    var rejections: [String] {
        events.compactMap { event in
            if case .rejected(let rejected) = event { return rejected.kind }
            return nil
        }
    }

    /// A certificate for an origin that the proxy trusts.
    func identity(for name: String) throws -> ServerIdentity {
        try origins.issue(
            for: [SubjectAlternativeName(host: name)], now: Int64(Date().timeIntervalSince1970) * 1_000_000_000)
    }

    /// curl through this proxy, quiet but for errors; `--noproxy ''` because the origins are on loopback.
    func curl(_ arguments: [String], input: [UInt8] = []) async throws -> RealTool.Outcome {
        guard let curl = RealTool("curl") else { throw POSIXError(.ENOENT) }
        return try await curl.run(
            ["-q", "-sS", "--max-time", "1200", "--noproxy", "", "-x", url] + arguments, input: input)
    }

    /// Sends bytes to the proxy as they are, and gives back everything it answered until it closed.
    func raw(_ text: String) async throws -> String { try await raw(Array(text.utf8)) }

    func raw(_ bytes: [UInt8]) async throws -> String {
        let port = UInt16(proxy.address.port)
        return try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try Self.exchange(bytes, port: port) }) }.start()
        }
    }

    /// Sends bytes to the proxy, waits until it has answered with `text`, does `then`, and gives back everything that was
    /// answered until it closed.
    func raw(
        _ request: String, until text: String, then act: @escaping @Sendable () async -> Void
    ) async throws -> String {
        let port = UInt16(proxy.address.port)
        let (seen, sees) = AsyncStream.makeStream(of: Void.self)
        async let answer: String = withCheckedThrowingContinuation { continuation in
            Thread {
                let result = Result {
                    try Self.exchange(Array(request.utf8), port: port) { if $0.contains(text) { sees.finish() } }
                }
                sees.finish()
                continuation.resume(with: result)
            }.start()
        }
        for await _ in seen {}
        await act()
        return try await answer
    }

    private static func exchange(
        _ bytes: [UInt8], port: UInt16, progress: ((String) -> Void)? = nil
    ) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, socklen_t(16)) }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
        var limit = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        _ = send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        if progress == nil { shutdown(descriptor, Int32(SHUT_WR)) }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer += chunk[..<count]
            progress?(String(decoding: answer, as: UTF8.self))
        }
        return String(decoding: answer, as: UTF8.self)
    }

    func stop() async { await proxy.stop() }

    /// Waits until the proxy has told of something that fits.
    func waitForEvent(_ fits: @escaping @Sendable (ProxyEvent) -> Bool) async {
        await recorder.wait(fits)
    }

    private final class Recorder: ProxyEventSink {
        private struct Waiting {
            let fits: @Sendable (ProxyEvent) -> Bool
            let continuation: CheckedContinuation<Void, Never>
        }

        let events = NIOLockedValueBox<[ProxyEvent]>([])
        private let waiting = NIOLockedValueBox<[Waiting]>([])

        func record(_ event: ProxyEvent) {
            let due = waiting.withLockedValue { waiting in
                events.withLockedValue { $0.append(event) }
                let due = waiting.filter { $0.fits(event) }
                waiting.removeAll { $0.fits(event) }
                return due
            }
            for one in due { one.continuation.resume() }
        }

        func wait(_ fits: @escaping @Sendable (ProxyEvent) -> Bool) async {
            await withCheckedContinuation { continuation in
                let isThere = waiting.withLockedValue { waiting in
                    if events.withLockedValue({ $0.contains(where: fits) }) { return true }
                    waiting.append(Waiting(fits: fits, continuation: continuation))
                    return false
                }
                if isThere { continuation.resume() }
            }
        }
    }
}
