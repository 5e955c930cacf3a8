import NIOHPACK
import Wire

/// Heads between HTTP/2 and the terms that all versions share (RFC 9113, sections 8.2 and 8.3).
enum HTTP2MessageHead {
    // MARK: What is sent

    /// A request's head: the pseudo-header fields, then what is not of one hop only.
    static func request(_ request: ProxyRequest, path: String) -> HPACKHeaders {
        let head = request.head
        var headers = HPACKHeaders()
        headers.reserveCapacity(head.fields.count + 4)
        guard case .origin(let isTLS, let authority, _) = request.destination else { return headers }
        headers.add(name: ":method", value: head.method)
        headers.add(name: ":scheme", value: isTLS ? "https" : "http")
        headers.add(
            name: ":authority", value: head.fields.first("host") ?? MessageHead.hostField(authority, isTLS: isTLS))
        headers.add(name: ":path", value: path)
        add(head.fields, to: &headers, isRequest: true)
        // The one hop-by-hop field that HTTP/2 keeps, without which gRPC sends no trailers.
        if acceptsTrailers(head.fields) { headers.add(name: "te", value: "trailers") }
        return headers
    }

    static func response(_ head: ResponseHead) -> HPACKHeaders {
        var headers = HPACKHeaders()
        headers.reserveCapacity(head.fields.count + 1)
        headers.add(name: ":status", value: String(head.status))
        add(head.fields, to: &headers, isRequest: false)
        return headers
    }

    static func page(_ page: Page) -> HPACKHeaders {
        var headers: HPACKHeaders = [":status": String(page.status)]
        for header in page.headers { headers.add(name: header.name.lowercased(), value: header.value) }
        return headers
    }

    /// The fields of a trailer section that may stand there (RFC 9110, section 6.5.1).
    static func trailers(_ fields: HTTPFields) -> HPACKHeaders {
        var headers = HPACKHeaders()
        for field in fields.all {
            let name = field.name.lowercased()
            if MessageHead.singleHop.contains(name) || name == "host" || name == "content-length" { continue }
            headers.add(name: name, value: printable(field.value))
        }
        return headers
    }

    private static func add(_ fields: HTTPFields, to headers: inout HPACKHeaders, isRequest: Bool) {
        let nominated = ProxyRequest.connectionTokens(fields)
        for field in fields.all {
            let name = field.name.lowercased()
            if MessageHead.singleHop.contains(name) || nominated.contains(name) && name != "content-length" { continue }
            if isRequest, name == "host" { continue }
            headers.add(
                name: name, value: printable(field.value),
                indexing: field.marks.contains(.neverIndexed) ? .neverIndexed : .indexable)
        }
    }

    /// The value with a blank for each control character: HTTP/1 lets them pass, and clients of HTTP/2 end the stream at one
    /// (RFC 9110, section 5.5).
    private static func printable(_ value: String) -> String {
        let isControl = { (byte: UInt8) in byte < 0x20 && byte != 0x09 || byte == 0x7F }
        guard value.utf8.contains(where: isControl) else { return value }
        let bytes = value.utf8.map { isControl($0) ? 0x20 : $0 }
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        let rest = bytes.drop(while: isBlank)
        let count = rest.reversed().drop(while: isBlank).count
        return String(decoding: rest.prefix(count), as: UTF8.self)
    }

    private static func acceptsTrailers(_ fields: HTTPFields) -> Bool {
        fields.values("te").contains { value in
            value.split(separator: ",").contains { part in
                part.split(separator: ";").first?.filter { $0 != " " }.lowercased() == "trailers"
            }
        }
    }

    // MARK: What is received

    /// A response's head; nil where it must not be passed on.
    static func response(_ headers: HPACKHeaders, endsStream: Bool, method: String) -> ResponseHead? {
        guard let text = headers.first(name: ":status"), text.utf8.count == 3, let status = UInt16(text),
            (100...999).contains(status), status != 101, let fields = fields(of: headers)
        else { return nil }
        let hasNone = endsStream || method == "HEAD" || status == 204 || status == 304
        let framing: HTTP1Framing
        if hasNone {
            framing = .none
        } else if let length = fields.first("content-length") {
            // Whether the body keeps to it is the connection's to verify.
            guard fields.values("content-length").count == 1, let length = decimal(length) else { return nil }
            framing = .length(length)
        } else {
            framing = .chunked
        }
        return ResponseHead(
            status: status, reason: "", version: .http20, fields: fields, framing: framing, length: length(of: headers))
    }

    /// The fields that are no pseudo-header fields; nil where one holds what no field may hold: what HPACK carries without
    /// harm is the end of a line in HTTP/1 (RFC 9113, section 8.2.1).
    static func fields(of headers: HPACKHeaders) -> HTTPFields? {
        var fields = HTTPFields()
        var cookies: [String] = []
        for (name, value, indexing) in headers where !name.hasPrefix(":") {
            guard isName(name), isValue(value) else { return nil }
            // Crumbs are for HPACK's table; everybody else has one field (RFC 9113, section 8.2.3).
            if name == "cookie" {
                cookies.append(value)
                continue
            }
            fields.append(name, value, marks: isNever(indexing) ? .neverIndexed : [])
        }
        if !cookies.isEmpty { fields.append("cookie", cookies.joined(separator: "; ")) }
        return fields
    }

    static func length(of headers: HPACKHeaders) -> Int {
        headers.reduce(2) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
    }

    /// A plain decimal number; nil for anything else.
    static func decimal(_ text: String) -> UInt64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E: true
                default: false
                }
            }
    }

    static func isValue(_ value: String) -> Bool {
        let bytes = value.utf8
        guard let first = bytes.first, let last = bytes.last else { return true }
        guard first != 0x20, first != 0x09, last != 0x20, last != 0x09 else { return false }
        return bytes.allSatisfy { $0 != 0 && $0 != 0x0A && $0 != 0x0D }
    }

    private static func isNever(_ indexing: HPACKIndexing) -> Bool {
        if case .neverIndexed = indexing { return true }
        return false
    }
}
