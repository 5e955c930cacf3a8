import Glibc
import NIOCore
import NIOPosix
import SupportCrypto

/// A running intercepting proxy: an explicit HTTP proxy that opens TLS with certificates of its own authority.
package final class Proxy: Sendable {
    /// Where it listens; the port the system chose where 0 was asked for.
    package let address: ProxyAddress
    package let authority: CertificateAuthority
    private let core: ProxyCore
    private let group: MultiThreadedEventLoopGroup
    private let listener: any Channel
    private let writer: ProxyEventWriter?

    private init(
        address: ProxyAddress, core: ProxyCore, group: MultiThreadedEventLoopGroup, listener: any Channel,
        writer: ProxyEventWriter?
    ) {
        self.address = address
        self.core = core
        authority = core.authority
        self.group = group
        self.listener = listener
        self.writer = writer
    }

    /// Starts listening. The authority is made in `confdir` where there is none, the key log is created.
    ///
    /// - Parameters:
    ///   - sinks: told of every event, besides the output the configuration names.
    ///   - now: nanoseconds since 1970.
    package static func start(
        _ configuration: ProxyConfiguration, sinks: [any ProxyEventSink] = [],
        now: @escaping @Sendable () -> Int64 = { Clock.now() }
    ) async throws(ProxyError) -> Proxy {
        // A reader of our events that goes away is an error of write(2), not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        let keyLog: KeyLogFile? = if let path = configuration.keylogPath { try KeyLogFile(path: path) } else { nil }
        let authority = try authority(configuration, now: now())
        let writer: ProxyEventWriter? =
            if let output = configuration.events { try ProxyEventWriter(output, now: now) } else { nil }
        let core = try ProxyCore(
            configuration, authority: authority, sinks: sinks + (writer.map { [$0] } ?? []), keyLog: keyLog, now: now)
        let threads = configuration.threads > 0 ? configuration.threads : min(System.coreCount, 4)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let listener: any Channel
        do {
            listener = try await bind(configuration, core: core, group: group)
        } catch {
            let failure = Self.proxyError(error, configuration)
            try? await group.shutdownGracefully()
            if let writer { await Proxy.close(writer) }
            throw failure
        }
        let address = ProxyAddress(listener.localAddress)
        core.isListening(at: listener.localAddress)
        core.report(
            .listening(
                ProxyListening(
                    at: now(), address: address.address, port: address.port,
                    authoritySHA256: hexadecimal(authority.certificate.sha256))))
        return Proxy(address: address, core: core, group: group, listener: listener, writer: writer)
    }

    /// Closes the listener and every connection; flows under way are reported as broken off. The port is free afterwards.
    package func stop() async {
        try? await listener.close()
        try? await group.shutdownGracefully()
        core.report(.closed(ProxyClosed(at: core.now())))
        if let writer { await Self.close(writer) }
    }

    private static func close(_ writer: ProxyEventWriter) async {
        await withCheckedContinuation { continuation in
            Detached.run {
                writer.close()
                continuation.resume()
            }
        }
    }

    private static func authority(_ configuration: ProxyConfiguration, now: Int64) throws(ProxyError)
        -> CertificateAuthority
    {
        do {
            return try CertificateAuthority.loadOrCreate(
                in: AuthorityFolder(configuration.confdir), now: now, days: configuration.authorityDays)
        } catch {
            throw .authority("\(error)")
        }
    }

    private static func bind(
        _ configuration: ProxyConfiguration, core: ProxyCore, group: MultiThreadedEventLoopGroup
    ) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptWatch(core))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(
                        IdleStateHandler(allTimeout: .seconds(Int64(configuration.idleTimeout))),
                        ClientConnection(core, client: ProxyAddress(channel.remoteAddress)))
                }
            }
        var host = configuration.listenHost
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        if let address = try? SocketAddress(ipAddress: host, port: configuration.listenPort) {
            return try await bootstrap.bind(to: address).get()
        }
        return try await bootstrap.bind(host: host, port: configuration.listenPort).get()
    }

    private static func proxyError(_ error: any Error, _ configuration: ProxyConfiguration) -> ProxyError {
        let host = configuration.listenHost
        guard let error = error as? IOError else { return .addressUnusable(host: host, detail: "\(error)") }
        switch error.errnoCode {
        case EADDRINUSE: return .portBusy(host: host, port: configuration.listenPort)
        case EACCES, EPERM: return .portForbidden(host: host, port: configuration.listenPort)
        default: return .addressUnusable(host: host, detail: String(cString: strerror(error.errnoCode)))
        }
    }
}

/// The machine's clock.
package enum Clock {
    /// Nanoseconds since 1970.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
