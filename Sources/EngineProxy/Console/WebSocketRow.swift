extension ProxyRow {
    /// `04:20:13 WS    → app.test/chat text 5b hello`
    static func text(_ message: ProxyWebSocketMessage, zone: Int) -> String {
        let arrow = message.sender == .client ? "→" : "←"
        return "\(DisplayText.clock(message.at, zone: zone)) WS    \(arrow) "
            + DisplayText.safe("\(message.host)\(message.path)") + " " + message.summary
    }
}

extension ProxyLog {
    /// As mitmdump writes it, and behind it what was said: `127.0.0.1:5 -> WebSocket text message -> app.test:443/chat 5b hello`.
    static func line(_ message: ProxyWebSocketMessage) -> String {
        let arrow = message.sender == .client ? "->" : "<-"
        let place = DisplayText.safe("\(ProxyAddress(address: message.host, port: message.port))\(message.path)")
        let what =
            switch message.kind {
            case .text, .binary: "\(message.kind.rawValue) message"
            default: message.kind.rawValue
            }
        return "\(message.client) \(arrow) WebSocket \(what) \(arrow) \(place) " + message.content
    }
}

extension ProxyWebSocketMessage {
    fileprivate var summary: String { "\(kind.rawValue) \(content)" }

    /// Size, code and the beginning of the text, as far as it has any.
    fileprivate var content: String {
        var parts: [String] = []
        switch kind {
        case .close: parts.append(closeCode.map { "\($0)" } ?? "without a code")
        case .unreadable: break
        default: parts.append(DisplayText.size(body.length))
        }
        if let text, !text.isEmpty { parts.append(DisplayText.safe(String(text.prefix(200)))) }
        if kind != .unreadable, let error { parts.append("(\(DisplayText.safe(error.kind)))") }
        return parts.joined(separator: " ")
    }
}

extension ProxyDetails {
    static func lines(_ message: ProxyWebSocketMessage) -> [String] {
        let sender = message.sender == .client ? "the client" : "the server"
        var lines = [
            "WebSocket: \(message.kind.rawValue), sent by \(sender)", "",
            "Connection   flow \(message.flow), number \(message.number)",
            "Client       \(message.client)",
            "Server       \(DisplayText.safe("\(message.host):\(message.port)\(message.path)"))",
            "Frames       \(message.frames), \(message.wireLength) bytes"
                + (message.isCompressed ? ", compressed from \(message.body.length)" : ""),
        ]
        if let code = message.closeCode { lines.append("Code         \(code)") }
        if let error = message.error { lines.append("Error        \(DisplayText.safe(error.text))") }
        lines.append("")
        if let text = message.text, message.kind != .unreadable {
            lines += text.split(separator: "\n", omittingEmptySubsequences: false).prefix(200).map {
                "│ " + DisplayText.safe(String($0.filter { $0 != "\r" }))
            }
        } else {
            lines += hexadecimalLines(message.body.bytes.bytes)
        }
        return lines
    }

    /// Sixteen bytes a line, in hexadecimal and as the characters of ASCII they are.
    private static func hexadecimalLines(_ bytes: [UInt8]) -> [String] {
        stride(from: 0, to: min(bytes.count, 1024), by: 16).map { start in
            let row = bytes[start..<min(bytes.count, start + 16)]
            let text = row.map { (0x20...0x7E).contains($0) ? Character(UnicodeScalar($0)) : "." }
            let digits = row.map { hexadecimal([$0]) }.joined(separator: " ")
            return "│ " + DisplayText.fitted(digits, 48) + String(text)
        }
    }
}
