import NIOCore
import Wire

/// CONNECT, what is found inside it, and bytes that are passed on unread.
extension ProxyMachine {
    mutating func openTunnel(_ authority: ProxyAuthority) {
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
            closeRelay()
            phase = .handshaking
            act(.startTLS(clientInput.takeAll()))
        case .http:
            closeRelay()
            phase = .request
        case .other:
            beginRelay(.notHTTP)
        }
        return true
    }

    /// Neither TLS nor anything else came from the client: perhaps it waits for the server to speak first.
    mutating func tunnelStayedSilent() {
        guard phase == .peeking, clientInput.waiting == 0, relay == nil, let tunnel else { return }
        openRelay(tunnel)
    }

    private mutating func openRelay(_ tunnel: ProxyRequest.Tunnel) {
        relayCount += 1
        relay = Relay(id: relayCount)
        act(
            .openRelay(
                id: relayCount,
                UpstreamTarget(authority: tunnel.authority, isTLS: false, serverName: tunnel.authority.host)))
    }

    mutating func beginRelay(_ reason: ProxyTunnel.Reason) {
        guard let tunnel else { return }
        relayRecord = ProxyTunnel(
            id: around.nextFlowID(), connection: around.connection, client: around.client, server: relay?.address,
            host: tunnel.authority.host, port: tunnel.authority.port, reason: reason, upgrade: nil, sent: 0,
            received: 0,
            start: now, end: now, error: nil)
        phase = .relaying
        if relay == nil { openRelay(tunnel) }
    }

    /// The origin granted an upgrade: from here on both sides speak something else.
    mutating func upgrade(_ head: ResponseHead) {
        guard let exchange else { return }
        act(.writeToClient(MessageHead.response(head, framing: .asReceived, closesConnection: false)))
        let flow = exchange.record.flow
        relayRecord = ProxyTunnel(
            id: flow.id, connection: around.connection, client: around.client, server: flow.server, host: flow.host,
            port: flow.port, reason: .upgrade, upgrade: head.fields.first("upgrade"), sent: 0, received: 0, start: now,
            end: now, error: nil)
        webSocket = WebSocketRecord(head.fields, of: flow, around: around)
        relayCount += 1
        relay = Relay(id: relayCount, isOpen: true, address: flow.server)
        self.exchange = nil
        phase = .relaying
        act(.relayOrigin(id: relayCount))
    }

    // MARK: The relay's far side

    mutating func relayOpened(_ id: Int, at address: ProxyAddress) {
        guard relay?.id == id else { return }
        relay?.isOpen = true
        relay?.address = address
        relayRecord?.server = address
        run()
        if phase == .relaying, clientInputEnded { act(.closeRelayOutput) }
    }

    mutating func relayFailed(_ id: Int, _ failure: ProxyFailure) {
        guard relay?.id == id else { return }
        relay = nil
        // Found while the client was silent, it is told when it speaks.
        guard phase == .relaying else { return run() }
        relayRecord?.error = failure.flowError
        finishRelay()
        close()
    }

    mutating func relayReceived(_ id: Int, _ bytes: ByteBuffer) {
        guard relay?.id == id else { return }
        if phase == .peeking { beginRelay(.serverSpokeFirst) }
        guard phase == .relaying else { return }
        relayRecord?.received &+= UInt64(bytes.readableBytes)
        act(.writeToClient(bytes))
        readAlong(bytes, from: .server)
    }

    /// Records what passes on, once it does.
    mutating func readAlong(_ bytes: ByteBuffer, from sender: ProxyWebSocketMessage.Sender) {
        guard let webSocket else { return }
        for message in webSocket.read(bytes, from: sender) { act(.report(.message(message))) }
    }

    /// The far side sends no more.
    mutating func relayInputHasEnded(_ id: Int) {
        guard relay?.id == id, relay?.inputEnded == false else { return }
        relay?.inputEnded = true
        guard phase == .relaying else { return closeRelay() }
        act(.closeClientOutput)
        endRelayIfOver()
    }

    mutating func relayHasClosed(_ id: Int) {
        guard relay?.id == id else { return }
        guard phase == .relaying else { return closeRelay() }
        finishRelay()
        close()
    }

    mutating func endRelayIfOver() {
        guard phase == .relaying, clientInputEnded, relay?.inputEnded ?? false else { return }
        finishRelay()
        close()
    }

    mutating func finishRelay() {
        guard var record = relayRecord else { return }
        record.end = now
        relayRecord = nil
        if let webSocket {
            for message in webSocket.finish() { act(.report(.message(message))) }
            record.messages = webSocket.count
            self.webSocket = nil
        }
        act(.report(.tunnel(record)))
    }
}
