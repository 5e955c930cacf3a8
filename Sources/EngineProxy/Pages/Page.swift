import NIOCore

/// An answer of the proxy itself.
package struct Page: Sendable, Hashable {
    package var status: Int
    package var reason: String
    package var contentType: String
    /// Offered to be saved under this name.
    package var fileName: String?
    package var body: [UInt8]

    package init(status: Int, reason: String, contentType: String, fileName: String? = nil, body: [UInt8]) {
        self.status = status
        self.reason = reason
        self.contentType = contentType
        self.fileName = fileName
        self.body = body
    }

    package var headers: [ProxyHeader] {
        var headers = [
            ProxyHeader("Server", "lab proxy"), ProxyHeader("Content-Type", contentType),
            ProxyHeader("Content-Length", "\(body.count)"), ProxyHeader("Cache-Control", "no-store"),
            ProxyHeader("X-Content-Type-Options", "nosniff"),
        ]
        if let fileName {
            headers.append(ProxyHeader("Content-Disposition", "attachment; filename=\(fileName)"))
        }
        return headers
    }

    /// The whole response; the body is left out for HEAD.
    func bytes(includesBody: Bool, closesConnection: Bool) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: body.count + 512)
        buffer.writeString("HTTP/1.1 \(status) \(reason)\r\n")
        for header in headers { buffer.writeString("\(header.name): \(header.value)\r\n") }
        if closesConnection { buffer.writeString("Connection: close\r\n") }
        buffer.writeString("\r\n")
        if includesBody { buffer.writeBytes(body) }
        return buffer
    }

    /// Text as it may stand in HTML, in elements and in quoted attributes alike; control characters become visible.
    package static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default:
                if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
                    out += "\u{FFFD}"
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out
    }

    /// A page for a person: why there is no other answer.
    package static func error(status: Int, title: String, sentence: String) -> Page {
        let html = """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(status) \(escaped(title))</title>
            <style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:4em auto;padding:0 1em;color:#222}
            h1{font-size:1.4em}p.by{color:#777;font-size:.85em}</style></head>
            <body><h1>\(status) \(escaped(title))</h1>
            <p>\(escaped(sentence))</p>
            <p class="by">This page comes from the lab proxy, not from the site.</p></body></html>

            """
        return Page(status: status, reason: title, contentType: "text/html; charset=utf-8", body: Array(html.utf8))
    }

    package static func badGateway(_ failure: ProxyFailure) -> Page {
        error(status: 502, title: "Bad Gateway", sentence: failure.sentence)
    }

    package static func rejection(_ rejection: RequestRejection) -> Page {
        let title =
            switch rejection.reason {
            case .unknownDestination: "Request destination unknown"
            case .headTooLarge: "Request Header Fields Too Large"
            case .version: "HTTP Version Not Supported"
            case .expectation: "Expectation Failed"
            case .timeout: "Request Timeout"
            default: "Bad Request"
            }
        return error(status: rejection.status, title: title, sentence: rejection.sentence)
    }
}
