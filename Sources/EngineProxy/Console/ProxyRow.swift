/// One line of the proxy's list: a flow, a handshake that failed, bytes passed on unread, or a refused request.
package struct ProxyRow: Sendable, Hashable {
    package enum Tone: Sendable, Hashable {
        case plain
        case success
        case redirect
        case warning
        case failure
    }

    package var event: ProxyEvent
    package var tone: Tone
    /// What stands after the marker.
    package var text: String

    /// Nil for events that are no rows.
    package init?(_ event: ProxyEvent, zone: Int) {
        self.event = event
        switch event {
        case .flow(let flow):
            text = Self.text(flow, zone: zone)
            tone = Self.tone(flow)
        case .handshakeFailure(let failure) where failure.leg == .client:
            text = "\(DisplayText.clock(failure.at, zone: zone)) TLS    \(DisplayText.safe(failure.text))"
            tone = .warning
        case .tunnel(let tunnel):
            let what = tunnel.upgrade.map { "\($0) " } ?? ""
            text =
                "\(DisplayText.clock(tunnel.start, zone: zone)) RAW    "
                + DisplayText.safe("\(tunnel.host):\(tunnel.port) \(what)")
                + "↑\(DisplayText.size(tunnel.sent)) ↓\(DisplayText.size(tunnel.received)) "
                + DisplayText.duration(nanoseconds: tunnel.end &- tunnel.start)
            tone = tunnel.error == nil ? .plain : .failure
        case .message(let message):
            text = Self.text(message, zone: zone)
            tone = message.error == nil ? .plain : .warning
        case .rejected(let rejected):
            text =
                "\(DisplayText.clock(rejected.at, zone: zone)) BAD    \(rejected.status) from "
                + "\(rejected.client): \(DisplayText.safe(rejected.text))"
            tone = .warning
        default: return nil
        }
    }

    /// `04:20:13 HTTPS GET app.test /x 200 text/plain 27b 10ms`
    private static func text(_ flow: ProxyFlow, zone: Int) -> String {
        let isDefault = flow.scheme == "https" ? flow.port == 443 : flow.port == 80
        var parts = [
            DisplayText.clock(flow.timings.start, zone: zone), DisplayText.fitted(flow.scheme.uppercased(), 5),
            DisplayText.safe(flow.method), DisplayText.safe(flow.host + (isDefault ? "" : ":\(flow.port)")),
            DisplayText.safe(flow.path),
        ]
        if let status = flow.status { parts.append("\(status)") }
        if let type = flow.contentType?.split(separator: ";").first { parts.append(DisplayText.safe(String(type))) }
        if let body = flow.response?.body {
            parts.append(body.length == 0 ? "[no content]" : DisplayText.size(body.length))
        }
        if flow.response == nil, let error = flow.error { parts.append(DisplayText.safe(error.kind)) }
        parts.append(DisplayText.duration(nanoseconds: flow.timings.end &- flow.timings.start))
        return parts.joined(separator: " ")
    }

    private static func tone(_ flow: ProxyFlow) -> Tone {
        guard flow.error == nil, let status = flow.status else { return .failure }
        return switch status {
        case ..<300: .success
        case ..<400: .redirect
        case ..<500: .warning
        default: .failure
        }
    }
}

/// The lines that stand for an event where there is no screen, two for a flow, as mitmdump prints them.
package enum ProxyLog {
    package static func lines(_ event: ProxyEvent) -> [String] {
        switch event {
        case .listening(let listening):
            ["HTTP(S) proxy listening at \(ProxyAddress(address: listening.address, port: listening.port))."]
        case .flow(let flow): lines(flow)
        case .handshakeFailure(let failure): ["\(failure.client): \(DisplayText.safe(failure.text))"]
        case .tunnel(let tunnel):
            [
                "\(tunnel.client): raw \(DisplayText.safe(tunnel.host)):\(tunnel.port) ↑\(DisplayText.size(tunnel.sent)) "
                    + "↓\(DisplayText.size(tunnel.received))"
                    + (tunnel.error.map { " " + DisplayText.safe($0.text) } ?? "")
            ]
        case .message(let message): [line(message)]
        case .rejected(let rejected):
            ["\(rejected.client): refused with \(rejected.status): \(DisplayText.safe(rejected.text))"]
        case .exhausted(let exhausted): [exhausted.text]
        case .lost(let lost): ["\(lost.events) events were lost."]
        case .connected, .disconnected, .handshake, .closed: []
        }
    }

    private static func lines(_ flow: ProxyFlow) -> [String] {
        let client = "\(flow.client)"
        let isOld = flow.version.hasPrefix("HTTP/1") && flow.responseVersion?.hasPrefix("HTTP/1") ?? true
        let request =
            "\(client): \(DisplayText.safe(flow.method)) \(DisplayText.safe(flow.url))"
            + (isOld ? "" : " " + DisplayText.safe(flow.version))
        let indent = String(repeating: " ", count: client.count + 2)
        guard let status = flow.status else {
            return [request, "\(indent)<< \(DisplayText.safe(flow.error?.text ?? "no answer"))"]
        }
        let size = flow.response.map { " " + DisplayText.size($0.body.length) } ?? ""
        let trouble = flow.error.map { " (\(DisplayText.safe($0.text)))" } ?? ""
        let version = isOld ? "" : DisplayText.safe(flow.responseVersion ?? "") + " "
        let reason = flow.reason.flatMap { $0.isEmpty ? nil : " " + DisplayText.safe($0) } ?? ""
        return [request, "\(indent)<< \(version)\(status)\(reason)\(size)\(trouble)"]
    }
}
