import NIOCore
import SupportCrypto
import SupportTransport

/// TLS with the client: the origin is reached first, so that the certificate and the protocol that are shown are its own.
extension ClientConnection {
    func startTLS(_ bytes: ByteBuffer) {
        guard let channel else { return }
        let here = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let handler = TLSHandler.server(core.serverContext, timeouts: .proxy, allowsHalfClosure: true) { hello, loop in
            here.value.decide(hello, on: loop)
        }
        do {
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch {
            return channel.close(promise: nil)
        }
        channel.pipeline.fireChannelRead(bytes)
        channel.pipeline.fireChannelReadComplete()
    }

    private func decide(_ hello: ClientHello, on loop: any EventLoop) -> EventLoopFuture<TLSServerDecision> {
        guard let tunnel, let pool else { return loop.makeSucceededFuture(.refuse(.internalError)) }
        let name = hello.serverName ?? tunnel.authority.host
        let policy = core.configuration.http2
        if OnboardingSite.hosts.contains(name) {
            return loop.makeSucceededFuture(accept(name, hello, nil))
        }
        let promise = loop.makePromise(of: TLSServerDecision.self)
        let target = UpstreamTarget(authority: tunnel.authority, isTLS: true, serverName: name)
        let here = NIOLoopBound(self, eventLoop: loop)
        pool.reach(target, offer: HTTP2Legs.offer(policy, client: hello.alpn)) { reached in
            promise.succeed(here.value.accept(name, hello, reached))
        }
        return promise.futureResult
    }

    private func accept(_ name: String, _ hello: ClientHello, _ reached: OriginPool.Reached?) -> TLSServerDecision {
        do {
            let identity = try core.leaves.identity(
                for: SubjectAlternativeName(host: name), as: reached?.certificate)
            shownLeaf = identity.certificate
            return .accept(
                identity,
                alpn: HTTP2Legs.choice(
                    core.configuration.http2, client: hello.alpn, origin: reached?.alpn, isReached: reached != nil))
        } catch {
            return .refuse(.unrecognizedName)
        }
    }

    /// From here on every request has a stream of its own.
    func multiplex() {
        guard let channel else { return }
        isMultiplexed = true
        let here = NIOLoopBound(self, eventLoop: channel.eventLoop)
        do {
            try HTTP2Legs.addClient(to: channel, before: self) { stream in
                try stream.pipeline.syncOperations.addHandler(HTTP2ClientStream(here.value))
            }
        } catch {
            channel.close(promise: nil)
        }
    }
}
