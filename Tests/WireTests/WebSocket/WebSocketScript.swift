import Wire

/// Frames as they are written in tests, and events as text.
enum WebSocketScript {
    /// One frame; `mask` nil: unmasked.
    static func frame(
        _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, bits: UInt8 = 0, mask: [UInt8]? = nil,
        lengthOctets: Int? = nil
    ) -> [UInt8] {
        let count = payload.count
        let octets = lengthOctets ?? (count < 126 ? 0 : count < 65_536 ? 2 : 8)
        let short = octets == 0 ? UInt8(count) : octets == 2 ? 126 : 127
        var bytes = [(isFinal ? 0x80 : 0) | bits | opcode, (mask == nil ? 0 : 0x80) | short]
        bytes += (0..<octets).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
        guard let mask else { return bytes + payload }
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 & 3] }
    }

    static func text(_ text: String, mask: [UInt8]? = nil) -> [UInt8] { frame(1, Array(text.utf8), mask: mask) }

    /// The events of bytes in pieces of `size`; neighbouring content is joined, so that the size makes no difference.
    static func events(
        _ bytes: [UInt8], from side: HTTPSide = .server, compression: WebSocketCompression? = nil,
        limit: Int = 1 << 20, size: Int = .max
    ) -> [String] {
        var reader = WebSocketReader(from: side, compression: compression, limit: limit)
        var events: [String] = []
        var content: [UInt8] = []
        var start = 0
        while start < bytes.count {
            let end = start + min(size, bytes.count - start)
            bytes[start..<end].withUnsafeBytes { part in
                reader.read(part) { event in
                    if case .content(let more) = event {
                        content += more
                        return
                    }
                    if !content.isEmpty {
                        events.append(content.count > 40 ? "\(content.count) octets" : show(content))
                        content = []
                    }
                    events.append(show(event))
                }
            }
            start = end
        }
        if !content.isEmpty { events.append(content.count > 40 ? "\(content.count) octets" : show(content)) }
        return reader.isAmidMessage ? events + ["…"] : events
    }

    private static func show(_ bytes: [UInt8]) -> String { "“\(String(decoding: bytes, as: UTF8.self))”" }

    private static func show(_ event: WebSocketEvent) -> String {
        switch event {
        case .began(let isText, let isCompressed): (isText ? "text" : "binary") + (isCompressed ? " compressed" : "")
        case .content: ""
        case .ended(let end): "end \(end.frames) \(end.wireLength)" + (end.isValid ? "" : " invalid")
        case .ping(let payload): "ping \(show(payload))"
        case .pong(let payload): "pong \(show(payload))"
        case .close(let close):
            "close \(close.code.map { "\($0)" } ?? "-") “\(close.reason)”" + (close.isValid ? "" : " invalid")
        case .failed(let failure): "failed: \(failure.sentence)"
        }
    }
}
