import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import SupportTransport

/// One connection for one exchange: connect, CONNECT, TLS, request, response, close.
///
/// `@unchecked Sendable`: everything that changes is only touched on `loop`.
final class WebAttempt: @unchecked Sendable {
    private let request: WebRequest
    private let url: HTTPURL
    private let context: TLSContext?
    private let loop: any EventLoop
    private let start: Int64
    private let done: EventLoopPromise<WebExchange>

    private var exchange: WebExchange
    private var stage = WebFailure.Stage.connect
    private var stageStart: Int64
    private var channel: (any Channel)?
    private var timer: Scheduled<Void>?
    private var isOver = false

    init(
        request: WebRequest, url: HTTPURL, context: TLSContext?, exchange: WebExchange, start: Int64,
        loop: any EventLoop
    ) {
        self.request = request
        self.url = url
        self.context = context
        self.exchange = exchange
        self.start = start
        self.loop = loop
        stageStart = RealTime.monotonic()
        done = loop.makePromise()
    }

    /// Whether the method and fields can be sent as they are, without changing what else is sent.
    static func isSendable(_ method: String, _ fields: [WebField]) -> Bool {
        let isToken = !method.isEmpty && method.utf8.allSatisfy { (0x41...0x5A).contains($0) }
        return isToken && method != "CONNECT"
            && fields.allSatisfy { field in
                !field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
                    && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            }
    }

    func run(_ addresses: [NIOCore.SocketAddress]) async -> WebExchange {
        loop.execute { self.begin(addresses) }
        do {
            return try await done.futureResult.get()
        } catch {
            // The promise is only ever succeeded; this is the shut-down of the loop.
            var exchange = WebExchange(
                request: .init(method: request.method, url: request.url, fields: [], bodyCount: request.body.count))
            exchange.failure = WebFailure(.connect, .cancelled, "The client was shut down.")
            return exchange
        }
    }

    func cancel() {
        loop.execute { self.fail(WebFailure(self.stage, .cancelled, "The request was cancelled.")) }
    }

    // MARK: Connecting

    private func begin(_ addresses: [NIOCore.SocketAddress]) {
        let spent = TimeAmount.nanoseconds(RealTime.monotonic() - start)
        timer = loop.scheduleTask(in: max(request.timeout - spent, .zero)) {
            self.fail(WebFailure(self.stage, .timeout, "There was no complete answer in time."))
        }
        connect(addresses[...], lastError: nil)
    }

