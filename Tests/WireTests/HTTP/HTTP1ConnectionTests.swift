import Testing
import Wire

@Suite("HTTP/1 connections")
struct HTTP1ConnectionTests {
    @Test("a request and its response with Content-Length")
    func simple() {
        let script = HTTP1Script([
            (.client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
            (.server, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        ])
        #expect(
            script.lines() == [
                "C0 GET /a HTTP/1.1 none", "C0   Host=x", "C0 end complete",
                "S0 200 OK HTTP/1.1 length(5)", "S0   Content-Length=5", "S0 body hello", "S0 end complete",
            ])
    }

    @Test("pipelined requests meet their responses in order, and HEAD has no body")
    func pipelining() {
        let script = HTTP1Script([
            (.client, "HEAD /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"),
            (
                .server,
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno"
            ),
        ])
        let lines = script.lines()
        #expect(lines.contains("S0 200 OK HTTP/1.1 none"))
        #expect(lines.contains("S1 404 Not Found HTTP/1.1 length(2)"))
        #expect(lines.contains("S1 body no"))
        #expect(lines.filter { $0.hasSuffix("end complete") }.count == 4)
    }

    @Test("chunks, extensions and trailers")
    func chunked() {
        let script = HTTP1Script([
            (
                .client,
                "POST /u HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n002;q=1\r\nde\r\n0\r\nSum: 1\r\n\r\n"
            ),
            (.client, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"),
        ])
        #expect(
            script.lines() == [
                "C0 POST /u HTTP/1.1 chunked", "C0   Host=x", "C0   Transfer-Encoding=chunked",
                "C0 chunk 3", "C0 body abc", "C0 chunk 2", "C0 anomaly chunkExtension", "C0 body de", "C0 chunk 0",
                "C0 trailers Sum=1", "C0 end complete",
                "C1 GET /next HTTP/1.1 none", "C1   Host=x", "C1 end complete",
            ])
    }

    @Test("a body without length ends with the stream", arguments: [HTTPStreamEnd.closed, .aborted])
    func closeDelimited(_ end: HTTPStreamEnd) {
        let script = HTTP1Script(
            [
                (.client, "GET / HTTP/1.0\r\n\r\n"),
                (.server, "HTTP/1.0 200 OK\r\nServer: s\r\n\r\nsome"), (.server, " more"),
            ], ends: [(.client, end), (.server, end)])
        let lines = script.lines()
        #expect(lines.contains("S0 200 OK HTTP/1.0 untilClose"))
        #expect(lines.contains("S0 body some more"))
        #expect(lines.last == (end == .closed ? "S0 end closed" : "S0 end truncated(missing: nil)"))
    }

    @Test("a body cut short says how much is missing")
    func truncated() {
        let script = HTTP1Script(
            [(.client, "GET / HTTP/1.0\r\n\r\n"), (.server, "HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\n1234")],
            ends: [(.server, .closed)])
        #expect(script.lines().last == "S0 end truncated(missing: Optional(6))")
    }

    @Test("100 and 103 are interim: the final response belongs to the same exchange")
    func interim() {
        let script = HTTP1Script([
            (.client, "PUT /f HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"),
            (.server, "HTTP/1.1 100 Continue\r\n\r\n"), (.client, "hi"),
            (
                .server,
                "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
            ),
        ])
        let lines = script.lines()
        #expect(lines.contains("S0 100 Continue HTTP/1.1 none"))
        #expect(lines.contains("S0 103 Early Hints HTTP/1.1 none"))
        #expect(lines.contains("S0 201 Created HTTP/1.1 none"))
        #expect(lines.contains("C0 body hi"))
    }

    @Test("204 and 304 have no body whatever their fields say", arguments: ["204 No Content", "304 Not Modified"])
    func bodiless(_ status: String) {
        let script = HTTP1Script([
            (.client, "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
            (.server, "HTTP/1.1 \(status)\r\nContent-Length: 900\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!"),
        ])
        #expect(script.lines().suffix(2) == ["S1 body !", "S1 end complete"])
    }

    @Test("2xx to CONNECT opens a tunnel on both sides")
    func connect() {
        let script = HTTP1Script([
            (.client, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
            (.server, "HTTP/1.1 200 Connection established\r\nContent-Length: 7\r\n\r\n"),
            (.client, "\u{16}\u{03}"), (.server, "GET"),
        ])
        #expect(
            script.lines() == [
                "C0 CONNECT a:443 HTTP/1.1 none", "C0   Host=a:443", "C0 end complete",
                "S0 200 Connection established HTTP/1.1 tunnel", "S0   Content-Length=7", "S0 end complete",
                "S0 switched connect", "C0 switched connect", "C0 tunnel \u{16}\u{03}", "S0 tunnel GET",
            ])
    }

    @Test("a refused CONNECT leaves the connection in HTTP")
    func refused() {
        let script = HTTP1Script([
            (.client, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n"),
            (.server, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 2\r\n\r\nno"),
            (.client, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nProxy-Authorization: Basic eDp5\r\n\r\n"),
            (.server, "HTTP/1.1 200 OK\r\n\r\n"),
        ])
        #expect(script.lines().contains("C1 CONNECT a:443 HTTP/1.1 none"))
        #expect(script.lines().contains("S1 switched connect"))
    }

    @Test("a client that speaks before CONNECT is answered is taken for tunnel content")
    func eagerTunnel() {
        let script = HTTP1Script([
            (.client, "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n\u{16}hello")
        ])
        #expect(script.lines().suffix(2) == ["C0 switched connect", "C0 tunnel \u{16}hello"])
    }

    @Test("101 hands both directions over with the protocol's name")
    func upgrade() {
        let script = HTTP1Script([
            (.client, "GET /chat HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"),
            (.server, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nabc"),
            (.client, "xyz"),
        ])
        let lines = script.lines()
        #expect(lines.contains("S0 switched upgrade(\"websocket\")"))
        #expect(lines.contains("C0 switched upgrade(\"websocket\")"))
        #expect(lines.contains("S0 tunnel abc"))
        #expect(lines.contains("C0 tunnel xyz"))
    }

    @Test("a response that nobody asked for is told and gets an exchange of its own")
    func unsolicited() {
        let script = HTTP1Script([(.server, "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")])
        #expect(script.lines().first == "S0 408 Request Timeout HTTP/1.1 none ! responseWithoutRequest")
    }
}
