import NIOCore
import SupportCrypto
import SupportTransport

/// The origin connections of one client connection: found, opened, kept for the next exchange. No other client ever uses them,
/// since some origins know a client by its connection. Lives on the client's event loop.
final class OriginPool {
    /// What is known of an origin once it was reached.
    struct Reached {
        var alpn: String?
        var certificate: Certificate?
    }

    private let core: ProxyCore
    private let loop: any EventLoop
    private let connection: UInt64
    private let client: ProxyAddress
    private var idle: [UpstreamTarget: [HTTP1Origin]] = [:]
    private var used: [ObjectIdentifier: HTTP1Origin] = [:]
    private var multiplexed: [UpstreamTarget: HTTP2Origin] = [:]
    private var openings: [ObjectIdentifier: Opening] = [:]
    /// Why an origin could not be reached for a TLS handshake: what the first request inside is answered with.
    private var failures: [UpstreamTarget: ProxyFailure] = [:]
    /// What origins are offered, as the client's own offer decided.
    private var offers: [UpstreamTarget: [String]] = [:]
    private var isClosed = false

    /// Connections that are kept idle for one origin.
    private static let idleLimit = 8

    init(_ core: ProxyCore, loop: any EventLoop, connection: UInt64, client: ProxyAddress) {
        self.core = core
        self.loop = loop
        self.connection = connection
        self.client = client
    }

    // MARK: What exchanges ask for

    /// Finds or opens a connection. The user is told at once or later.
    func open(_ target: UpstreamTarget, isFresh: Bool, for user: any OriginUser) {
        guard !isClosed else { return user.originFailed(.clientGone) }
        if let failure = failures.removeValue(forKey: target.forAll) { return user.originFailed(failure) }
        if !isFresh {
            if let origin = multiplexed[target] { return open(origin, target, for: user) }
            if let origin = idle[target]?.popLast() ?? idle[target.forAll]?.popLast() {
                used[ObjectIdentifier(origin)] = origin
                return origin.use(by: user)
            }
            // Whether one connection will do for all is known when the first is there.
            if mayMultiplex(target), let opening = openings.values.first(where: { $0.connection?.target == target }) {
                return opening.waiting.append(user)
            }
        }
        open(target) { $0.waiting.append(user) }
    }

    private func mayMultiplex(_ target: UpstreamTarget) -> Bool {
        target.isTLS && offers[target]?.contains("h2") ?? false && idle[target] == nil
    }

    private func open(_ origin: HTTP2Origin, _ target: UpstreamTarget, for user: any OriginUser) {
        let here = NIOLoopBound((self, user), eventLoop: loop)
        origin.use(by: user, on: loop) {
            let (pool, user) = here.value
            // It takes no more streams (RFC 9113, section 6.8).
            if pool.multiplexed[target] === origin { pool.multiplexed[target] = nil }
            pool.open(target, isFresh: true, for: user)
        }
    }

    /// The user does not wait any more.
    func cancel(_ user: any OriginUser) {
        for opening in openings.values {
            let count = opening.waiting.count
            opening.waiting.removeAll { $0 === user }
            if opening.waiting.isEmpty, count > 0, opening.reached == nil {
                opening.connection?.close()
                openings[ObjectIdentifier(opening)] = nil
            }
        }
    }

    /// Reaches an origin before anything is asked of it, and keeps the connection for what will be.
    ///
    /// - Parameter reached: told what it is, or nil where it cannot be reached; the next request is told why.
    func reach(_ target: UpstreamTarget, offer: [String], _ reached: @escaping (Reached?) -> Void) {
        offers[target] = offer
        open(target) { $0.reached = reached }
    }

    private func open(_ target: UpstreamTarget, _ prepare: (Opening) -> Void) {
        let opening = Opening(self)
        prepare(opening)
        let connection = OriginConnection(
            target,
            offer: target.isHTTP1Only
                ? ["http/1.1"] : offers[target] ?? HTTP2Legs.offer(core.configuration.http2, client: []), core: core,
            owner: opening)
        opening.connection = connection
        openings[ObjectIdentifier(opening)] = opening
        connection.connect(on: loop)
    }

    func closeAll() {
        isClosed = true
        for opening in openings.values { opening.connection?.close() }
        openings = [:]
        for origin in idle.values.joined() { origin.connection.close() }
        for origin in used.values { origin.connection.close() }
        for origin in multiplexed.values { origin.connection.close() }
        idle = [:]
        used = [:]
        multiplexed = [:]
    }

