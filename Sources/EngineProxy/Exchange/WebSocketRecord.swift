import NIOCore
import Wire

/// Reads along while a WebSocket connection is relayed, and makes a record of each message. Bytes are passed on before they are
/// read here, whatever is found.
final class WebSocketRecord {
    private struct Side {
        var reader: WebSocketReader
        var body: BodyRecord?
        var isText = false
        var isCompressed = false
    }

    private let around: Surroundings
    private let flow: ProxyFlow
    private var client: Side
    private var server: Side
    private(set) var count: UInt64 = 0
    private var found: [ProxyWebSocketMessage] = []
    /// An extension was agreed on that is not known here; told with the first byte.
    private var unknownExtension: String?

    /// Nil for an upgrade to anything else.
    ///
    /// - Parameter fields: the header fields of the response that granted it.
    init?(_ fields: HTTPFields, of flow: ProxyFlow, around: Surroundings) {
        guard fields.values("upgrade").map({ $0.lowercased() }) == ["websocket"] else { return nil }
        self.around = around
        self.flow = flow
        let compression: WebSocketCompression?
        switch WebSocketExtensions(fields.values("sec-websocket-extensions")) {
        case .none: compression = nil
        case .compression(let agreed): compression = agreed
        case .unknown(let name):
            compression = nil
            unknownExtension = name
        }
        client = Side(reader: WebSocketReader(from: .client, compression: compression))
        server = Side(reader: WebSocketReader(from: .server, compression: compression))
    }

    /// What became whole with these bytes.
    func read(_ bytes: ByteBuffer, from sender: ProxyWebSocketMessage.Sender) -> [ProxyWebSocketMessage] {
        if let name = unknownExtension {
            guard count == 0 else { return [] }
            add(.unreadable, sender, error: .unknownExtension(name))
            return take()
        }
        bytes.withUnsafeReadableBytes { octets in
            switch sender {
            case .client: read(octets, sender, &client)
            case .server: read(octets, sender, &server)
            }
        }
        return take()
    }

    /// Both sides are gone: what was amid a message is told as it is.
    func finish() -> [ProxyWebSocketMessage] {
        guard unknownExtension == nil else { return [] }
        finish(&client, .client)
        finish(&server, .server)
        return take()
    }

    private func read(
        _ octets: UnsafeRawBufferPointer, _ sender: ProxyWebSocketMessage.Sender, _ side: inout Side
    ) {
        var (body, isText, isCompressed) = (side.body, side.isText, side.isCompressed)
        side.reader.read(octets) { event in
            switch event {
            case .began(let text, let compressed):
                (isText, isCompressed) = (text, compressed)
                body = BodyRecord(limit: around.bodyLimit, budget: around.budget)
            case .content(let part): body?.append(part)
            case .ended(let end):
                let error: ProxyFlowError? = end.isValid ? nil : .notUTF8
                add(isText ? .text : .binary, sender, end, isCompressed, body?.finish(), error: error)
                body = nil
            case .ping(let payload): add(.ping, sender, payload)
            case .pong(let payload): add(.pong, sender, payload)
            case .close(let close):
                add(.close, sender, close)
            case .failed(let failure):
                if let rest = body {
                    add(isText ? .text : .binary, sender, nil, isCompressed, rest.finish(), error: .truncatedMessage)
                }
                body = nil
                add(.unreadable, sender, error: .unreadable(failure))
            }
        }
        (side.body, side.isText, side.isCompressed) = (body, isText, isCompressed)
    }

    private func finish(_ side: inout Side, _ sender: ProxyWebSocketMessage.Sender) {
        guard let body = side.body else { return }
        side.body = nil
        add(
            side.isText ? .text : .binary, sender, nil, side.isCompressed, body.finish(), error: .truncatedMessage)
    }

    // MARK: Records

    private func add(
        _ kind: ProxyWebSocketMessage.Kind, _ sender: ProxyWebSocketMessage.Sender, _ end: WebSocketMessageEnd? = nil,
        _ isCompressed: Bool = false, _ body: ProxyBody? = nil, error: ProxyFlowError? = nil
    ) {
        count += 1
        let body = body ?? ProxyBody()
        found.append(
            ProxyWebSocketMessage(
                at: around.now(), flow: flow.id, connection: flow.connection, client: flow.client, host: flow.host,
                port: flow.port, path: flow.path, number: count, sender: sender, kind: kind, frames: end?.frames ?? 1,
                isCompressed: isCompressed, wireLength: end?.wireLength ?? body.length, body: body, closeCode: nil,
                closeReason: nil, error: error))
    }

    private func add(
        _ kind: ProxyWebSocketMessage.Kind, _ sender: ProxyWebSocketMessage.Sender, _ payload: [UInt8]
    ) {
        let record = BodyRecord(limit: around.bodyLimit, budget: around.budget)
        payload.withUnsafeBytes { record.append($0) }
        add(kind, sender, nil, false, record.finish())
    }

    private func add(
        _ kind: ProxyWebSocketMessage.Kind, _ sender: ProxyWebSocketMessage.Sender, _ close: WebSocketClose
    ) {
        let code = close.code.map { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] } ?? []
        add(kind, sender, code + Array(close.reason.utf8))
        found[found.count - 1].closeCode = close.code.map(Int.init)
        found[found.count - 1].closeReason = close.code == nil ? nil : close.reason
        found[found.count - 1].error = close.isValid ? nil : .closeCode
    }

    private func take() -> [ProxyWebSocketMessage] {
        guard !found.isEmpty else { return [] }
        defer { found = [] }
        return found
    }
}

extension ProxyFlowError {
    fileprivate static let notUTF8 = ProxyFlowError(
        kind: "not-utf8", text: "The text is no UTF-8, so its receiver must end the connection with code 1007.")
    fileprivate static let closeCode = ProxyFlowError(
        kind: "close-code", text: "The Close frame has a code or a reason that none may have.")
    fileprivate static let truncatedMessage = ProxyFlowError(
        kind: "truncated", text: "The connection ended in the middle of this message, or could not be read any further."
    )

    fileprivate static func unreadable(_ failure: WebSocketFailure) -> ProxyFlowError {
        ProxyFlowError(
            kind: "protocol",
            text: "From here on the frames of this side are passed on unread: \(failure.sentence).")
    }

    fileprivate static func unknownExtension(_ name: String) -> ProxyFlowError {
        ProxyFlowError(
            kind: "extension",
            text: "The frames are passed on unread: the extension “\(name)” is not known here.")
    }
}