    /// Tries one address after the other.
    private func connect(_ addresses: ArraySlice<NIOCore.SocketAddress>, lastError: (any Error)?) {
        guard !isOver else { return }
        guard let address = addresses.first else { return fail(connectFailure(lastError)) }
        ClientBootstrap(group: loop)
            .connectTimeout(request.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connect(to: address)
            .whenComplete { result in
                switch result {
                case .success(let channel): self.connected(channel)
                case .failure(let error):
                    self.exchange.remote = SocketEndpoint(address)
                    self.connect(addresses.dropFirst(), lastError: error)
                }
            }
    }

    private func connectFailure(_ error: (any Error)?) -> WebFailure {
        let place = exchange.remote.map { "\($0)" } ?? url.authority.description
        if case .some(ChannelError.connectTimeout) = error {
            return WebFailure(.connect, .timeout, "\(place) did not answer in time.")
        }
        let code = (error as? IOError)?.errnoCode ?? 0
        let text = code == 0 ? error.map { "\($0)" } ?? "no address" : String(cString: strerror(code))
        switch code {
        case ECONNREFUSED:
            return WebFailure(.connect, .connectionRefused, number: Int(code), "Nothing listens on \(place).")
        case EHOSTUNREACH, ENETUNREACH:
            return WebFailure(.connect, .unreachable, number: Int(code), "\(place) cannot be reached: \(text).")
        default:
            return WebFailure(.connect, .connectFailed, number: Int(code), "No connection to \(place): \(text).")
        }
    }

    private func connected(_ channel: any Channel) {
        guard !isOver else { return channel.close(promise: nil) }
        self.channel = channel
        exchange.remote = SocketEndpoint(channel.remoteAddress)
        exchange.local = SocketEndpoint(channel.localAddress)
        exchange.timings.connect = nextStage(context == nil ? .http : request.proxy == nil ? .tls : .proxy)
        attempt {
            if context == nil {
                try sendHTTP1(on: channel)
            } else if request.proxy != nil {
                try sendConnect(on: channel)
            } else {
                try secure(channel)
            }
        }
    }

    // MARK: Proxy and TLS

    private func sendConnect(on channel: any Channel) throws {
        let target = HTTPAuthority(host: url.authority.host, port: url.port).description
        var head = HTTPRequestHead(version: .http1_1, method: .CONNECT, uri: target, headers: ["host": target])
        if let agent = exchange.request.fields.first(where: { $0.name.lowercased() == "user-agent" })?.value {
            head.headers.add(name: "user-agent", value: agent)
        }
        let http = try HTTPPipelines.addHTTP1Client(to: channel)
        let tunnel = TunnelRequest(head: head) { result in
            switch result {
            case .success(let code): self.tunnelAnswered(code, http, channel)
            case .failure(let failure): self.fail(failure)
            }
        }
        try channel.pipeline.syncOperations.addHandler(tunnel)
    }

    private func tunnelAnswered(_ code: Int, _ http: HTTP1Handlers, _ channel: any Channel) {
        guard !isOver else { return }
        exchange.connectCode = code
        guard (200..<300).contains(code) else {
            let text = "The proxy \(exchange.proxy ?? "") answered \(code) to CONNECT."
            return fail(WebFailure(.proxy, .proxyRefused, number: code, text))
        }
        exchange.timings.proxy = nextStage(.tls)
        http.remove(from: channel).assumeIsolated().whenComplete { _ in
            self.attempt { try self.secure(channel) }
        }
    }

    private func secure(_ channel: any Channel) throws {
        guard let context else { return }
        var timeouts = TLSTimeouts()
        timeouts.handshake = nil
        timeouts.close = .seconds(1)
        let handshake = loop.makePromise(of: TLSSession.self)
        handshake.futureResult.assumeIsolated().whenComplete { result in
            switch result {
            case .success(let session): self.secured(session, channel)
            case .failure(let error): self.handshakeFailed(error)
            }
        }
        // The dot of the root is no part of a name in SNI or in a certificate (RFC 6066 section 3).
        let host = url.authority.host
        let name = host.hasSuffix(".") ? String(host.dropLast()) : host
        try channel.pipeline.syncOperations.addHandler(
            TLSHandler.client(context, serverName: name, timeouts: timeouts, handshake: handshake))
    }

    private func handshakeFailed(_ error: any Error) {
        guard let failure = error as? TLSFailure else {
            return fail(WebFailure(.tls, .closed, "The connection ended during the TLS handshake."))
        }
        if !failure.peerChain.isEmpty {
            exchange.tls = WebExchange.TLS(
                serverName: url.authority.host, presentedChain: failure.peerChain, verifiedChain: [])
        }
        fail(WebFailure(failure, host: url.authority.host))
    }

    private func secured(_ session: TLSSession, _ channel: any Channel) {
        guard !isOver else { return }
        exchange.timings.tls = nextStage(.http)
        exchange.tls = WebExchange.TLS(
            version: session.version.description, cipher: session.cipher, serverName: session.serverName,
            alpn: session.alpn, clientRandom: hexadecimal(session.clientRandom), presentedChain: session.peerChain,
            verifiedChain: session.verifiedChain)
        attempt {
            if session.alpn == "h2" {
                try sendHTTP2(on: channel)
            } else if request.version == .http2 {
                fail(WebFailure(.http, .versionUnavailable, "\(url.authority.host) does not speak HTTP/2."))
            } else {
                try sendHTTP1(on: channel)
            }
        }
    }

    // MARK: HTTP

    private func sendHTTP1(on channel: any Channel) throws {
        let isAbsolute = request.proxy != nil && context == nil
        let collector = collector(isHTTP2: false, target: isAbsolute ? url.description : url.path)
        try HTTPPipelines.addHTTP1Client(to: channel)
        try channel.pipeline.syncOperations.addHandler(collector)
    }

    private func sendHTTP2(on channel: any Channel) throws {
        let streams = try HTTPPipelines.addHTTP2Client(to: channel)
        streams.open { stream in
            try stream.pipeline.syncOperations.addHandler(self.collector(isHTTP2: true, target: self.url.path))
        }.whenFailure { _ in
            self.fail(WebFailure(.http, .closed, "The connection ended before the request could be sent."))
        }
    }

    private func collector(isHTTP2: Bool, target: String) -> ResponseCollector {
        var headers = HTTPHeaders()
        if !exchange.request.fields.contains(where: { $0.name.lowercased() == "host" }) {
            headers.add(name: "host", value: url.hostField)
        }
        headers.add(contentsOf: exchange.request.fields.map { ($0.name, $0.value) })
        let head = HTTPRequestHead(
            version: .http1_1, method: HTTPMethod(rawValue: request.method), uri: target, headers: headers)
        return ResponseCollector(head: head, body: request.body, limit: request.bodyLimit, isHTTP2: isHTTP2) { event in
            switch event {
            case .head: self.exchange.timings.firstByte = RealTime.monotonic() - self.stageStart
            case .ended(let response): self.finish(response, nil)
            case .failed(let failure, let response): self.finish(response, failure)
            }
        }
    }

    // MARK: Ending

    private func attempt(_ body: () throws -> Void) {
        do {
            try body()
        } catch {
            let failure = error as? TLSFailure
            fail(
                failure.map { WebFailure($0, host: url.authority.host) }
                    ?? WebFailure(stage, .closed, "The connection ended before the request could be sent."))
        }
    }

    private func nextStage(_ stage: WebFailure.Stage) -> Int64 {
        let now = RealTime.monotonic()
        defer { stageStart = now }
        self.stage = stage
        return now - stageStart
    }

    private func fail(_ failure: WebFailure) { finish(exchange.response, failure) }

    private func finish(_ response: WebExchange.Response?, _ failure: WebFailure?) {
        guard !isOver else { return }
        isOver = true
        timer?.cancel()
        exchange.response = response
        exchange.failure = failure
        exchange.timings.total = RealTime.monotonic() - start
        let exchange = exchange
        guard let channel else { return done.succeed(exchange) }
        // Closed in good order first, so that a capture holds the end of the connection.
        channel.closeFuture.whenComplete { _ in self.done.succeed(exchange) }
        channel.close(promise: nil)
    }
}