    // MARK: What connections tell

    func park(_ origin: HTTP1Origin) {
        used[ObjectIdentifier(origin)] = nil
        let target = origin.connection.target
        guard !isClosed, idle[target, default: []].count < Self.idleLimit else { return origin.connection.close() }
        idle[target, default: []].append(origin)
    }

    func gone(_ origin: HTTP1Origin) {
        used[ObjectIdentifier(origin)] = nil
        idle[origin.connection.target]?.removeAll { $0 === origin }
    }

    func gone(_ origin: HTTP2Origin) {
        let target = origin.connection.target
        if multiplexed[target] === origin { multiplexed[target] = nil }
    }

    fileprivate func opened(_ opening: Opening, at address: ProxyAddress, session: TLSSession?) {
        guard let connection = opening.connection else { return }
        openings[ObjectIdentifier(opening)] = nil
        let target = connection.target
        let leg = session.map { session in
            ProxyTLSLeg(
                session, leafSHA256: session.peerChain.first.map { DigestAlgorithm.sha256.digest(of: $0) },
                rootSHA256: session.verifiedChain.last.map { DigestAlgorithm.sha256.digest(of: $0) })
        }
        if let leg {
            core.report(
                .handshake(
                    ProxyHandshake(
                        at: core.now(), connection: self.connection, leg: .server, peer: address,
                        host: target.serverName, port: target.authority.port, tls: leg)))
        }
        let reached = Reached(
            alpn: session?.alpn, certificate: session?.peerChain.first.flatMap { try? Certificate(der: $0) })
        if session?.alpn == "h2" {
            openedHTTP2(connection, opening, at: address, leg)
        } else {
            let origin = HTTP1Origin(connection, at: address, tls: leg, pool: self)
            idle[target, default: []].append(origin)
            for user in opening.waiting { open(target, isFresh: false, for: user) }
        }
        opening.reached?(reached)
    }

    private func openedHTTP2(
        _ connection: OriginConnection, _ opening: Opening, at address: ProxyAddress, _ leg: ProxyTLSLeg?
    ) {
        let target = connection.target
        do {
            let origin = try HTTP2Origin(connection, at: address, tls: leg, pool: self)
            multiplexed[target] = origin
            for user in opening.waiting { open(origin, target, for: user) }
        } catch {
            connection.close()
            for user in opening.waiting { user.originFailed(.unreachable(target.authority, detail: "\(error)")) }
        }
    }

    fileprivate func failed(_ opening: Opening, _ failure: ProxyFailure) {
        openings[ObjectIdentifier(opening)] = nil
        if opening.reached != nil, let target = opening.connection?.target { failures[target] = failure }
        for user in opening.waiting { user.originFailed(failure) }
        opening.reached?(nil)
    }

    fileprivate func handshakeFailed(_ opening: Opening, _ failure: TLSFailure) {
        guard let target = opening.connection?.target else { return }
        let host = target.serverName
        let reason = HandshakeSentence.origin(failure, host: host)
        let alert = HandshakeSentence.alert(failure)
        core.report(
            .handshakeFailure(
                ProxyHandshakeFailure(
                    at: core.now(), connection: connection, leg: .server, client: client, host: host,
                    port: target.authority.port, sni: nil, reason: HandshakeSentence.reason(failure),
                    alert: alert.map { Int($0.number) }, alertName: alert?.name,
                    verifyCode: HandshakeSentence.verifyCode(failure), text: reason.sentence)))
        failed(opening, reason)
    }
}

/// A connection on its way to an origin, and who waits for it.
private final class Opening: OriginConnectionOwner {
    private weak var pool: OriginPool?
    var connection: OriginConnection?
    var waiting: [any OriginUser] = []
    var reached: ((OriginPool.Reached?) -> Void)?

    init(_ pool: OriginPool) { self.pool = pool }

    func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?) {
        pool?.opened(self, at: address, session: session)
    }

    func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure) { pool?.failed(self, failure) }

    func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure) {
        pool?.handshakeFailed(self, failure)
    }

    /// It ended before it was of any use.
    func originClosed(_ connection: OriginConnection, isClean: Bool) {
        pool?.failed(self, .closedWithoutAnswer(connection.target.authority))
    }

    func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer) {}
    func originReadCompleted(_ connection: OriginConnection) {}
    func originInputEnded(_ connection: OriginConnection) {}
    func originWritabilityChanged(_ connection: OriginConnection) {}
}
