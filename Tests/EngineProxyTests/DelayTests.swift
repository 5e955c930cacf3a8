import EngineProxy
import LabTestSupport
import Testing

/// Each of these would wait for ever where the proxy held a piece back: the next one is only sent when the last was seen.
@Suite("What is sent in pieces arrives in pieces")
struct DelayTests {
    @Test("server-sent events reach an HTTP/1 client one by one")
    func events() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start()
        async let said: Void = {
            await site.hears("\r\n\r\n")
            try await site.send(
                "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "9\r\ndata: 1\n\n\r\n")
        }()
        let answer = try await proxy.raw(
            "GET http://127.0.0.1:\(site.port)/ HTTP/1.1\r\nHost: 127.0.0.1:\(site.port)\r\nConnection: close\r\n\r\n",
            until: "data: 1\n\n"
        ) {
            try? await site.send("9\r\ndata: 2\n\n\r\n0\r\nX-Sum: 3\r\n\r\n")
        }
        try await said
        await site.stop()
        await proxy.stop()
        #expect(answer.hasSuffix("9\r\ndata: 1\n\n\r\n9\r\ndata: 2\n\n\r\n0\r\nX-Sum: 3\r\n\r\n"))
        #expect(proxy.flows.first?.response?.trailers == [ProxyHeader("X-Sum", "3")])
    }

    @Test("server-sent events of an HTTP/1 site reach an HTTP/2 client one by one, behind its hints")
    func eventsOverHTTP2() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start(identity: proxy.identity(for: "localhost"))
        let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
        client.send(
            try client.headers(
                [(":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", "/")], on: 1,
                ends: true))
        await site.hears("\r\n\r\n")
        try await site.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n")
        let hints = try #require(await client.next())
        #expect(try client.fields(of: hints) == [":status": "103", "link": "</a.css>; rel=preload"])
        try await site.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
        let head = try #require(await client.next())
        #expect(try client.fields(of: head)[":status"] == "200")
        for text in ["data: 1\n\n", "data: 2\n\n"] {
            try await site.send("9\r\n\(text)\r\n")
            #expect(await client.next()?.payload == Array(text.utf8))
        }
        try await site.send("0\r\nX-Sum: 3\r\n\r\n")
        let trailers = try #require(await client.next())
        #expect(try client.fields(of: trailers) == ["x-sum": "3"] && trailers.endsStream)
        await client.close()
        await site.stop()
        await proxy.stop()
    }

    @Test("hints reach an HTTP/1 client before the answer is there")
    func hints() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start()
        async let said: Void = {
            await site.hears("\r\n\r\n")
            try await site.send("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n")
        }()
        let answer = try await proxy.raw(
            "GET http://127.0.0.1:\(site.port)/ HTTP/1.1\r\nHost: 127.0.0.1:\(site.port)\r\nConnection: close\r\n\r\n",
            until: "Link: </a.css>\r\n\r\n"
        ) {
            try? await site.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        try await said
        await site.stop()
        await proxy.stop()
        #expect(answer.hasPrefix("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\n"))
    }

    @Test(
        "a client that asks before it sends its body hears the site's own answer: go on, or no",
        .enabled(if: RealTool.exists("curl"), "curl is not installed"), arguments: [true, false])
    func expectation(isWelcome: Bool) async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start()
        async let said: Void = {
            await site.hears("Expect: 100-continue\r\n")
            guard isWelcome else {
                return try await site.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
            }
            try await site.send("HTTP/1.1 100 Continue\r\n\r\n")
            await site.hears("the body")
            try await site.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }()
        // curl would send the body unasked after a thousand seconds.
        let outcome = try await proxy.curl([
            "-H", "Expect: 100-continue", "--expect100-timeout", "1000", "--data", "the body",
            "-w", "%{http_code} %{size_upload}", "http://127.0.0.1:\(site.port)/",
        ])
        try await said
        await site.stop()
        await proxy.stop()
        #expect(outcome.output == (isWelcome ? "ok200 8" : "no413 0"), "\(outcome.errors)")
    }
}
