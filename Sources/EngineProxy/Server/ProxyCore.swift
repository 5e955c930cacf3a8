import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto
import SupportTransport

/// What all connections of one proxy share.
final class ProxyCore: Sendable {
    let configuration: ProxyConfiguration
    let authority: CertificateAuthority
    let leaves: LeafStore
    let trust: OriginTrust
    let serverContext: TLSContext
    let onboarding: OnboardingSite
    let sinks: [any ProxyEventSink]
    let now: @Sendable () -> Int64
    let budget = BodyBudget(bytes: 64 << 20)
    private let numbers = NIOLockedValueBox((connection: UInt64(0), flow: UInt64(0)))
    private let listener = NIOLockedValueBox<SocketAddress?>(nil)

    init(
        _ configuration: ProxyConfiguration, authority: CertificateAuthority, sinks: [any ProxyEventSink],
        keyLog: KeyLogFile?, now: @escaping @Sendable () -> Int64
    ) throws(ProxyError) {
        self.configuration = configuration
        self.authority = authority
        self.sinks = sinks
        self.now = now
        leaves = LeafStore(authority: authority, now: now)
        trust = try OriginTrust(
            rootFiles: configuration.rootFiles, extraFile: configuration.upstreamCAFile, keyLog: keyLog)
        var parameters = TLSContext.Parameters()
        if let keyLog { parameters.keyLog = { keyLog.append($0) } }
        do {
            serverContext = try TLSContext.server(parameters)
            onboarding = try OnboardingSite(authority: authority)
        } catch {
            throw .failed("\(error)")
        }
    }

    func nextConnection() -> UInt64 {
        numbers.withLockedValue { numbers in
            numbers.connection += 1
            return numbers.connection
        }
    }

    func nextFlow() -> UInt64 {
        numbers.withLockedValue { numbers in
            numbers.flow += 1
            return numbers.flow
        }
    }

    func report(_ event: ProxyEvent) {
        for sink in sinks { sink.record(event) }
    }

    func isListening(at address: SocketAddress?) { listener.withLockedValue { $0 = address } }

    /// Whether a connection from `local` to `remote` ends at this proxy's own listener.
    func isOwnListener(_ remote: SocketAddress?, from local: SocketAddress?) -> Bool {
        guard let remote, let own = listener.withLockedValue({ $0 }), remote.port == own.port else { return false }
        let address = remote.ipAddress
        let isWildcard = own.ipAddress == "0.0.0.0" || own.ipAddress == "::"
        // A connection to an address of this machine starts from that same address, unless it was bound otherwise.
        return address == own.ipAddress || (isWildcard && (address == local?.ipAddress || isLoopback(address)))
    }

    private func isLoopback(_ address: String?) -> Bool { address == "::1" || (address?.hasPrefix("127.") ?? false) }
}

extension ProxyAddress {
    init(_ address: SocketAddress?) {
        self.init(address: address?.ipAddress ?? "", port: address?.port ?? 0)
    }
}

extension TLSTimeouts {
    /// A peer that does not answer our close_notify must not keep the proxy from ending.
    static var proxy: TLSTimeouts {
        var timeouts = TLSTimeouts()
        timeouts.close = .milliseconds(500)
        return timeouts
    }
}
