import NIOCore
import SupportTransport
import Wire

/// A WebSocket between the stream of an HTTP/2 client and a site's HTTP/1 connection (RFC 8441): bytes pass as they are, and are
/// read along.
final class HTTP2Relay: OriginConnectionOwner {
    private let connection: OriginConnection
    private let core: ProxyCore
    private weak var stream: HTTP2ClientStream?
    private var record: ProxyTunnel
    private let webSocket: WebSocketRecord?
    private var isClientOver = false
    private var isSiteOver = false
    private var isFinished = false

    /// - Parameter head: the response that granted it.
    init(
        _ connection: OriginConnection, for stream: HTTP2ClientStream, _ head: ResponseHead, of flow: ProxyFlow,
        _ client: ClientConnection
    ) {
        self.connection = connection
        self.stream = stream
        core = client.core
        webSocket = WebSocketRecord(head.fields, of: flow, around: client.around)
        record = ProxyTunnel(
            id: flow.id, connection: flow.connection, client: flow.client, server: flow.server, host: flow.host,
            port: flow.port, reason: .upgrade, upgrade: head.fields.first("upgrade"), sent: 0, received: 0,
            start: core.now(), end: core.now(), error: nil)
        connection.owner = self
    }

    // MARK: The client's side

    var isWritable: Bool { connection.channel?.isWritable ?? true }

    func setPaused(_ paused: Bool) { connection.setPaused(paused) }

    func clientSent(_ bytes: ByteBuffer) {
        record.sent &+= UInt64(bytes.readableBytes)
        connection.channel?.write(bytes, promise: nil)
        readAlong(bytes, from: .client)
    }

    func clientEnded() {
        guard !isClientOver else { return }
        isClientOver = true
        connection.channel?.close(mode: .output, promise: nil)
        endIfOver()
    }

    func flush() { connection.channel?.flush() }

    /// The stream is gone.
    func clientGone() {
        finish()
        connection.close()
    }

    // MARK: The site's side

    func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer) { siteSent(bytes) }

    func siteSent(_ bytes: ByteBuffer) {
        record.received &+= UInt64(bytes.readableBytes)
        stream?.relayed(bytes)
        readAlong(bytes, from: .server)
    }

    func originReadCompleted(_ connection: OriginConnection) { stream?.originReadCompleted() }

    func originInputEnded(_ connection: OriginConnection) {
        guard !isSiteOver else { return }
        isSiteOver = true
        stream?.relayEnded()
        endIfOver()
    }

    func originClosed(_ connection: OriginConnection, isClean: Bool) {
        originInputEnded(connection)
        finish()
    }

    func originWritabilityChanged(_ connection: OriginConnection) { stream?.originWritabilityChanged() }
    func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?) {}
    func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure) {}
    func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure) {}

    // MARK: Records

    private func readAlong(_ bytes: ByteBuffer, from sender: ProxyWebSocketMessage.Sender) {
        guard let webSocket else { return }
        for message in webSocket.read(bytes, from: sender) { core.report(.message(message)) }
    }

    private func endIfOver() {
        guard isClientOver, isSiteOver else { return }
        finish()
        connection.close()
    }

    private func finish() {
        guard !isFinished else { return }
        isFinished = true
        for message in webSocket?.finish() ?? [] { core.report(.message(message)) }
        record.messages = webSocket?.count
        record.end = core.now()
        core.report(.tunnel(record))
    }
}
