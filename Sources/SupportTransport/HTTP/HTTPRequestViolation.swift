import NIOHTTP1

/// What makes a request one that two parsers could read differently, and that is therefore answered with 400 and nothing
/// else (RFC 9112 sections 3.2 and 6.3, RFC 9113 section 8.2).
package enum HTTPRequestViolation: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case unparsable = "The request is not HTTP as RFC 9112 defines it."
    case contentLengthWithTransferEncoding = "The request has both Content-Length and Transfer-Encoding."
    case severalContentLengths = "The request has more than one Content-Length."
    case contentLengthIsNoNumber = "The Content-Length of the request is no decimal number."
    case transferEncodingNotChunked = "The Transfer-Encoding of the request is something other than chunked."
    case transferEncodingInHTTP10 = "The request has a Transfer-Encoding and says it is HTTP/1.0."
    case hostMissing = "The request has no Host field."
    case severalHosts = "The request has more than one Host field."
    case hostIsNoAuthority = "The Host field is no host name or address."
    case hostDiffersFromTarget = "The Host field names another host than the request target."
    case targetUnusable = "The request target has no form that its method allows."
    case versionUnknown = "The request has an HTTP version other than 1.0 and 1.1."

    package var description: String { rawValue }

    /// The first violation in the head of a request, if there is one. `isHTTP2`: the head was translated from HTTP/2.
    package static func inHead(_ head: HTTPRequestHead, isHTTP2: Bool = false) -> HTTPRequestViolation? {
        if !isHTTP2, head.version != .http1_1, head.version != .http1_0 { return .versionUnknown }
        return inFraming(head.headers, version: head.version) ?? inHost(head, isHTTP2: isHTTP2)
    }

    /// The rules on where a message ends; they hold for responses as well.
    package static func inFraming(_ headers: HTTPHeaders, version: HTTPVersion) -> HTTPRequestViolation? {
        let lengths = headers["content-length"]
        let encodings = headers["transfer-encoding"]
        if !lengths.isEmpty && !encodings.isEmpty { return .contentLengthWithTransferEncoding }
        if lengths.count > 1 { return .severalContentLengths }
        if let length = lengths.first {
            if length.utf8.contains(UInt8(ascii: ",")) { return .severalContentLengths }
            guard !length.isEmpty, length.utf8.allSatisfy({ (0x30...0x39).contains($0) }), Int(length) != nil else {
                return .contentLengthIsNoNumber
            }
        }
        guard let encoding = encodings.first else { return nil }
        if encodings.count > 1 || encoding.lowercased() != "chunked" { return .transferEncodingNotChunked }
        return version == .http1_0 ? .transferEncodingInHTTP10 : nil
    }

    private static func inHost(_ head: HTTPRequestHead, isHTTP2: Bool) -> HTTPRequestViolation? {
        guard let target = RequestTarget(head.uri, method: head.method) else { return .targetUnusable }
        let hosts = head.headers["host"]
        guard let host = hosts.first else { return head.version == .http1_0 ? nil : .hostMissing }
        if hosts.count > 1, !isHTTP2 || Set(hosts).count > 1 { return .severalHosts }
        guard let named = HTTPAuthority(host) else { return .hostIsNoAuthority }
        switch target {
        case .origin, .asterisk: return nil
        case .authority(let authority):
            let isSame = named.host == authority.host && (named.port == nil || named.port == authority.port)
            return isSame ? nil : .hostDiffersFromTarget
        case .absolute(let scheme, let authority, _):
            let usual: UInt16 = scheme == "https" ? 443 : 80
            let isSame = named.host == authority.host && (named.port ?? usual) == (authority.port ?? usual)
            return isSame ? nil : .hostDiffersFromTarget
        }
    }
}
