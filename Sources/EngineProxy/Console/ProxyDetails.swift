/// Everything about one event, line by line, for the terminal view.
enum ProxyDetails {
    static func lines(_ event: ProxyEvent) -> [String] {
        switch event {
        case .flow(let flow): lines(flow)
        case .handshakeFailure(let failure):
            [
                DisplayText.safe(failure.text), "", "Client       \(failure.client)",
                "Asked for    \(DisplayText.safe(failure.host)):\(failure.port)",
                "Name (SNI)   \(DisplayText.safe(failure.sni ?? "none"))",
                "Alert        \(failure.alert.map { "\($0) \(failure.alertName ?? "")" } ?? "none")",
            ]
        case .tunnel(let tunnel):
            [
                "Passed on unread: \(tunnel.reason.rawValue)", "", "Client       \(tunnel.client)",
                "Server       \(DisplayText.safe(tunnel.host)):\(tunnel.port)", "Sent         \(tunnel.sent) bytes",
                "Received     \(tunnel.received) bytes",
            ] + (tunnel.error.map { ["Error        \(DisplayText.safe($0.text))"] } ?? [])
        case .message(let message): lines(message)
        case .rejected(let rejected):
            ["Refused with \(rejected.status)", "", DisplayText.safe(rejected.text), "Client       \(rejected.client)"]
        default: []
        }
    }

    private static func lines(_ flow: ProxyFlow) -> [String] {
        var lines = ["\(DisplayText.safe(flow.method)) \(DisplayText.safe(flow.url)) \(flow.version)"]
        lines += message(flow.request)
        lines.append("")
        if let status = flow.status {
            lines.append("\(flow.responseVersion ?? "") \(status) \(DisplayText.safe(flow.reason ?? ""))")
        }
        if let response = flow.response { lines += message(response) }
        if let error = flow.error { lines += ["", "Error: \(DisplayText.safe(error.text))"] }
        lines += ["", "Client       \(flow.client)"]
        lines += leg(flow.clientTLS)
        lines.append("Server       \(flow.server.map { "\($0)" } ?? "none: answered by the proxy")")
        lines += leg(flow.serverTLS)
        return lines
    }

    private static func leg(_ tls: ProxyTLSLeg?) -> [String] {
        guard let tls else { return [] }
        return [
            "  TLS        \(tls.version) \(tls.cipher)\(tls.alpn.map { ", " + DisplayText.safe($0) } ?? "")",
            "  Name       \(DisplayText.safe(tls.sni ?? "none"))",
            "  Leaf       SHA-256 \(tls.leafSHA256 ?? "unknown")",
            "  Authority  SHA-256 \(tls.rootSHA256 ?? "unknown")",
            "  Random     \(tls.clientRandom)",
        ]
    }

    private static func message(_ message: ProxyMessage) -> [String] {
        var lines = message.headers.map { "    \(DisplayText.safe($0.name)): \(DisplayText.safe($0.value))" }
        guard message.body.length > 0 else { return lines }
        lines.append("    \(message.body.length) bytes, SHA-256 \(message.body.sha256)")
        let head = message.body.bytes.bytes.prefix(4096)
        guard !head.contains(0) else { return lines }
        let text = String(decoding: head, as: UTF8.self)
        lines += text.split(separator: "\n", omittingEmptySubsequences: false).prefix(60).map {
            "    │ " + DisplayText.safe(String($0.filter { $0 != "\r" }))
        }
        return lines
    }
}
