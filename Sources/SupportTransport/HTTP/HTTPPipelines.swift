import NIOCore
import NIOHPACK
import NIOHTTP1
import NIOHTTP2

/// The handlers of HTTP on a channel, the same for proxies and web sites. All functions run on the channel's event loop.
///
/// Above them a handler sees `HTTPServerRequestPart` and `HTTPClientResponsePart`, whatever the version on the wire.
package enum HTTPPipelines {
    package static let limits: NIOHTTPDecoderLimitConfiguration = {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderListSize = 64 * 1024
        limits.maxHeaderFieldSize = 32 * 1024
        limits.maxHeaderFieldCount = 200
        return limits
    }()

    /// HTTP/1 as a server. Requests come one at a time, pipelined ones wait; unclear ones are answered with 400.
    ///
    /// - Returns: what `HTTP1Handlers.remove` takes out again, for CONNECT and upgrades.
    @discardableResult
    package static func addHTTP1Server(
        to channel: any Channel, position: ChannelPipeline.SynchronousOperations.Position = .last
    ) throws -> HTTP1Handlers {
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        return try add(
            [HTTPResponseEncoder(), decoder, HTTPServerPipelineHandler(), HTTPRequestGuard()], to: channel, position)
    }

    /// HTTP/1 as a client. Fields that would break the framing of a request are refused before they are sent.
    @discardableResult
    package static func addHTTP1Client(
        to channel: any Channel, position: ChannelPipeline.SynchronousOperations.Position = .last
    ) throws -> HTTP1Handlers {
        let decoder = ByteToMessageHandler(
            HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        return try add([HTTPRequestEncoder(), decoder, NIOHTTPRequestHeadersValidator()], to: channel, position)
    }

    /// HTTP/2 as a server. `stream` adds handlers of requests to the channel of each new stream.
    package static func addHTTP2Server(
        to channel: any Channel, stream: @escaping @Sendable (any Channel) throws -> Void
    ) throws {
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: .init(), streamConfiguration: .init()
        ) { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandlers([
                    HTTP2FramePayloadToHTTP1ServerCodec(), HTTPRequestGuard(isHTTP2: true),
                ])
                try stream(channel)
            }
        }
    }

    /// HTTP/2 as a client; streams are opened with `HTTP2Streams.open`. Pushed streams are refused by settings.
    package static func addHTTP2Client(to channel: any Channel) throws -> HTTP2Streams {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0), HTTP2Setting(parameter: .maxHeaderListSize, value: 65536),
        ]
        let multiplexer = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: connection, streamConfiguration: .init()
        ) { channel in
            channel.close()
        }
        return HTTP2Streams(multiplexer: multiplexer)
    }

    private static func add(
        _ handlers: [any ChannelHandler & RemovableChannelHandler], to channel: any Channel,
        _ position: ChannelPipeline.SynchronousOperations.Position
    ) throws -> HTTP1Handlers {
        try channel.pipeline.syncOperations.addHandlers(handlers, position: position)
        return HTTP1Handlers(handlers: handlers)
    }
}

/// The handlers that make a channel speak HTTP/1.
package struct HTTP1Handlers {
    let handlers: [any ChannelHandler & RemovableChannelHandler]

    /// Takes the handlers out: from now on the channel carries bytes. Bytes that followed the last message are read next.
    package func remove(from channel: any Channel) -> EventLoopFuture<Void> {
        let removals = handlers.reversed().map { channel.pipeline.syncOperations.removeHandler($0) }
        return EventLoopFuture.andAllSucceed(removals, on: channel.eventLoop)
    }
}

/// Opens streams on an HTTP/2 connection.
package struct HTTP2Streams: Sendable {
    let multiplexer: NIOHTTP2Handler.StreamMultiplexer

    /// A new stream on which `initialize` adds handlers of responses. `isSecure` decides the `:scheme` that is sent.
    package func open(
        isSecure: Bool = true, initialize: @escaping @Sendable (any Channel) throws -> Void
    ) -> EventLoopFuture<any Channel> {
        multiplexer.createStreamChannel { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2FramePayloadToHTTP1ClientCodec(httpProtocol: isSecure ? .https : .http))
                try initialize(channel)
            }
        }
    }
}
