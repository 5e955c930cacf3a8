import NIOHTTP1
import SupportTransport

/// What a server answers to a request: a pure function of the sites and the request's head.
struct SiteAnswer: Sendable {
    var status: HTTPResponseStatus
    var fields: HTTPHeaders
    var body: WebPage.Body
    var isChunked = false
    /// The body is announced but not sent, for HEAD and where a status forbids one.
    var isBodyLeftOut = false

    var bodyCount: Int {
        switch body {
        case .bytes(let bytes): bytes.count
        case .filler(let count): max(0, count)
        }
    }

    init(_ status: HTTPResponseStatus, _ text: String, fields: HTTPHeaders = [:]) {
        self.status = status
        self.fields = ["content-type": "text/plain; charset=utf-8"]
        self.fields.add(contentsOf: fields)
        body = .bytes(Array((text + "\n").utf8))
    }
}

/// The sites of a server by name, with their compressed bodies made ahead.
struct SiteIndex: Sendable {
    private var byName: [String: Int] = [:]
    private var compressed: [String: [UInt8]] = [:]
    let sites: [WebSite]

    init(_ sites: [WebSite]) {
        self.sites = sites
        for (number, site) in sites.enumerated() {
            for name in site.names where byName[name] == nil { byName[name] = number }
            for (path, page) in site.pages where page.isCompressed { compress(page, "\(number) \(path)") }
            if site.missing.isCompressed { compress(site.missing, "\(number)") }
        }
    }

    private mutating func compress(_ page: WebPage, _ key: String) {
        guard case .bytes(let bytes) = page.body else { return }
        compressed[key] = Gzip.compress(bytes)
    }

    func site(named name: String) -> WebSite? { number(of: name).map { sites[$0] } }

    /// A name is the same with the dot of the root at its end.
    private func number(of name: String) -> Int? { byName[name.hasSuffix(".") ? String(name.dropLast()) : name] }

    /// The answer to `head`; `isSecure`: it came over TLS.
    func answer(_ head: HTTPRequestHead, isSecure: Bool) -> SiteAnswer {
        let target = RequestTarget(head.uri, method: head.method)
        var path = head.uri
        var name = head.headers["host"].first.flatMap { HTTPAuthority($0) }?.host
        switch target {
        case .absolute(_, let authority, let inner):
            name = authority.host
            path = inner
        case .authority: return SiteAnswer(.methodNotAllowed, "This is a web server, not a proxy.")
        case .asterisk, .origin, nil: break
        }
        let number = name.map { self.number(of: $0) } ?? (sites.isEmpty ? nil : 0)
        guard let number else {
            return SiteAnswer(.misdirectedRequest, "No site of that name is served here.")
        }
        if sites[number].redirectsToHTTPS, !isSecure, let name {
            return SiteAnswer(
                .movedPermanently, "This site is served over https.", fields: ["location": "https://\(name)\(path)"])
        }
        return answer(head, site: number, path: String(path.prefix { $0 != "?" && $0 != "#" }))
    }

    private func answer(_ head: HTTPRequestHead, site number: Int, path: String) -> SiteAnswer {
        let site = sites[number]
        let page = site.page(for: path)
        guard page.methods.contains(head.method.rawValue) else {
            return SiteAnswer(
                .methodNotAllowed, "This page does not take that method.",
                fields: ["allow": page.methods.sorted().joined(separator: ", ")])
        }
        var answer = SiteAnswer(HTTPResponseStatus(statusCode: page.status, reasonPhrase: page.reason ?? ""), "")
        if page.reason == nil { answer.status = HTTPResponseStatus(statusCode: page.status) }
        answer.fields = HTTPHeaders(page.fields.map { ($0.name, $0.value) })
        answer.body = page.body
        answer.isChunked = page.isChunked
        answer.isBodyLeftOut = head.method == .HEAD || page.status == 204 || page.status == 304
        if page.isCompressed {
            answer.fields.add(name: "vary", value: "accept-encoding")
            let key = site.pages[path] == nil ? "\(number)" : "\(number) \(path)"
            if let bytes = compressed[key], Self.acceptsGzip(head.headers) {
                answer.body = .bytes(bytes)
                answer.fields.add(name: "content-encoding", value: "gzip")
            }
        }
        return answer
    }

    /// Whether `gzip` is listed with a weight that is not zero (RFC 9110 section 12.5.3).
    static func acceptsGzip(_ fields: HTTPHeaders) -> Bool {
        for item in fields[canonicalForm: "accept-encoding"] {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let coding = parts.first, coding == "gzip" || coding == "*" else { continue }
            let isRefused = parts.dropFirst().contains { ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0) }
            if coding == "gzip" || !isRefused { return !isRefused }
        }
        return false
    }
}
