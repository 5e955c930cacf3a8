import Glibc
import SupportCrypto

/// How a proxy is to run.
package struct ProxyConfiguration: Sendable {
    /// Where events go, one JSON object a line.
    package enum EventOutput: Sendable, Hashable {
        case descriptor(Int32)
        /// Appended to, made with mode 0600 (flows hold what people typed).
        case file(String)
    }

    /// Where HTTP/2 is spoken over TLS.
    package enum HTTP2: String, Sendable, Hashable, CaseIterable {
        /// With clients that offer it where the origin speaks it too.
        case follow
        /// With every client that offers it, with no origin.
        case client
        /// With every origin that speaks it, with no client.
        case origin
        case both
        case off
    }

    package var http2 = HTTP2.follow
    package var listenHost = "127.0.0.1"
    /// 0 lets the system choose; `listening` says what it chose.
    package var listenPort = 9000
    /// The folder of the authority, `~` expanded.
    package var confdir: String
    /// PEM roots added to those that origins are verified with.
    package var upstreamCAFile: String?
    /// The host's own store; by default where Debian and its kin keep it, or `SSL_CERT_FILE`.
    package var rootFiles: [String]
    package var keylogPath: String?
    package var events: EventOutput?
    /// Bytes of each body that a flow keeps.
    package var bodyLimit = 1 << 20
    /// Event loops; 0 chooses by the machine.
    package var threads = 0
    /// Seconds that connecting to an origin may take.
    package var connectTimeout = 10
    /// Seconds that a client's connection may be silent.
    package var idleTimeout = 600
    /// Seconds from the first byte of a request to the end of its head.
    package var headTimeout = 60
    package var authorityDays = 365

    package init(environment: [String: String]) {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "/root"
        confdir = home + "/.mitmproxy"
        rootFiles = [environment["SSL_CERT_FILE"] ?? "/etc/ssl/certs/ca-certificates.crt"]
        keylogPath = Self.keylogPath(environment)
    }

    /// `MITMPROXY_SSLKEYLOGFILE` wins over `SSLKEYLOGFILE`; empty ones count as unset.
    package static func keylogPath(_ environment: [String: String]) -> String? {
        for name in ["MITMPROXY_SSLKEYLOGFILE", "SSLKEYLOGFILE"] {
            if let path = environment[name], !path.isEmpty { return path }
        }
        return nil
    }

    /// What `--events` was given: a number is a descriptor, anything else a file.
    package static func eventOutput(_ text: String) -> EventOutput {
        if let number = Int32(text), number >= 0 { return .descriptor(number) }
        return .file(text)
    }
}

/// Why a proxy did not start, each with the sentence a person reads.
package enum ProxyError: Error, Sendable, Hashable, CustomStringConvertible {
    case portBusy(host: String, port: Int)
    case portForbidden(host: String, port: Int)
    case addressUnusable(host: String, detail: String)
    case authority(String)
    case upstreamCA(CertificateError)
    case keyLog(path: String, errno: Int32)
    case events(path: String, errno: Int32)
    case failed(String)

    package var description: String {
        switch self {
        case .portBusy(let host, let port):
            "the proxy cannot listen on \(ProxyAddress(address: host, port: port)): another program listens there already. "
                + "End it, or choose another port: --listen-port \(port < 65535 ? port + 1 : port - 1)"
        case .portForbidden(let host, let port):
            "the proxy may not listen on \(ProxyAddress(address: host, port: port)): ports below 1024 need special rights. "
                + "Choose a higher one: --listen-port 9000"
        case .addressUnusable(let host, let detail):
            "the proxy cannot listen on \(host): \(detail). Choose an address of this machine: --listen-host 127.0.0.1"
        case .authority(let text): "the proxy's authority cannot be used: \(text)"
        case .upstreamCA(let error): "the roots for origins cannot be used: \(error)"
        case .keyLog(let path, let code): "the key log \(path) cannot be written: \(String(cString: strerror(code)))"
        case .events(let path, let code): "the events cannot be written to \(path): \(String(cString: strerror(code)))"
        case .failed(let text): "the proxy cannot start: \(text)"
        }
    }
}
