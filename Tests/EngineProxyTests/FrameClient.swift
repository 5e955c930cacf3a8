import EngineProxy
import NIOConcurrencyHelpers
import NIOCore
import NIOHPACK
import NIOPosix
import SupportCrypto
import SupportTransport

/// An HTTP/2 client that sends frames just as it is told, through a proxy's tunnel, and shows those that come back.
final class FrameClient {
    struct Frame: Sendable, Hashable {
        var type: UInt8
        var flags: UInt8
        var stream: UInt32
        var payload: [UInt8]

        var endsStream: Bool { (type == 0 || type == 1) && flags & 0x1 != 0 }
        /// Of GOAWAY and RST_STREAM.
        var errorCode: UInt32? {
            switch type {
            case 3: Self.number(payload.prefix(4))
            case 7: Self.number(payload.dropFirst(4).prefix(4))
            default: nil
            }
        }

        private static func number(_ bytes: ArraySlice<UInt8>) -> UInt32? {
            bytes.count == 4 ? bytes.reduce(0) { $0 << 8 | UInt32($1) } : nil
        }
    }

    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4, 0, 0, [])

    private(set) var hasAnsweredPing = false
    private let channel: any Channel
    private var frames: AsyncStream<Frame>.AsyncIterator
    private var encoder = HPACKEncoder(allocator: ByteBufferAllocator())
    private var decoder = HPACKDecoder(allocator: ByteBufferAllocator())

    /// Opens a tunnel to `authority`, does TLS with `name` inside, and sends the preface of a connection.
    static func open(
        _ proxy: RunningProxy, to authority: String, name: String, sendsPreface: Bool = true
    ) async throws -> FrameClient {
        let (frames, found) = AsyncStream.makeStream(of: Frame.self)
        let trusted = proxy.proxy.authority.certificate
        let context = try TLSContext.client(roots: CertificateStore(roots: [trusted]), alpn: ["h2"])
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(authority: authority, name: name, context: context, found: found))
                }
            }
            .connect(host: "127.0.0.1", port: proxy.proxy.address.port).get()
        let client = FrameClient(channel, frames.makeAsyncIterator())
        if sendsPreface { client.send(preface) }
        return client
    }

    private init(_ channel: any Channel, _ frames: AsyncStream<Frame>.AsyncIterator) {
        self.channel = channel
        self.frames = frames
    }

    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
        let count = payload.count
        return [
            UInt8(truncatingIfNeeded: count >> 16), UInt8(truncatingIfNeeded: count >> 8),
            UInt8(truncatingIfNeeded: count), type, flags, UInt8(truncatingIfNeeded: stream >> 24),
            UInt8(truncatingIfNeeded: stream >> 16), UInt8(truncatingIfNeeded: stream >> 8),
            UInt8(truncatingIfNeeded: stream),
        ] + payload
    }

    /// Fields as one HEADERS frame.
    func headers(_ fields: [(String, String)], on stream: UInt32, ends: Bool) throws -> [UInt8] {
        var block = ByteBuffer()
        try encoder.encode(headers: HPACKHeaders(fields), to: &block)
        return Self.frame(1, ends ? 0x5 : 0x4, stream, Array(block.readableBytesView))
    }

    func fields(of frame: Frame) throws -> [String: String] {
        var block = ByteBuffer(bytes: frame.payload)
        let headers = try decoder.decodeHeaders(from: &block)
        return Dictionary(headers.map { ($0.name, $0.value) }) { $0 + ", " + $1 }
    }

    /// Sends bytes once TLS is there.
    func send(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// The next frame that is no setting, window or ping; nil once the connection has ended, or a ping was answered where
    /// that is the end of what is looked for.
    func next(endsAtPing: Bool = false) async -> Frame? {
        while let frame = await frames.next() {
            if endsAtPing, frame.type == 6, frame.flags & 1 == 1 {
                // The first answer may overtake what its neighbours in one packet brought about.
                if hasAnsweredPing { return nil }
                hasAnsweredPing = true
                send(Self.frame(6, 0, 0, Array("once more".utf8.prefix(8))))
            }
            if frame.type == 4 || frame.type == 8 || frame.type == 6 { continue }
            return frame
        }
        return nil
    }

    /// Waits for the settings of the other side, and acknowledges them.
    func settings() async -> [UInt8] {
        while let frame = await frames.next() {
            guard frame.type == 4, frame.flags & 1 == 0 else { continue }
            send(Self.frame(4, 1, 0, []))
            return frame.payload
        }
        return []
    }

    /// The whole of a stream that is told of next: its heads and its body.
    func message(on stream: UInt32) async throws -> (heads: [[String: String]], body: [UInt8], end: Frame?) {
        var heads: [[String: String]] = []
        var body: [UInt8] = []
        while let frame = await next() {
            if frame.type == 1 { heads.append(try fields(of: frame)) }
            if frame.type == 0, frame.stream == stream { body += frame.payload }
            if frame.type == 7 || frame.stream == stream && (frame.endsStream || frame.type == 3) {
                return (heads, body, frame)
            }
        }
        return (heads, body, nil)
    }

    func close() async { try? await channel.close() }

    /// Asks for the tunnel, puts TLS into it, and takes frames apart.
    private final class Handler: ChannelDuplexHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let authority: String
        private let name: String
        private let context: TLSContext
        private let found: AsyncStream<Frame>.Continuation
        private var isTunnel = false
        private var isReady = false
        private var waiting = ByteBuffer()
        private var input = ByteBuffer()

        init(authority: String, name: String, context: TLSContext, found: AsyncStream<Frame>.Continuation) {
            self.authority = authority
            self.name = name
            self.context = context
            self.found = found
        }

        func channelActive(context: ChannelHandlerContext) {
            let head = "CONNECT \(authority) HTTP/1.1\r\nHost: \(authority)\r\n\r\n"
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head)), promise: nil)
        }

        func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
            guard !isReady else { return context.write(data, promise: promise) }
            waiting.writeImmutableBuffer(unwrapOutboundIn(data))
            promise?.succeed()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input.writeImmutableBuffer(unwrapInboundIn(data))
            if isReady { return takeFrames() }
            guard !isTunnel, String(buffer: input).hasSuffix("\r\n\r\n") else { return }
            isTunnel = true
            input = ByteBuffer()
            do {
                try context.pipeline.syncOperations.addHandler(
                    TLSHandler.client(self.context, serverName: name), position: .first)
            } catch {
                context.close(promise: nil)
            }
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            guard let event = event as? TLSEvent, case .handshakeCompleted = event else { return }
            isReady = true
            context.writeAndFlush(wrapOutboundOut(waiting), promise: nil)
        }

        private func takeFrames() {
            while let head = input.getBytes(at: input.readerIndex, length: 9) {
                let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
                guard input.readableBytes >= 9 + length else { return }
                input.moveReaderIndex(forwardBy: 9)
                let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                found.yield(
                    Frame(type: head[3], flags: head[4], stream: stream, payload: input.readBytes(length: length) ?? [])
                )
            }
        }

        func channelInactive(context: ChannelHandlerContext) { found.finish() }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
