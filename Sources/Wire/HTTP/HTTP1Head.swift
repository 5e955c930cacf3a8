/// The head of an HTTP/1 request (RFC 9112 §3, §5).
package struct HTTP1RequestHead: Sendable {
    package var method: String
    /// The request target exactly as sent: origin, absolute, authority or asterisk form.
    package var target: String
    package var version: HTTP1Version
    package var fields: HTTPFields
    package var framing: HTTP1Framing
    package var anomalies: [HTTP1Anomaly]
    /// Where the request line begins, counted in octets of its direction.
    package var offset: UInt64
    /// Octets from the request line to the empty line, both included.
    package var length: Int
}

/// The head of an HTTP/1 response, interim ones (1xx) included (RFC 9112 §4, §5).
package struct HTTP1ResponseHead: Sendable {
    package var status: UInt16
    package var reason: String
    package var version: HTTP1Version
    package var fields: HTTPFields
    package var framing: HTTP1Framing
    package var anomalies: [HTTP1Anomaly]
    /// Where the status line begins, counted in octets of its direction.
    package var offset: UInt64
    /// Octets from the status line to the empty line, both included.
    package var length: Int

    /// 1xx other than 101: another response to the same request follows.
    package var isInterim: Bool { (100..<200).contains(status) && status != 101 }
}

/// The version a start line names.
package struct HTTP1Version: Sendable, Hashable, CustomStringConvertible {
    package var major: UInt8
    package var minor: UInt8

    package init(major: UInt8, minor: UInt8) {
        self.major = major
        self.minor = minor
    }

    package static let http10 = HTTP1Version(major: 1, minor: 0)
    package static let http11 = HTTP1Version(major: 1, minor: 1)

    package var description: String { "HTTP/\(major).\(minor)" }
}

/// How the end of a message's body is found (RFC 9112 §6.3).
package enum HTTP1Framing: Sendable, Hashable {
    /// There is no body: by its status, by the request's method, or because no length was given in a request.
    case none
    /// `Content-Length`, in octets.
    case length(UInt64)
    /// `Transfer-Encoding` ending in chunked.
    case chunked
    /// The body ends where the stream ends.
    case untilClose
    /// After the head the stream is no longer HTTP/1: 101, or 2xx to CONNECT.
    case tunnel
}

/// How much a parser will hold or count before it gives a message up.
package struct HTTP1Limits: Sendable {
    /// Octets of a head (start line and fields) or of a trailer section.
    package var headSize: Int
    /// Fields in one section.
    package var fieldCount: Int
    /// Octets of a chunk's size line with its extensions.
    package var chunkLineSize: Int
    /// Requests waiting for their response in one connection.
    package var pipelined: Int

    package init(
        headSize: Int = 256 << 10, fieldCount: Int = 4_000, chunkLineSize: Int = 16 << 10, pipelined: Int = 10_000
    ) {
        self.headSize = headSize
        self.fieldCount = fieldCount
        self.chunkLineSize = chunkLineSize
        self.pipelined = pipelined
    }
}
