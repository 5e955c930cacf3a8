@testable import EngineWeb
import NIOHTTP1
import Testing

@Suite("What a site answers")
struct SiteAnswerTests {
    let index = SiteIndex([
        WebSite(names: ["WWW.example.test"], pages: ["/": WebPage("www"), "/a": WebPage("a", isCompressed: true)]),
        WebSite(names: ["secure.example.test"], redirectsToHTTPS: true),
    ])

    func answer(_ uri: String, host: String?, method: HTTPMethod = .GET, isSecure: Bool = false) -> SiteAnswer {
        let headers = HTTPHeaders(host.map { [("host", $0)] } ?? [])
        return index.answer(
            HTTPRequestHead(version: .http1_1, method: method, uri: uri, headers: headers), isSecure: isSecure)
    }

    func text(_ answer: SiteAnswer) -> String {
        guard case .bytes(let bytes) = answer.body else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("names count without case, port and final dot; the target's own authority counts before Host")
    func names() {
        for host in ["www.example.test", "WWW.EXAMPLE.TEST:8080", "www.example.test."] {
            #expect(text(answer("/?q", host: host)) == "www")
        }
        #expect(text(answer("http://www.example.test/", host: "other.test")) == "www")
        #expect(answer("/", host: "other.test").status == .misdirectedRequest)
        #expect(text(answer("/", host: nil)) == "www")
        #expect(answer("a:443", host: "a:443", method: .CONNECT).status == .methodNotAllowed)
    }

    @Test("a site can send its plain visitors to https")
    func redirection() {
        let plain = answer("/a?b", host: "secure.example.test")
        #expect(plain.status == .movedPermanently)
        #expect(plain.fields["location"] == ["https://secure.example.test/a?b"])
        #expect(answer("/a?b", host: "secure.example.test", isSecure: true).status == .notFound)
    }

    @Test(
        "gzip is sent to those who accept it",
        arguments: [
            ("gzip", true), ("deflate, gzip;q=0.5", true), ("*", true), ("gzip;q=0", false), ("gzip; q=0.000", false),
            ("*;q=0", false), ("", false), ("br", false), ("*;q=0, gzip", true), ("GZIP", true),
        ])
    func acceptance(field: String, isAccepted: Bool) {
        #expect(SiteIndex.acceptsGzip(["accept-encoding": field]) == isAccepted)
    }

    @Test("dates are written as HTTP wants them")
    func dates() {
        #expect(HTTPDate.text(784_111_777_000_000_000) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(HTTPDate.text(0) == "Thu, 01 Jan 1970 00:00:00 GMT")
        #expect(HTTPDate.text(951_782_400_000_000_000) == "Tue, 29 Feb 2000 00:00:00 GMT")
        #expect(HTTPDate.text(-1_000_000_000) == "Wed, 31 Dec 1969 23:59:59 GMT")
    }
}
