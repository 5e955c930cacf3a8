/// One exchange: a request, and the response it got from the origin or from the proxy itself.
package struct ProxyFlow: Sendable, Hashable, Codable {
    /// Who answered.
    package enum Answerer: String, Sendable, Hashable, Codable {
        case origin
        case proxy
    }

    package var id: UInt64
    package var connection: UInt64
    package var client: ProxyAddress
    /// The server the request went to; nil where none was reached.
    package var server: ProxyAddress?
    /// `http` or `https`.
    package var scheme: String
    package var method: String
    package var host: String
    package var port: Int
    /// Path and query as they were sent to the origin.
    package var path: String
    /// `HTTP/1.1`.
    package var version: String
    package var request: ProxyMessage
    package var status: Int?
    package var reason: String?
    package var responseVersion: String?
    /// The response's Content-Type, as it was sent.
    package var contentType: String?
    package var response: ProxyMessage?
    package var answeredBy: Answerer
    package var timings: ProxyTimings
    package var clientTLS: ProxyTLSLeg?
    package var serverTLS: ProxyTLSLeg?
    package var error: ProxyFlowError?
    /// Names of response fields that the client was not shown: `alt-svc`, with which it would leave the proxy for HTTP/3.
    package var withheld: [String]?

    enum CodingKeys: String, CodingKey {
        case id, connection, client, server, scheme, method, host, port, path, version, request, status, reason
        case responseVersion = "response_version"
        case contentType = "content_type"
        case response
        case answeredBy = "answered_by"
        case timings
        case clientTLS = "client_tls"
        case serverTLS = "server_tls"
        case error, withheld
    }

    package var url: String {
        let isDefault = scheme == "https" ? port == 443 : port == 80
        let shown = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(shown)\(isDefault ? "" : ":\(port)")\(path)"
    }
}

/// The header fields and body of one message.
package struct ProxyMessage: Sendable, Hashable, Codable {
    package var headers: [ProxyHeader]
    package var trailers: [ProxyHeader]
    package var body: ProxyBody

    package init(headers: [ProxyHeader] = [], trailers: [ProxyHeader] = [], body: ProxyBody = ProxyBody()) {
        self.headers = headers
        self.trailers = trailers
        self.body = body
    }

    /// The first value of a field, by its name in any case.
    package func first(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

package struct ProxyHeader: Sendable, Hashable, Codable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// A body without its transfer coding; content codings such as gzip are still on.
package struct ProxyBody: Sendable, Hashable, Codable {
    /// The beginning, up to the recorder's limit.
    package var bytes: Base64Bytes
    /// Bytes of the whole body.
    package var length: UInt64
    /// Of the whole body, 64 hexadecimal digits.
    package var sha256: String
    /// Whether `bytes` holds less than the whole.
    package var isCut: Bool

    enum CodingKeys: String, CodingKey {
        case bytes, length, sha256
        case isCut = "cut"
    }

    package init(bytes: [UInt8] = [], length: UInt64 = 0, sha256: String = Self.emptySHA256, isCut: Bool = false) {
        self.bytes = Base64Bytes(bytes)
        self.length = length
        self.sha256 = sha256
        self.isCut = isCut
    }

    package static let emptySHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
}

/// When things happened, in nanoseconds since 1970; nil for what did not happen.
package struct ProxyTimings: Sendable, Hashable, Codable {
    package var start: Int64
    package var requestEnd: Int64?
    package var connectStart: Int64?
    package var connectEnd: Int64?
    package var responseStart: Int64?
    package var end: Int64

    enum CodingKeys: String, CodingKey {
        case start
        case requestEnd = "request_end"
        case connectStart = "connect_start"
        case connectEnd = "connect_end"
        case responseStart = "response_start"
        case end
    }
}

/// What went wrong with an exchange.
package struct ProxyFlowError: Sendable, Hashable, Codable {
    /// A stable word such as `name-not-found`.
    package var kind: String
    package var text: String
}
