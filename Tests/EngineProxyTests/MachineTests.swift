import Foundation
import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto
import Testing
import Wire

@testable import EngineProxy

@Suite("The proxy's state machine, without sockets")
struct MachineTests {
    @Test("waits for the origin, sends the request in origin form, and streams the answer back")
    func exchange() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/x?y HTTP/1.1\r\nHost: a.test\r\nProxy-Connection: keep-alive\r\nX-A: 1\r\n\r\n")
        #expect(bench.opened.map(\.authority) == [ProxyAuthority(host: "a.test", port: 80)] && bench.toUpstream.isEmpty)
        bench.open()
        #expect(bench.toUpstream == "GET /x?y HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\n\r\n")
        bench.origin("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234")
        #expect(bench.toClient == "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234" && bench.flows.isEmpty)
        bench.origin("56789")
        let flow = try #require(bench.flows.first)
        #expect(bench.toClient.hasSuffix("0123456789") && flow.response?.body.length == 10)
        #expect(flow.response?.body.isCut == true && flow.response?.body.bytes.bytes == Array("01234567".utf8))
        #expect(bench.other.isEmpty && bench.machine.phase == .request)
    }

    @Test("keeps both connections for the next request to the same origin and opens another for the next origin")
    func keepAlive() throws {
        var bench = try MachineBench()
        for _ in 0..<2 {
            bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
            if bench.opened.count == 1, bench.flows.isEmpty { bench.open() }
            bench.origin("HTTP/1.1 204 No Content\r\n\r\n")
        }
        #expect(bench.opened.count == 1 && bench.flows.count == 2)
        bench.client("GET http://b.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n")
        #expect(bench.opened.count == 2 && bench.other.isEmpty && bench.isFresh == [false, false])
    }

    @Test("answers pipelined requests one after another, in their order")
    func pipelining() throws {
        var bench = try MachineBench()
        bench.client(
            "GET http://a.test/1 HTTP/1.1\r\nHost: a.test\r\n\r\nGET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        #expect(bench.toUpstream.contains("/1") && !bench.toUpstream.contains("/2"))
        bench.origin("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na")
        #expect(bench.toUpstream.contains("/2"))
        bench.origin("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nb")
        #expect(bench.flows.map(\.path) == ["/1", "/2"] && bench.toClient.hasSuffix("b"))
    }

    @Test("every way of cutting the bytes gives the same messages", arguments: 1...17)
    func cuts(size: Int) throws {
        let request =
            "POST http://a.test/p HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: 1\r\n\r\n"
        let response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-T: 1\r\n\r\n"
        var bench = try MachineBench()
        var bytes = Substring(request)
        while !bytes.isEmpty {
            bench.client(String(bytes.prefix(size)))
            bytes = bytes.dropFirst(size)
            if bench.opened.count == 1, bench.machine.exchange?.isForwarded == false { bench.open() }
        }
        bytes = Substring(response)
        while !bytes.isEmpty {
            bench.origin(String(bytes.prefix(size)))
            bytes = bytes.dropFirst(size)
        }
        let flow = try #require(bench.flows.first)
        #expect(flow.request.body.bytes.bytes == Array("abc".utf8) && flow.request.trailers == [ProxyHeader("T", "1")])
        #expect(
            flow.response?.body.bytes.bytes == Array("hello".utf8)
                && flow.response?.trailers == [ProxyHeader("X-T", "1")])
        #expect(bench.toUpstream.hasSuffix("0\r\nT: 1\r\n\r\n") && bench.toClient.hasSuffix("0\r\nX-T: 1\r\n\r\n"))
    }

    @Test("a kept connection that the origin closed just then is replaced, once, and the request sent again")
    func stale() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/1 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 204 No Content\r\n\r\n")
        bench.client("GET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.originEnds()
        #expect(bench.isFresh == [false, true] && bench.toClient.components(separatedBy: "HTTP/1.1").count == 2)
        bench.open()
        bench.originEnds()
        #expect(bench.flows.last?.error?.kind == "closed-without-answer" && bench.flows.last?.status == 502)
    }

    @Test("a request that may not be sent twice is not, however its connection ended", arguments: ["POST", "PATCH"])
    func noRetry(method: String) throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 204 No Content\r\n\r\n")
        bench.client("\(method) http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.originEnds()
        #expect(bench.isFresh == [false] && bench.toClient.contains("HTTP/1.1 502"))
        #expect(bench.flows.last?.error?.kind == "closed-without-answer")
    }

    @Test("a connection that ends before it was open becomes a page, never silence")
    func endedEarly() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.machine.originFailed(.closedWithoutAnswer(ProxyAuthority(host: "a.test", port: 80)))
        bench.settle()
        #expect(bench.toClient.hasPrefix("HTTP/1.1 502") && bench.flows.first?.error?.kind == "closed-without-answer")
    }

    @Test("a response that breaks off is not passed off as complete")
    func truncated() throws {
        for framing in ["Content-Length: 9", "Transfer-Encoding: chunked"] {
            var bench = try MachineBench()
            bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
            bench.open()
            bench.origin("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n3\r\nabc")
            bench.originEnds()
            #expect(bench.other.contains("abort client") && bench.flows.first?.error?.kind == "truncated")
        }
    }

    @Test("a body that ends with the connection becomes chunked for a client of today, and stays so for one of 1.0")
    func untilClose() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 200 OK\r\n\r\nabc")
        bench.originEnds()
        #expect(bench.toClient == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        var old = try MachineBench()
        old.client("GET http://a.test/ HTTP/1.0\r\n\r\n")
        old.open()
        #expect(old.toUpstream == "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
        old.origin("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        #expect(old.toClient == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nabc" && old.other.contains("close client"))
    }

    @Test(
        "refuses ambiguous responses with a page",
        arguments: [
            "Content-Length: 3\r\nTransfer-Encoding: chunked", "Content-Length: 3\r\nContent-Length: 4",
            "Content-Length: x",
            "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity", "Bad Name: x", "A\u{0}: b",
        ])
    func badResponse(fields: String) throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 200 OK\r\n\(fields)\r\n\r\nabc")
        #expect(bench.toClient.hasPrefix("HTTP/1.1 502 Bad Gateway\r\n"))
        #expect(bench.flows.first?.error?.kind == "bad-response" && bench.other.contains("close origin"))
    }

    @Test("mends what is harmless in a response: bare line feeds, folded fields, control characters in the reason")
    func mended() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 200 O\u{B}K\nContent-Length: 2\nX: a\n b\n\nok")
        #expect(bench.toClient == "HTTP/1.1 200 O K\r\nContent-Length: 2\r\nX: a b\r\n\r\nok")
    }

    @Test("an origin connection of an earlier request is never used for a tunnel")
    func tunnelAfterRequest() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 204 No Content\r\n\r\n")
        bench.client("CONNECT b.test:7 HTTP/1.1\r\nHost: b.test\r\n\r\n\u{0}secret")
        #expect(!bench.toUpstream.contains("secret"))
        #expect(bench.opened.last?.authority == ProxyAuthority(host: "b.test", port: 7))
    }

    @Test("all exchanges together keep no more of their bodies than the budget")
    func budget() throws {
        let budget = BodyBudget(bytes: 10)
        let one = BodyRecord(limit: 8, budget: budget)
        one.append(ByteBuffer(string: "12345678"))
        var two: BodyRecord? = BodyRecord(limit: 8, budget: budget)
        two?.append(ByteBuffer(string: "abc"))
        two?.append(ByteBuffer(string: "d"))
        let body = try #require(two?.finish())
        #expect(body.bytes.bytes == Array("ab".utf8) && body.isCut && body.length == 4)
        two = nil
        #expect(budget.take(100) == 2)
    }

    @Test("bytes behind a response, and bytes nobody asked for, end the use of that connection")
    func unasked() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\naHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
        #expect(!bench.toClient.contains("evil") && bench.other == ["close origin"])
    }

    @Test("an early answer reaches the client while its request goes on, and nothing is mistaken for a new request")
    func early() throws {
        var bench = try MachineBench()
        bench.client("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 6\r\n\r\nabc")
        bench.open()
        bench.origin("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")
        #expect(bench.toClient.contains("413") && bench.flows.isEmpty)
        bench.client("GETGET http://a.test/2 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        #expect(bench.flows.first?.status == 413 && bench.flows.first?.request.body.length == 6)
        #expect(bench.opened.count == 2)
    }

    @Test("never holds more than its limit of what the client sends ahead")
    func bounded() throws {
        var bench = try MachineBench()
        bench.client("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\n")
        #expect(bench.machine.wantsClientBytes)
        bench.client(String(repeating: "x", count: ProxyMachine.inputLimit))
        #expect(!bench.machine.wantsClientBytes)
        bench.open()
        #expect(bench.machine.wantsClientBytes && bench.machine.clientInput.waiting == 0)
    }

    @Test("no sequence of bytes and incidents makes it trap or speak after the end")
    func random() throws {
        var generator = Generator(state: 7)
        let pieces = [
            "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", "CONNECT a.test:1 HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 4\r\n\r\n", "abcd", "\r\n",
            "\u{0}\u{16}\u{3}",
            "POST http://mitm.it/ HTTP/1.1\r\nHost: mitm.it\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nabcd\r\n",
            "0\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "GET ",
            "zz\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HTTP/1.1 101 X\r\nUpgrade: y\r\n\r\n",
            "HTTP/1.0 200 OK\r\n\r\n",
        ]
        for _ in 0..<2_000 {
            var bench = try MachineBench()
            for _ in 0..<12 {
                let piece = pieces[Int(generator.next() % UInt64(pieces.count))]
                switch generator.next() % 9 {
                case 0...2: bench.client(piece)
                case 3: bench.open()
                case 4, 5: bench.origin(piece)
                case 6: bench.originEnds()
                case 7: bench.originEnds(generator.next() % 2 == 0 ? .closed : .aborted)
                default:
                    switch generator.next() % 4 {
                    case 0: bench.machine.clientInputHasEnded()
                    case 1:
                        bench.machine.originFailed(.truncated)
                        bench.machine.relayFailed(bench.relayID, .truncated)
                    case 2: bench.machine.tunnelStayedSilent()
                    default: bench.machine.clientHasClosed()
                    }
                }
                bench.settle()
                #expect(bench.machine.phase != .closing || bench.machine.exchange == nil)
            }
            #expect(Set(bench.flows.map(\.id)).count == bench.flows.count)
        }
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
