import Testing

@testable import EngineProxy

@Suite("Targets of requests")
struct RequestTargetTests {
    @Test(
        "are read strictly",
        arguments: [
            (
                "http://a.test",
                RequestTarget.absolute(scheme: "http", authority: ProxyAuthority(host: "a.test", port: 80), path: "/")
            ),
            (
                "HTTPS://A.test:8443/x",
                .absolute(scheme: "https", authority: ProxyAuthority(host: "a.test", port: 8443), path: "/x")
            ),
            (
                "http://[2001:DB8::1]:81?q",
                .absolute(scheme: "http", authority: ProxyAuthority(host: "2001:db8::1", port: 81), path: "/?q")
            ),
            (
                "http://a.test/x#frag",
                .absolute(scheme: "http", authority: ProxyAuthority(host: "a.test", port: 80), path: "/x")
            ),
            ("/x", .origin(path: "/x")),
        ])
    func targets(text: String, expected: RequestTarget) {
        #expect(RequestTarget(text, method: "GET") == expected)
    }

    @Test(
        "and what is no target is none",
        arguments: [
            "", "*", "a.test:80", "http://", "http:///x", "http://a.test:0/", "http://a.test:x/", "http://a b/",
            "//a.test/\u{7F}",
            "http://[::1/", "http://[zz]/", "http://a.test:80:80/", "javascript:x",
        ])
    func noTargets(text: String) { #expect(RequestTarget(text, method: "GET") == nil) }
}
