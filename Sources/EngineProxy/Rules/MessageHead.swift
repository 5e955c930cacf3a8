import NIOCore
import Wire

/// Writes heads anew: what the rules let through, in its order and spelling, without what belongs to one hop only
/// (RFC 9110, section 7.6.1).
///
/// No Via field is added although RFC 9110 asks proxies for one: an intercepting proxy shows what would have been sent
/// without it.
package enum MessageHead {
    /// How the body that follows a head is delimited.
    package enum Framing: Sendable, Hashable {
        /// The header fields are passed on as they are, and no body follows or its length is among them.
        case asReceived
        case chunked
        /// The end of the connection ends the body.
        case untilClose
    }

    static let singleHop: Set<String> = [
        "connection", "proxy-connection", "keep-alive", "proxy-authorization", "proxy-authenticate", "te",
        "transfer-encoding", "upgrade",
    ]

    /// The head of a request as it goes to the origin.
    package static func request(_ request: ProxyRequest, path: String) -> ByteBuffer {
        let head = request.head
        var buffer = ByteBufferAllocator().buffer(capacity: head.length + 32)
        buffer.writeString("\(head.method) \(path) HTTP/1.1\r\n")
        let isHTTP10WithoutHost = !head.fields.contains("host")
        if isHTTP10WithoutHost, case .origin(let isTLS, let authority, _) = request.destination {
            buffer.writeString("Host: \(hostField(authority, isTLS: isTLS))\r\n")
        }
        write(head.fields, to: &buffer)
        if head.framing == .chunked { buffer.writeString("Transfer-Encoding: chunked\r\n") }
        if let upgrade = request.upgrade { buffer.writeString("Connection: Upgrade\r\nUpgrade: \(upgrade)\r\n") }
        buffer.writeString("\r\n")
        return buffer
    }

    static func hostField(_ authority: ProxyAuthority, isTLS: Bool) -> String {
        let isDefault = authority.port == (isTLS ? 443 : 80)
        let host = authority.host.contains(":") ? "[\(authority.host)]" : authority.host
        return isDefault ? host : "\(host):\(authority.port)"
    }

    /// The head of a response as it goes to the client.
    package static func response(
        _ head: ResponseHead, framing: Framing, closesConnection: Bool, keepsAlive10: Bool = false
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: head.length + 64)
        let reason = head.version == .http20 ? StatusReason.phrase(head.status) : head.reason
        buffer.writeString("HTTP/1.1 \(head.status) \(oneLine(reason))\r\n")
        write(head.fields, to: &buffer)
        if framing == .chunked { buffer.writeString("Transfer-Encoding: chunked\r\n") }
        if head.status == 101 {
            buffer.writeString("Connection: Upgrade\r\nUpgrade: \(head.fields.first("upgrade") ?? "")\r\n")
        } else if closesConnection {
            buffer.writeString("Connection: close\r\n")
        } else if keepsAlive10 {
            buffer.writeString("Connection: keep-alive\r\n")
        }
        buffer.writeString("\r\n")
        return buffer
    }

    /// Reason phrases are free text; a control character in one must not look like the end of its line.
    private static func oneLine(_ reason: String) -> String {
        String(String.UnicodeScalarView(reason.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? " " : $0 }))
    }

    private static func write(_ fields: HTTPFields, to buffer: inout ByteBuffer) {
        let nominated = ProxyRequest.connectionTokens(fields)
        for index in 0..<fields.count {
            let name = fields[index].name
            let lower = name.lowercased()
            // A sender cannot have fields removed that say who and how long the message is.
            if singleHop.contains(lower) { continue }
            if nominated.contains(lower), lower != "host", lower != "content-length" { continue }
            buffer.writeString(name)
            buffer.writeString(": ")
            fields.withValue(at: index) { _ = buffer.writeBytes($0) }
            buffer.writeString("\r\n")
        }
    }

    /// A piece of a body as a chunk of its own.
    static func chunk(_ bytes: ByteBuffer) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: bytes.readableBytes + 12)
        buffer.writeString(String(bytes.readableBytes, radix: 16) + "\r\n")
        buffer.writeImmutableBuffer(bytes)
        buffer.writeString("\r\n")
        return buffer
    }

    /// The section behind the last chunk, with the fields that may stand there (RFC 9110, section 6.5.1).
    package static func trailers(_ fields: HTTPFields?) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 64)
        buffer.writeString("0\r\n")
        if let fields {
            for index in 0..<fields.count {
                let name = fields[index].name
                let lower = name.lowercased()
                if singleHop.contains(lower) || lower == "host" || lower == "content-length" { continue }
                buffer.writeString(name)
                buffer.writeString(": ")
                fields.withValue(at: index) { _ = buffer.writeBytes($0) }
                buffer.writeString("\r\n")
            }
        }
        buffer.writeString("\r\n")
        return buffer
    }

    /// The fields as the flow record shows them.
    package static func headers(_ fields: HTTPFields) -> [ProxyHeader] {
        fields.all.map { ProxyHeader($0.name, $0.value) }
    }
}

/// Whether a response can be passed on: its end must be unambiguous (bare line feeds and folded fields are mended by
/// writing the head anew).
package enum ResponseRules {
    package static func flaw(_ head: HTTP1ResponseHead) -> String? {
        for anomaly in head.anomalies {
            switch anomaly {
            case .contentLengthWithTransferEncoding: return "it has both Content-Length and Transfer-Encoding"
            case .conflictingContentLength, .invalidContentLength:
                return "its Content-Length is contradictory or no number"
            case .unknownTransferCoding, .chunkedNotFinal, .chunkedTwice, .transferEncodingInHTTP10:
                return "its Transfer-Encoding is not understood"
            case .whitespaceBeforeColon, .fieldWithoutColon, .invalidFieldName:
                return "a header field has no proper name"
            case .nulInField, .bareCarriageReturn: return "a header field holds a forbidden character"
            default: continue
            }
        }
        let hasOddCoding = head.fields.values("transfer-encoding").contains { $0.lowercased() != "chunked" }
        return hasOddCoding ? "its Transfer-Encoding is not understood" : nil
    }
}
