import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport
import Wire

@testable import EngineProxy

/// A site of HTTP/1 that answers a request once it is whole, and keeps every octet it was sent. It reads as strictly as the proxy
/// does, so that whatever it cannot read is the proxy's fault.
final class StrictSite: Sendable {
    fileprivate struct State {
        var connections: [[UInt8]] = []
        var open = 0
        /// Connections since somebody last looked.
        var new = 0
        var unreadable: [String] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    let port: Int
    private let channel: any Channel
    private let state: NIOLockedValueBox<State>

    private init(_ channel: any Channel, _ state: NIOLockedValueBox<State>) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        self.state = state
    }

    static func start(identity: ServerIdentity? = nil) async throws -> StrictSite {
        let state = NIOLockedValueBox(State())
        let context = try TLSContext.server()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler.server(context, identity: identity, alpn: ["http/1.1"]))
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(state))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StrictSite(channel, state)
    }

    func stop() async { try? await channel.close() }

    /// Why it could not read what it was sent.
    var unreadable: [String] { state.withLockedValue(\.unreadable) }

    /// What all connections since the last call were sent, in their order, once there was one and none is open any
    /// more.
    func taken() async -> [UInt8] {
        await withCheckedContinuation { continuation in
            let isThere = state.withLockedValue { state in
                if state.isQuiet { return true }
                state.waiting.append(continuation)
                return false
            }
            if isThere { continuation.resume() }
        }
        return soFar()
    }

    /// The same without waiting.
    func soFar() -> [UInt8] {
        state.withLockedValue { state in
            let all = Array(state.connections.joined())
            state.connections = state.connections.map { _ in [] }
            state.new = 0
            return all
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let state: NIOLockedValueBox<State>
        private let index: Int
        private var input = HTTPInput(.request)

        init(_ state: NIOLockedValueBox<State>) {
            self.state = state
            index = state.withLockedValue { state in
                state.connections.append([])
                state.open += 1
                state.new += 1
                return state.connections.count - 1
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            state.withLockedValue { $0.connections[index] += Array(bytes.readableBytesView) }
            input.append(bytes)
            while let event = input.next() {
                switch event {
                case .end(.complete):
                    context.writeAndFlush(
                        NIOAny(ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")), promise: nil)
                case .rejected(let reason):
                    state.withLockedValue { $0.unreadable.append(reason.rawValue) }
                    return context.close(promise: nil)
                default: break
                }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            let due = state.withLockedValue { state in
                state.open -= 1
                guard state.isQuiet else { return [CheckedContinuation<Void, Never>]() }
                defer { state.waiting = [] }
                return state.waiting
            }
            for one in due { one.resume() }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}

extension StrictSite.State {
    fileprivate var isQuiet: Bool { open == 0 && new > 0 }
}
