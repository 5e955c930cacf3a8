extension ProxyEvent: Codable {
    private enum Discriminator: String, CodingKey { case event }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Discriminator.self)
        let name = try container.decode(String.self, forKey: .event)
        switch name {
        case "listening": self = .listening(try ProxyListening(from: decoder))
        case "client-connected": self = .connected(try ProxyConnected(from: decoder))
        case "client-disconnected": self = .disconnected(try ProxyDisconnected(from: decoder))
        case "handshake": self = .handshake(try ProxyHandshake(from: decoder))
        case "handshake-failure": self = .handshakeFailure(try ProxyHandshakeFailure(from: decoder))
        case "flow": self = .flow(try ProxyFlow(from: decoder))
        case "tunnel": self = .tunnel(try ProxyTunnel(from: decoder))
        case "websocket-message": self = .message(try ProxyWebSocketMessage(from: decoder))
        case "rejected": self = .rejected(try ProxyRejected(from: decoder))
        case "lost": self = .lost(try ProxyLost(from: decoder))
        case "exhausted": self = .exhausted(try ProxyExhausted(from: decoder))
        case "closed": self = .closed(try ProxyClosed(from: decoder))
        default:
            throw DecodingError.dataCorruptedError(
                forKey: .event, in: container, debugDescription: "the proxy knows no event “\(name)”")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Discriminator.self)
        try container.encode(name, forKey: .event)
        try payload.encode(to: encoder)
    }

    private var payload: any Encodable {
        switch self {
        case .listening(let value): value
        case .connected(let value): value
        case .disconnected(let value): value
        case .handshake(let value): value
        case .handshakeFailure(let value): value
        case .flow(let value): value
        case .tunnel(let value): value
        case .message(let value): value
        case .rejected(let value): value
        case .lost(let value): value
        case .exhausted(let value): value
        case .closed(let value): value
        }
    }
}
