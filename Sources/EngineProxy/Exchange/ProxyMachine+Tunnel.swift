import NIOCore
import Wire

/// CONNECT, what is found inside it, and bytes that are passed on unread.
extension ProxyMachine {
    mutating func openTunnel(_ authority: ProxyAuthority) {
        closeUpstream()
        tunnel = ProxyRequest.Tunnel(authority: authority, isTLS: false)
        clientInput = Self.restarted(clientInput)
        act(.writeToClient(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")))
        act(.awaitTunnel)
        phase = .peeking
    }

    /// The bytes behind CONNECT are the beginning of something new.
    private static func restarted(_ input: HTTPInput) -> HTTPInput {
        var old = input
        var new = HTTPInput(.request)
        new.append(old.takeAll())
        return new
    }

    private enum Beginning {
        case unknown
        case tls
        case http
        case other
    }

    private static let methods = [
        "GET ", "HEAD ", "POST ", "PUT ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE ", "CONNECT ", "PROPFIND ", "REPORT ",
        "MKCOL ", "COPY ", "MOVE ", "LOCK ", "UNLOCK ", "QUERY ",
    ].map { Array($0.utf8) }

    private static func beginning(of buffer: ByteBuffer) -> Beginning {
        let bytes = buffer.readableBytesView
        guard let first = bytes.first else { return .unknown }
        if first == 0x16 {
            // A handshake record of any TLS version (RFC 8446, section 5.1).
            return bytes.count < 2 ? .unknown : bytes[bytes.startIndex + 1] == 0x03 ? .tls : .other
        }
        var mayBecome = false
        for method in methods {
            let common = zip(method, bytes).prefix { $0 == $1 }.count
            if common == method.count { return .http }
            if common == bytes.count { mayBecome = true }
        }
        return mayBecome ? .unknown : .other
    }

    /// False while there are too few bytes to tell.
    mutating func decideTunnel() -> Bool {
        switch Self.beginning(of: clientInput.buffer) {
        case .unknown: return false
        case .tls:
            closeUpstream()
            phase = .handshaking
            act(.startTLS(clientInput.takeAll()))
        case .http:
            closeUpstream()
            phase = .request
        case .other:
            beginRelay(.notHTTP)
        }
        return true
    }

    /// Neither TLS nor anything else came from the client: perhaps it waits for the server to speak first.
    mutating func tunnelStayedSilent() {
        guard phase == .peeking, clientInput.waiting == 0, upstream == nil, let tunnel else { return }
        open(UpstreamTarget(authority: tunnel.authority, isTLS: false, serverName: tunnel.authority.host))
    }

    mutating func beginRelay(_ reason: ProxyTunnel.Reason) {
        guard let tunnel else { return }
        relay = ProxyTunnel(
            id: around.nextFlowID(), connection: around.connection, client: around.client, server: upstream?.address,
            host: tunnel.authority.host, port: tunnel.authority.port, reason: reason, upgrade: nil, sent: 0,
            received: 0,
            start: now, end: now, error: nil)
        phase = .relaying
        let target = UpstreamTarget(authority: tunnel.authority, isTLS: false, serverName: tunnel.authority.host)
        if upstream == nil { open(target) }
    }

    /// The origin granted an upgrade: from here on both sides speak something else.
    mutating func upgrade(_ head: HTTP1ResponseHead) {
        guard let exchange else { return }
        act(.writeToClient(MessageHead.response(head, framing: .asReceived, closesConnection: false)))
        exchange.record.responded(head, at: now)
        exchange.record.requestEnded(at: now)
        reportFlow()
        let flow = exchange.record.flow
        relay = ProxyTunnel(
            id: flow.id, connection: around.connection, client: around.client, server: upstream?.address,
            host: flow.host,
            port: flow.port, reason: .upgrade, upgrade: head.fields.first("upgrade"), sent: 0, received: 0, start: now,
            end: now, error: nil)
        self.exchange = nil
        phase = .relaying
        if let early = upstream?.input.takeAll(), early.readableBytes > 0 {
            relay?.received &+= UInt64(early.readableBytes)
            act(.writeToClient(early))
        }
    }

    mutating func endRelayIfOver() {
        guard phase == .relaying, clientInputEnded, upstream?.inputEnded ?? false else { return }
        finishRelay()
        close()
    }

    mutating func finishRelay() {
        guard var relay else { return }
        relay.end = now
        self.relay = nil
        act(.report(.tunnel(relay)))
    }
}
