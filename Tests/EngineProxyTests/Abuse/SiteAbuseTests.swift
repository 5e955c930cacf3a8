import Foundation
import LabTestSupport
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport
import Testing

@testable import EngineProxy

@Suite("What sites may not answer")
struct SiteAbuseTests {
    static let frames = Result {
        try AbuseCase.read("http2-site.txt", keys: ["preface", "frame", "answer", "told"])
    }
    static let responses = Result {
        try AbuseCase.read("http1-responses.txt", keys: ["method", "send", "answer", "client"])
    }

    /// `502 bad-response`: a page, and the word in the flow; `aborted truncated`: the response was broken off.
    func shown(_ status: String?, isWhole: Bool, _ flow: ProxyFlow?) -> String {
        ([isWhole ? status ?? "nothing" : "aborted"] + [flow?.error?.kind].compactMap { $0 }).joined(separator: " ")
    }

    @Test("frames that RFC 9113 forbids are told to the site with their code, and to the client as a page")
    func http2() async throws {
        let cases = try Self.frames.get()
        #expect(cases.count >= 50)
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let identity = try proxy.identity(for: "localhost")
        for this in cases {
            let words: [String: [UInt8]] = ["get": [0x82, 0x87, 0x84, 0x41, 9] + Array("localhost".utf8)]
            let script = try this.all("frame").flatMap { try FrameText.frame($0, words) }
            let site = try await FrameSite.start(
                identity, sendsSettings: this.first("preface") == nil, script: script)
            let before = proxy.flows.count
            let authority = "localhost:\(site.port)"
            let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
            let named = [0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
            client.send(FrameClient.frame(1, 0x5, 1, [0x82, 0x87, 0x84] + named))
            let answer = try await client.message(on: 1)
            await client.close()
            let told = try await site.told()
            await site.stop()
            let flows = proxy.flows[before...]
            #expect(flows.count == 1, "\(this.testDescription)")
            let status = answer.heads.last { $0[":status"] != nil }?[":status"]
            #expect(
                shown(status, isWhole: answer.end?.endsStream ?? false, flows.first) == this.first("answer"),
                "\(this.testDescription)")
            #expect(told == this.first("told"), "\(this.testDescription)")
        }
        await proxy.stop()
    }

    @Test("an answer that breaks a rule is the fault of its stream alone, and the others of its connection go on")
    func neighbours() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let frames = ["HEADERS 05 1 <:status: 200|X-A: b>", "HEADERS 04 3 <:status: 200>", "DATA 01 3 6F 6B"]
        let site = try await FrameSite.start(
            proxy.identity(for: "localhost"), script: try frames.flatMap { try FrameText.frame($0, [:]) }, after: 2)
        let authority = "localhost:\(site.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        let head = [0x82, 0x87, 0x84, 0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
        client.send(FrameClient.frame(1, 0x5, 1, head) + FrameClient.frame(1, 0x5, 3, head))
        var statuses: [UInt32: String] = [:]
        var ended: Set<UInt32> = []
        while ended.count < 2, let frame = await client.next() {
            if frame.type == 1 { statuses[frame.stream] = try client.fields(of: frame)[":status"] }
            if frame.endsStream || frame.type == 3 { ended.insert(frame.stream) }
        }
        #expect(statuses == [1: "502", 3: "200"])
        await client.close()
        #expect(try await site.told() == "stream PROTOCOL_ERROR")
        await site.stop()
        await proxy.stop()
        #expect(Set(proxy.flows.map { $0.error?.kind }) == ["bad-response", nil])
    }

    @Test(
        "a site that floods its connection loses it, and its client is told",
        arguments: ["PING 00 0 00*8", "SETTINGS 00 0", "PRIORITY 00 1 00000003 01", "HEADERS 04 1 <:status: 103>"])
    func flood(frame: String) async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let one = try FrameText.frame(frame, [:])
        let site = try await FrameSite.start(
            proxy.identity(for: "localhost"), script: Array(repeatElement(one, count: 20_000).joined()))
        let authority = "localhost:\(site.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        let named = [0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
        client.send(FrameClient.frame(1, 0x5, 1, [0x82, 0x87, 0x84] + named))
        let answer = try await client.message(on: 1)
        #expect(answer.heads.last?[":status"] == "502")
        await client.close()
        await site.stop()
        await proxy.stop()
        #expect(proxy.flows.map { $0.error?.kind } == ["bad-response"])
    }

    @Test("responses of HTTP/1 that could be read in two ways become a page, and the rest is written anew")
    func http1() async throws {
        let cases = try Self.responses.get()
        let proxy = try await RunningProxy.start()
        for this in cases {
            let site = try await ByteSite.start(this.octets("send", [:]) ?? [])
            let before = proxy.flows.count
            let authority = "127.0.0.1:\(site.localAddress?.port ?? 0)"
            let method = this.first("method") ?? "GET"
            let answer = try await proxy.raw("\(method) http://\(authority)/ HTTP/1.1\r\nHost: \(authority)\r\n\r\n")
            try await site.close()
            let flows = proxy.flows[before...]
            #expect(flows.count == 1, "\(this.testDescription)")
            let expected = this.first("answer") ?? ""
            let status = answer.hasPrefix("HTTP/1.1 ") ? String(answer.dropFirst(9).prefix(3)) : nil
            // Of a response that was broken off, the flow tells.
            let isWhole = !expected.hasPrefix("aborted") || flows.first?.error == nil
            #expect(shown(status, isWhole: isWhole, flows.first) == expected, "\(this.testDescription)")
            if this.first("client") != nil, let client = this.octets("client", [:]) {
                #expect(
                    AbuseCase.shown(answer.utf8) == AbuseCase.shown(client), "\(this.testDescription)")
            }
            #expect(!answer.contains("evil") && !answer.contains("Evil"), "\(this.testDescription)")
        }
        await proxy.stop()
    }
}

extension SiteAbuseTests {
    @Test("the same responses over HTTP/2 are as whole, as broken or as unwelcome")
    func translated() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .client }
        let identity = try proxy.identity(for: "localhost")
        for this in try Self.responses.get() {
            let site = try await ByteSite.start(this.octets("send", [:]) ?? [], identity: identity)
            let before = proxy.flows.count
            let port = site.localAddress?.port ?? 0
            let client = try await FrameClient.open(proxy, to: "localhost:\(port)", name: "localhost")
            client.send(
                try client.headers(
                    [
                        (":method", this.first("method") ?? "GET"), (":scheme", "https"),
                        (":authority", "localhost:\(port)"), (":path", "/"),
                    ], on: 1, ends: true))
            let answer = try await client.message(on: 1)
            await client.close()
            try await site.close()
            let flows = proxy.flows[before...]
            let status = answer.heads.last { $0[":status"] != nil }?[":status"]
            #expect(
                shown(status, isWhole: answer.end?.endsStream ?? false, flows.first) == this.first("answer"),
                "\(this.testDescription)")
            let names = answer.heads.flatMap(\.keys)
            #expect(names.allSatisfy { $0 == $0.lowercased() && $0 != "transfer-encoding" }, "\(this.testDescription)")
        }
        await proxy.stop()
    }
}

/// A site that answers the first octets of a connection with others, and ends.
private enum ByteSite {
    static func start(_ answer: [UInt8], identity: ServerIdentity? = nil) async throws -> any Channel {
        let context = try TLSContext.server()
        return try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler.server(context, identity: identity, alpn: ["http/1.1"]))
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let answer: [UInt8]

        init(_ answer: [UInt8]) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let channel = context.channel
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: answer)))
                .whenComplete { _ in channel.close(promise: nil) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
