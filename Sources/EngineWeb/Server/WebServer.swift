import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportTransport

/// Web sites by name over HTTP/1.1 and HTTP/2, plain and over TLS, with a log of every request.
package final class WebServer: Sendable {
    /// Where it listens, in the order of the configured listeners, with the real ports.
    package let addresses: [SocketEndpoint]

    private let state: WebServerState
    private let listeners: [any Channel]
    private let ownGroup: MultiThreadedEventLoopGroup?

    private init(
        addresses: [SocketEndpoint], state: WebServerState, listeners: [any Channel],
        ownGroup: MultiThreadedEventLoopGroup?
    ) {
        self.addresses = addresses
        self.state = state
        self.listeners = listeners
        self.ownGroup = ownGroup
    }

    /// Listens on everything that `configuration` names, or on nothing and throws a `WebServerError`.
    ///
    /// - Parameters:
    ///   - group: runs the server; without one it makes a thread of its own.
    ///   - now: nanoseconds since 1970.
    ///   - log: called on the server's event loop; it must not wait.
    package static func start(
        _ configuration: WebServerConfiguration, group: (any EventLoopGroup)? = nil,
        now: @escaping @Sendable () -> Int64 = RealTime.now, log: @escaping @Sendable (WebServerEvent) -> Void
    ) async throws -> WebServer {
        if let problem = SiteRules.problem(in: configuration.sites) { throw WebServerError.unusableSite(problem) }
        let context: TLSContext
        do {
            context = try TLSContext.server(configuration.tls)
        } catch {
            throw WebServerError.tls(error as? TLSFailure ?? TLSFailure(.configuration, detail: "\(error)"))
        }
        let ownGroup = group == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
        let state = WebServerState(configuration: configuration, tlsContext: context, now: now, log: log)
        var listeners: [any Channel] = []
        do {
            for listener in configuration.listeners {
                let group: any EventLoopGroup = group ?? ownGroup ?? MultiThreadedEventLoopGroup.singleton
                listeners.append(try await listen(listener, group: group, state: state))
            }
        } catch {
            for channel in listeners { try? await channel.close() }
            try? await ownGroup?.shutdownGracefully()
            throw error
        }
        return WebServer(
            addresses: listeners.map { SocketEndpoint($0.localAddress) ?? SocketEndpoint(address: "", port: 0) },
            state: state, listeners: listeners, ownGroup: ownGroup)
    }

    /// Stops listening and closes all connections; returns when both are done.
    package func stop() async {
        for listener in listeners { try? await listener.close() }
        await state.closeAll()
        try? await ownGroup?.shutdownGracefully()
    }

    private static func listen(
        _ listener: WebListener, group: any EventLoopGroup, state: WebServerState
    ) async throws -> any Channel {
        do {
            return try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 128)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try WebConnection.accepted(channel, listener: listener, server: state)
                    }
                }
                .bind(host: listener.address, port: Int(listener.port)).get()
        } catch {
            let code = (error as? IOError)?.errnoCode ?? 0
            throw WebServerError.cannotListen(
                address: listener.address, port: listener.port, errno: code,
                text: code == 0 ? "\(error)" : String(cString: strerror(code)))
        }
    }
}

/// What the connections of a server share.
final class WebServerState: Sendable {
    let configuration: WebServerConfiguration
    let sites: SiteIndex
    let tlsContext: TLSContext
    let now: @Sendable () -> Int64
    let log: @Sendable (WebServerEvent) -> Void
    private let open = NIOLockedValueBox<[ObjectIdentifier: any Channel]>([:])

    init(
        configuration: WebServerConfiguration, tlsContext: TLSContext, now: @escaping @Sendable () -> Int64,
        log: @escaping @Sendable (WebServerEvent) -> Void
    ) {
        self.configuration = configuration
        sites = SiteIndex(configuration.sites)
        self.tlsContext = tlsContext
        self.now = now
        self.log = log
    }

    /// False when there are too many connections already.
    func accepted(_ channel: any Channel) -> Bool {
        let id = ObjectIdentifier(channel)
        let isTaken = open.withLockedValue { open in
            guard open.count < configuration.connectionLimit else { return false }
            open[id] = channel
            return true
        }
        if isTaken {
            channel.closeFuture.whenComplete { _ in self.open.withLockedValue { $0[id] = nil } }
        }
        return isTaken
    }

    func closeAll() async {
        for channel in open.withLockedValue({ Array($0.values) }) {
            // At the head of the pipeline: nobody waits for a close_notify any more.
            channel.pipeline.context(handlerType: IdleCloser.self).whenComplete { result in
                switch result {
                case .success(let context): context.close(promise: nil)
                case .failure: channel.close(promise: nil)
                }
            }
            try? await channel.closeFuture.get()
        }
    }
}

/// The machine's clocks.
package enum RealTime {
    /// Nanoseconds since 1970.
    @Sendable package static func now() -> Int64 { read(CLOCK_REALTIME) }

    /// Nanoseconds of a clock that is never set.
    @Sendable package static func monotonic() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
