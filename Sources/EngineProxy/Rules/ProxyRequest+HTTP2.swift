import NIOHPACK
import Wire

extension ProxyRequest {
    /// A request of an HTTP/2 stream. What HTTP/1 could read differently is refused here, whether or not the origin speaks it.
    ///
    /// - Parameter endsStream: the head is all there is.
    init(_ headers: HPACKHeaders, endsStream: Bool, in tunnel: Tunnel?) throws(RequestRejection) {
        let method = try Self.pseudo(":method", headers)
        guard let method, !method.isEmpty, method.utf8.allSatisfy(Self.isToken) else {
            throw RequestRejection(.startLine)
        }
        guard method != "CONNECT" else { throw RequestRejection(.nestedConnect) }
        guard let path = try Self.pseudo(":path", headers), let scheme = try Self.pseudo(":scheme", headers) else {
            throw RequestRejection(.startLine)
        }
        guard scheme == "https" || scheme == "http" else { throw RequestRejection(.target) }
        guard headers.count <= HTTPInput.limits.fieldCount else { throw RequestRejection(.headTooLarge) }
        let target = RequestTarget(path, method: method)
        let originPath: String
        switch target {
        case .origin(let path): originPath = path
        case .asterisk: originPath = "*"
        default: throw RequestRejection(.target)
        }
        guard var fields = HTTP2MessageHead.fields(of: headers) else { throw RequestRejection(.fieldValue) }
        // HTTP/1 lets them pass as they are; nobody who speaks HTTP/2 sends them in good faith (RFC 9110, section 5.5).
        guard !fields.hasControlCharacter else { throw RequestRejection(.fieldValue) }
        for name in MessageHead.singleHop
        where name != "te" && name != "proxy-authorization" && name != "proxy-authenticate" {
            if fields.contains(name) { throw RequestRejection(.connectionField) }
        }
        guard fields.values("te").allSatisfy({ $0.lowercased() == "trailers" }) else {
            throw RequestRejection(.connectionField)
        }
        let authority = try Self.authority(headers, fields, tunnel, isTLS: scheme == "https")
        if !fields.contains("host") {
            var named = HTTPFields()
            named.append("host", authority.text)
            for field in fields.all { named.append(field.name, field.value, marks: field.marks) }
            fields = named
        }
        if let tunnel, tunnel.isTLS != (scheme == "https") { throw RequestRejection(.hostMismatch) }
        let expectations = fields.values("expect")
        guard expectations.allSatisfy({ $0.lowercased() == "100-continue" }) else {
            throw RequestRejection(.expectation)
        }
        self.init(
            head: RequestHead(
                method: method, target: path, version: .http20, fields: fields,
                framing: try Self.framing(fields, endsStream: endsStream), length: HTTP2MessageHead.length(of: headers)),
            destination: .origin(
                isTLS: scheme == "https", tunnel?.authority ?? authority.value, path: originPath),
            expectsContinue: !expectations.isEmpty)
    }

    private static func framing(_ fields: HTTPFields, endsStream: Bool) throws(RequestRejection) -> HTTP1Framing {
        let lengths = fields.values("content-length")
        guard lengths.count <= 1 else { throw RequestRejection(.duplicateContentLength) }
        guard let text = lengths.first else { return endsStream ? .none : .chunked }
        guard let length = HTTP2MessageHead.decimal(text), !endsStream || length == 0 else {
            throw RequestRejection(.invalidContentLength)
        }
        return endsStream && length == 0 ? .none : .length(length)
    }

    private static func authority(
        _ headers: HPACKHeaders, _ fields: HTTPFields, _ tunnel: Tunnel?, isTLS: Bool
    ) throws(RequestRejection) -> (text: String, value: ProxyAuthority) {
        let hosts = fields.values("host")
        guard hosts.count <= 1 else { throw RequestRejection(.severalHosts) }
        let named = try pseudo(":authority", headers)
        guard let text = named ?? hosts.first, !text.isEmpty else { throw RequestRejection(.missingHost) }
        let port = isTLS ? 443 : 80
        guard let value = ProxyAuthority(text, defaultPort: port) else { throw RequestRejection(.invalidHost) }
        // Two names for one thing are two requests (RFC 9113, section 8.3.1).
        if let host = hosts.first, ProxyAuthority(host, defaultPort: port) != value {
            throw RequestRejection(.hostMismatch)
        }
        return (text, value)
    }

    private static func pseudo(_ name: String, _ headers: HPACKHeaders) throws(RequestRejection) -> String? {
        let values = headers[name]
        guard values.count <= 1 else { throw RequestRejection(.startLine) }
        return values.first
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E...0x60, 0x7C, 0x7E:
            true
        default: false
        }
    }
}
