import NIOCore
import SupportCrypto
import SupportTransport

/// One request as a browser-like client makes it.
package struct WebRequest: Sendable {
    package enum Version: String, Sendable, Hashable, Codable {
        /// What ALPN agrees on, HTTP/2 preferred; HTTP/1.1 without TLS.
        case automatic
        case http11 = "1.1"
        /// Only over TLS.
        case http2 = "2"
    }

    package enum Family: String, Sendable, Hashable, Codable {
        case any
        case ipv4
        case ipv6
    }

    /// Where the roots come from that servers are verified with.
    package struct Trust: Sendable {
        /// PEM files, read again at every request, so that what was installed or removed meanwhile counts.
        package var files: [String]
        package var roots: [Certificate]
        /// False accepts every certificate.
        package var isVerifying = true

        package init(files: [String] = ["/etc/ssl/certs/ca-certificates.crt"], roots: [Certificate] = []) {
            self.files = files
            self.roots = roots
        }
    }

    package var method: String
    package var url: String
    /// Sent besides, or instead of, the usual ones (host, user-agent, accept, accept-encoding).
    package var fields: [WebField] = []
    package var body: [UInt8] = []
    package var version = Version.automatic
    package var family = Family.any
    /// An HTTP proxy that everything is sent through: absolute-form for http, CONNECT for https.
    package var proxy: HTTPAuthority?
    package var trust = Trust()
    /// Ciphers, versions and key log of TLS.
    package var tls = TLSContext.Parameters()
    /// Redirections followed before `tooManyRedirects`; nil follows none and returns the redirection itself.
    package var redirectLimit: Int?
    package var connectTimeout: TimeAmount = .seconds(10)
    /// For the whole exchange, from resolving the name to the end of the body.
    package var timeout: TimeAmount = .seconds(30)
    /// Bytes of the decoded body that are kept; the rest is only counted.
    package var bodyLimit = 1 << 20

    package init(_ method: String = "GET", url: String) {
        self.method = method
        self.url = url
    }

    /// The field lines as sent, except `Host`, which HTTP/2 sends otherwise.
    func completedFields() -> [WebField] {
        let usual = [
            WebField("user-agent", "lab/1.0"), WebField("accept", "*/*"),
            WebField("accept-encoding", "gzip, deflate, br, zstd"),
        ]
        let given = Set(fields.map { $0.name.lowercased() })
        var all = usual.filter { !given.contains($0.name) } + fields
        let carriesBody = !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method)
        if carriesBody, !given.contains("content-length"), !given.contains("transfer-encoding") {
            all.append(WebField("content-length", "\(body.count)"))
        }
        return all
    }
}

/// One field of an HTTP message.
package struct WebField: Sendable, Hashable, Codable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
