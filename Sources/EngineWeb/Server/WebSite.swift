import SupportCrypto

/// A web site: the names it answers to, its certificate, its pages.
package struct WebSite: Sendable {
    /// Host names or addresses, in any case.
    package var names: [String]
    /// What it proves itself with on TLS listeners; a site without one is not reached there.
    package var identity: ServerIdentity?
    /// By path without query.
    package var pages: [String: WebPage]
    /// For every path that has no page.
    package var missing: WebPage
    /// On plain listeners, answer everything with a redirection to `https`.
    package var redirectsToHTTPS: Bool

    package init(
        names: [String], identity: ServerIdentity? = nil, pages: [String: WebPage] = [:], missing: WebPage = .notFound,
        redirectsToHTTPS: Bool = false
    ) {
        self.names = names.map { $0.lowercased() }
        self.identity = identity
        self.pages = pages
        self.missing = missing
        self.redirectsToHTTPS = redirectsToHTTPS
    }

    /// The page for a request target in origin form.
    package func page(for target: String) -> WebPage {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        return pages[String(path)] ?? missing
    }
}

/// One resource of a site and how it is sent.
package struct WebPage: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// So many bytes of printable filler, made while they are sent.
        case filler(count: Int)
    }

    package var status: Int
    package var reason: String?
    package var fields: [(name: String, value: String)]
    package var body: Body
    /// Methods it takes; others are answered with 405.
    package var methods: Set<String>
    /// Sent with gzip to clients that accept it.
    package var isCompressed: Bool
    /// Sent in chunks, without a length (HTTP/1.1 only; HTTP/2 frames every body).
    package var isChunked: Bool

    package init(
        status: Int = 200, reason: String? = nil, contentType: String? = "text/html; charset=utf-8",
        fields: [(name: String, value: String)] = [], body: Body, methods: Set<String> = ["GET", "HEAD"],
        isCompressed: Bool = false, isChunked: Bool = false
    ) {
        self.status = status
        self.reason = reason
        self.fields = (contentType.map { [(name: "content-type", value: $0)] } ?? []) + fields
        self.body = body
        self.methods = methods
        self.isCompressed = isCompressed
        self.isChunked = isChunked
    }

    /// A page of text.
    package init(
        _ text: String, status: Int = 200, contentType: String = "text/html; charset=utf-8", isCompressed: Bool = false,
        isChunked: Bool = false
    ) {
        self.init(
            status: status, contentType: contentType, body: .bytes(Array(text.utf8)), isCompressed: isCompressed,
            isChunked: isChunked)
    }

    package static let notFound = WebPage(
        "<!doctype html><title>Not found</title><p>There is no such page here.\n", status: 404)
}

extension WebSite {
    /// The site that answers for `mitm.it` where no proxy does: it says that traffic is not passing through one.
    package static func mitm(names: [String] = ["mitm.it"], identity: ServerIdentity? = nil) -> WebSite {
        let page = WebPage(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>No proxy here</title>
            <h1>If you can see this, traffic is not passing through the proxy.</h1>
            <p>This page comes from a web server, not from a proxy. Once your client sends its requests through the proxy, the proxy
            itself answers for this name and offers the certificate of its authority.</p>
            </html>

            """)
        return WebSite(names: names, identity: identity, pages: ["/": page], missing: page)
    }
}
