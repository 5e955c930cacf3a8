import Wire

/// The head of a request in the terms that all versions of HTTP share (RFC 9110, section 6.2).
package struct RequestHead: Sendable {
    package var method: String
    /// The request target as sent; of HTTP/2 the `:path`.
    package var target: String
    package var version: HTTP1Version
    package var fields: HTTPFields
    /// Where the body ends; `chunked` stands for every body whose length is not told beforehand.
    package var framing: HTTP1Framing
    /// Octets of the head as it would stand in HTTP/1, roughly.
    package var length: Int

    package init(
        method: String, target: String, version: HTTP1Version, fields: HTTPFields, framing: HTTP1Framing, length: Int
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
        self.framing = framing
        self.length = length
    }

    init(_ head: HTTP1RequestHead) {
        self.init(
            method: head.method, target: head.target, version: head.version, fields: head.fields,
            framing: head.framing, length: head.length)
    }
}

/// The head of a response, interim ones included, in the terms that all versions of HTTP share.
package struct ResponseHead: Sendable {
    package var status: UInt16
    /// Empty in HTTP/2, which has none.
    package var reason: String
    package var version: HTTP1Version
    package var fields: HTTPFields
    /// Where the body ends; `chunked` stands for every body of HTTP/2 whose length is not told beforehand.
    package var framing: HTTP1Framing
    package var length: Int

    package init(
        status: UInt16, reason: String, version: HTTP1Version, fields: HTTPFields, framing: HTTP1Framing, length: Int
    ) {
        self.status = status
        self.reason = reason
        self.version = version
        self.fields = fields
        self.framing = framing
        self.length = length
    }

    init(_ head: HTTP1ResponseHead) {
        self.init(
            status: head.status, reason: head.reason, version: head.version, fields: head.fields,
            framing: head.framing, length: head.length)
        // The same length several times is to be said once (RFC 9110, section 8.6).
        if head.anomalies.contains(.duplicateContentLength), let length = fields.first("content-length") {
            fields.remove("content-length")
            fields.append("Content-Length", String(length.prefix { $0 != "," && $0 != " " }))
        }
    }

    /// 1xx other than 101: another response to the same request follows.
    package var isInterim: Bool { (100..<200).contains(status) && status != 101 }
}

extension HTTP1Version {
    /// The version as flows name it: `HTTP/2.0`, as mitmproxy writes it.
    static let http20 = HTTP1Version(major: 2, minor: 0)
}
