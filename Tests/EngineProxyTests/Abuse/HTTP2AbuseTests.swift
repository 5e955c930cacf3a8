import Foundation
import LabTestSupport
import Testing

@testable import EngineProxy

@Suite("What HTTP/2 clients may not send")
struct HTTP2AbuseTests {
    static let requests = Result {
        try AbuseCase.read(
            "http2-requests.txt", keys: ["add", "first", "drop", "set", "many", "data", "answer", "site"])
    }
    static let frames = Result {
        try AbuseCase.read("http2-frames.txt", keys: ["preface", "frame", "streams", "answer"])
    }

    /// The head of `GET https://localhost/`, changed as the entry says.
    private func head(_ this: AbuseCase) -> [UInt8] {
        var fields = [":method: GET", ":scheme: https", ":authority: localhost", ":path: /"].map(FrameText.field)
        for line in this.lines("add", "first", "drop", "set", "many") {
            let field = FrameText.field(line.value)
            switch line.key {
            case "add": fields.append(field)
            case "first": fields.insert(field, at: 0)
            case "drop": fields.removeAll { $0.name == Array(line.value.utf8) }
            case "set":
                for index in fields.indices where fields[index].name == field.name { fields[index] = field }
            default: fields += Array(repeatElement(FrameText.field("x: y"), count: Int(line.value) ?? 0))
            }
        }
        return FrameText.block(fields)
    }

    @Test("each head gets the answer that its entry names, and reaches a site of HTTP/1 as the entry says")
    func heads() async throws {
        let cases = try Self.requests.get()
        #expect(cases.count >= 60)
        let proxy = try await RunningProxy.start()
        let site = try await StrictSite.start(identity: proxy.identity(for: "localhost"))
        for this in cases {
            let before = proxy.rejections.count
            let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
            let data = this.first("data").map { AbuseCase.octets($0, [:]) }
            client.send(FrameText.headers(head(this), on: 1, ends: data == nil))
            if let data { client.send(FrameClient.frame(0, 0x1, 1, data)) }
            let answer = try await client.message(on: 1)
            await client.close()
            let kinds = proxy.rejections[before...]
            let status = answer.heads.last?[":status"].map { (["status", $0] + kinds).joined(separator: " ") }
            let told = answer.end.flatMap(FrameText.told)
            #expect(told ?? status ?? "nothing" == this.first("answer"), "\(this.testDescription)")
            let wanted = this.octets("site", [:]) ?? []
            let reached = status == "status 200" ? await site.taken() : site.soFar()
            #expect(AbuseCase.shown(reached) == AbuseCase.shown(wanted), "\(this.testDescription)")
        }
        await proxy.stop()
        await site.stop()
        #expect(site.unreadable.isEmpty && site.soFar().isEmpty)
    }

    @Test("a stream that breaks a rule is reset, and the others of its connection go on")
    func neighbours() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let site = try await StrictSite.start(identity: proxy.identity(for: "localhost"))
        let authority = "localhost:\(site.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        let good = [":method: GET", ":scheme: https", ":authority: \(authority)", ":path: /"].map(FrameText.field)
        client.send(
            FrameText.headers(FrameText.block(good + [FrameText.field("X-A: b")]), on: 1, ends: true)
                + FrameText.headers(FrameText.block(good), on: 3, ends: true))
        let answer = try await client.message(on: 3)
        #expect(answer.heads.last?[":status"] == "200" && answer.body == Array("ok".utf8))
        await client.close()
        await proxy.stop()
        await site.stop()
    }

    @Test("a client that is answered before it has said everything is asked to stop, and nothing of the rest is kept")
    func unread() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await StrictSite.start(identity: proxy.identity(for: "localhost"))
        let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
        let fields = [
            ":method: POST", ":scheme: https", ":authority: localhost", ":path: /", "expect: the-worst",
        ].map(FrameText.field)
        client.send(FrameText.headers(FrameText.block(fields), on: 1, ends: false))
        let answer = try await client.message(on: 1)
        #expect(answer.heads.last?[":status"] == "417")
        let end = await client.next()
        #expect(end?.type == 3 && end?.errorCode == 0 && end?.stream == 1)
        await client.close()
        await proxy.stop()
        await site.stop()
    }

    @Test("what RFC 9113 calls an error is answered with its code, and what it lets pass is served")
    func errors() async throws {
        let cases = try Self.frames.get()
        #expect(cases.count >= 60)
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let site = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { head in
            // A request for /wait is not answered, so that its stream stays open.
            head.contains(" /wait ") ? "" : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let authority = "localhost:\(site.port)"
        let named = [0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
        let words: [String: [UInt8]] = [
            "get": [0x82, 0x87, 0x84] + named, "post": [0x83, 0x87, 0x84] + named, "authority": named,
            "wait": [0x82, 0x87, 0x04, 5] + Array("/wait".utf8) + named,
        ]
        for this in cases {
            let preface = this.first("preface")
            let client = try await FrameClient.open(
                proxy, to: authority, name: "localhost", sendsPreface: preface == nil)
            if let preface { client.send(AbuseCase.octets(preface, [:])) }
            for number in 0..<(this.first("streams").flatMap { UInt32($0) } ?? 0) {
                client.send(FrameClient.frame(1, 0x5, number * 2 + 1, words["wait"] ?? []))
            }
            for frame in this.all("frame") { client.send(try FrameText.frame(frame, words)) }
            var seen: String?
            if this.first("answer") == "any" {
                client.send(FrameClient.frame(1, 0x5, 1, words["get"] ?? []))
            }
            // Errors come before the answer to a ping behind them; answers of the site do not.
            client.send(FrameClient.frame(6, 0, 0, Array("end of it".utf8.prefix(8))))
            let expected = this.first("answer") ?? ""
            let isServed = expected.hasPrefix("status") || expected == "any"
            while seen == nil, let frame = await client.next(endsAtPing: !isServed) {
                seen = FrameText.told(frame)
                if frame.type == 1 { seen = "status " + (try client.fields(of: frame)[":status"] ?? "") }
            }
            await client.close()
            let shown = seen ?? (client.hasAnsweredPing ? "nothing" : "end")
            #expect(shown == expected || expected == "any" && seen != nil, "\(this.testDescription): \(shown)")
        }
        await proxy.stop()
        await site.stop()
    }
}
