import NIOCore
import NIOHPACK
import NIOHTTP2
import SupportTransport

/// HTTP/2 on either side of the proxy, with the same limits.
enum HTTP2Legs {
    /// What a peer may send ahead on one stream, and on all of them.
    private static let streamWindow = 256 << 10
    private static let connectionWindow = 1 << 20
    private static let headerListSize = 64 << 10

    /// Puts HTTP/2 before `handler`, which sees streams only as `stream` is told of them.
    static func addClient(
        to channel: any Channel, before handler: any ChannelHandler,
        stream: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        var connection = connection()
        connection.initialSettings.append(HTTP2Setting(parameter: .maxConcurrentStreams, value: 100))
        // WebSocket inside a stream (RFC 8441, section 3).
        connection.initialSettings.append(HTTP2Setting(parameter: .enableConnectProtocol, value: 1))
        let handler2 = NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: connection,
            streamConfiguration: streamConfiguration
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try stream(channel) }
        }
        try channel.pipeline.syncOperations.addHandler(handler2, position: .before(handler))
    }

    static func addOrigin(
        to channel: any Channel, before handler: any ChannelHandler
    ) throws -> NIOHTTP2Handler.StreamMultiplexer {
        var connection = connection()
        connection.initialSettings.append(HTTP2Setting(parameter: .enablePush, value: 0))
        let handler2 = NIOHTTP2Handler(
            mode: .client, eventLoop: channel.eventLoop, connectionConfiguration: connection,
            streamConfiguration: streamConfiguration
        ) { channel in
            // Pushed streams are refused by settings.
            channel.close()
        }
        try channel.pipeline.syncOperations.addHandler(handler2, position: .before(handler))
        return try handler2.syncMultiplexer()
    }

    private static func connection() -> NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxHeaderListSize, value: headerListSize),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
        ]
        configuration.targetWindowSize = connectionWindow
        // Pings of gRPC measure bandwidth, and come by the hundred; nobody sends thousands in good faith.
        configuration.controlFrameRateLimit.maximumCount = 1000
        return configuration
    }

    private static var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = streamWindow
        configuration.outboundBufferSizeHighWatermark = 64 << 10
        configuration.outboundBufferSizeLowWatermark = 32 << 10
        return configuration
    }

    /// What an origin is offered on behalf of a client that offers `client`.
    static func offer(_ policy: ProxyConfiguration.HTTP2, client: [String]) -> [String] {
        switch policy {
        case .follow: client.contains("h2") ? ["h2", "http/1.1"] : ["http/1.1"]
        case .origin, .both: ["h2", "http/1.1"]
        case .client, .off: ["http/1.1"]
        }
    }

    /// What a client may choose from, when the origin has agreed on `origin` (nil where there is none to ask).
    static func choice(
        _ policy: ProxyConfiguration.HTTP2, client: [String], origin: String?, isReached: Bool
    ) -> [String] {
        let prefersHTTP2 =
            switch policy {
            case .follow: origin == "h2" || !isReached
            case .client, .both: true
            case .origin, .off: false
            }
        let known = prefersHTTP2 ? ["h2", "http/1.1"] : ["http/1.1"]
        let common = known.filter(client.contains)
        // A client that speaks nothing but HTTP/2 is served whatever the origin speaks; one that offers neither is not told.
        if common.isEmpty, policy == .follow, client.contains("h2") { return ["h2"] }
        return common
    }
}
