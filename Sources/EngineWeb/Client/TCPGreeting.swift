import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// Connects to a TCP port and reads what a service says first: whether somebody is there, and who.
package struct TCPGreeting: Sendable, Hashable {
    package var isOpen: Bool
    /// The first line, without its end; empty where the service waits for the client to begin.
    package var line: String

    /// - Parameter nanoseconds: for connecting, and again for the first line.
    package static func read(host: String, port: Int, within nanoseconds: Int64) async -> TCPGreeting {
        let group = MultiThreadedEventLoopGroup.singleton
        let promise = group.any().makePromise(of: String.self)
        do {
            let channel = try await ClientBootstrap(group: group)
                .connectTimeout(.nanoseconds(nanoseconds))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(FirstLine(promise))
                    }
                }
                .connect(host: host, port: port).get()
            let timeout = channel.eventLoop.scheduleTask(in: .nanoseconds(min(nanoseconds, 1_000_000_000))) {
                promise.succeed("")
            }
            let line = (try? await promise.futureResult.get()) ?? ""
            timeout.cancel()
            try? await channel.close()
            return TCPGreeting(isOpen: true, line: line)
        } catch {
            promise.succeed("")
            return TCPGreeting(isOpen: false, line: "")
        }
    }
}

/// Collects bytes up to the first line end, or as many as a line may have.
private final class FirstLine: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private static let limit = 1024
    private let promise: EventLoopPromise<String>
    private var bytes: [UInt8] = []

    init(_ promise: EventLoopPromise<String>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView
        if let end = bytes.firstIndex(of: UInt8(ascii: "\n")) {
            promise.succeed(text(bytes[..<end]))
        } else if bytes.count > Self.limit {
            promise.succeed(text(bytes[..<Self.limit]))
        }
    }

    func channelInactive(context: ChannelHandlerContext) { promise.succeed(text(bytes[...])) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.succeed(text(bytes[...]))
        context.close(promise: nil)
    }

    private func text(_ line: ArraySlice<UInt8>) -> String {
        String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
    }
}
