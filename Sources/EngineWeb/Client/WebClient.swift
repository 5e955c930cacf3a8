import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// Makes single HTTP(S) exchanges and tells everything about them; a failure is part of the answer, not an error.
package final class WebClient: Sendable {
    private let group: any EventLoopGroup

    /// Without a group it runs on the process's shared event loops.
    package init(group: (any EventLoopGroup)? = nil) {
        self.group = group ?? MultiThreadedEventLoopGroup.singleton
    }

    /// Performs `request` on a new connection, follows redirections as far as it allows, and closes the connection.
    package func exchange(_ request: WebRequest) async -> WebExchange {
        var request = request
        var redirections: [WebExchange.Redirection] = []
        while true {
            var exchange = await single(request)
            exchange.redirections = redirections
            guard let limit = request.redirectLimit, let redirection = Self.redirection(from: exchange) else {
                return exchange
            }
            guard redirections.count < limit else {
                exchange.failure = WebFailure(
                    .http, .tooManyRedirects, "The site redirected more than \(limit) times.")
                return exchange
            }
            redirections.append(redirection.step)
            request.url = redirection.url
            // What browsers do: only 307 and 308 repeat the method and body (RFC 9110 section 15.4).
            if ![307, 308].contains(redirection.step.code), request.method != "HEAD" {
                request.method = "GET"
                request.body = []
                request.fields.removeAll { ["content-type", "content-length"].contains($0.name.lowercased()) }
            }
        }
    }

    private static func redirection(from exchange: WebExchange) -> (step: WebExchange.Redirection, url: String)? {
        guard let response = exchange.response, exchange.failure == nil, let location = response.field("location"),
            [301, 302, 303, 307, 308].contains(response.code), let base = HTTPURL(exchange.request.url),
            let url = base.resolving(location)
        else { return nil }
        let step = WebExchange.Redirection(url: exchange.request.url, code: response.code, location: location)
        return (step, url.description)
    }

    private func single(_ request: WebRequest) async -> WebExchange {
        let fields = request.completedFields()
        var exchange = WebExchange(
            request: .init(method: request.method, url: request.url, fields: fields, bodyCount: request.body.count),
            proxy: request.proxy.map { HTTPAuthority(host: $0.host, port: $0.port ?? 8080).description })
        let start = RealTime.monotonic()
        func failed(_ failure: WebFailure) -> WebExchange {
            exchange.failure = failure
            exchange.timings.total = RealTime.monotonic() - start
            return exchange
        }
        guard let url = HTTPURL(request.url), WebAttempt.isSendable(request.method, fields) else {
            return failed(WebFailure(.request, .invalidURL, "This is no http or https request that can be sent."))
        }
        let context: TLSContext?
        switch await Self.context(for: request, url) {
        case .success(let made): context = made
        case .failure(let failure): return failed(failure)
        }
        let host = request.proxy?.host ?? url.authority.host
        let port = request.proxy.map { $0.port ?? 8080 } ?? url.port
        let resolving = RealTime.monotonic()
        let resolution = await NameResolution.addresses(of: host, port: port, family: request.family)
        exchange.timings.resolve = RealTime.monotonic() - resolving
        switch resolution {
        case .failure(let failure): return failed(failure)
        case .success(let addresses):
            let attempt = WebAttempt(
                request: request, url: url, context: context, exchange: exchange, start: start, loop: group.next())
            return await withTaskCancellationHandler {
                await attempt.run(addresses)
            } onCancel: {
                attempt.cancel()
            }
        }
    }

    /// Reads the roots now, on a thread of its own: they are files, and hundreds of certificates.
    private static func context(for request: WebRequest, _ url: HTTPURL) async -> Result<TLSContext?, WebFailure> {
        guard url.isSecure else {
            return request.version == .http2
                ? .failure(WebFailure(.request, .versionUnavailable, "HTTP/2 is only requested over https."))
                : .success(nil)
        }
        let alpn =
            switch request.version {
            case .automatic: ["h2", "http/1.1"]
            case .http11: ["http/1.1"]
            case .http2: ["h2"]
            }
        return await OwnThread.run {
            do {
                let files = request.trust.isVerifying ? request.trust.files : []
                let roots = try CertificateStore(bundles: files).roots + request.trust.roots
                return .success(
                    try TLSContext.client(
                        roots: CertificateStore(roots: roots), alpn: alpn,
                        verification: request.trust.isVerifying ? .full : .off, request.tls))
            } catch let failure as TLSFailure {
                return .failure(WebFailure(failure, host: url.authority.host))
            } catch {
                return .failure(
                    WebFailure(.tls, .trustUnreadable, "The trusted certificates could not be read: \(error)."))
            }
        }
    }
}

extension HTTPURL {
    /// The URL that `reference` means from here (RFC 3986 section 5, without dot segments); nil when it is no http URL.
    func resolving(_ reference: String) -> HTTPURL? {
        if let absolute = HTTPURL(reference) { return absolute }
        if reference.hasPrefix("//") { return HTTPURL("\(scheme):\(reference)") }
        guard !reference.contains(":") || reference.hasPrefix("/") || reference.hasPrefix("?") else { return nil }
        let before = path.prefix { $0 != "?" }
        let joined: String
        if reference.hasPrefix("/") {
            joined = reference
        } else if reference.hasPrefix("?") {
            joined = before + reference
        } else {
            joined = String(before[...(before.lastIndex(of: "/") ?? before.startIndex)]) + reference
        }
        return HTTPURL("\(scheme)://\(authority)\(joined)")
    }
}
