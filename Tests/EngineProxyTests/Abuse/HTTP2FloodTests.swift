import EngineProxy
import LabTestSupport
import Testing

@Suite("Floods of HTTP/2 frames")
struct HTTP2FloodTests {
    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        FrameClient.frame(type, flags, stream, payload)
    }

    /// GET https://localhost/ in HPACK's static table and literals without names in the table.
    private static let get: [UInt8] = [0x82, 0x87, 0x84, 0x41, 9] + Array("localhost".utf8)

    /// Frames that are each allowed and too many together, with the number after which the connection must have ended.
    static let floods: [(name: String, prefix: [UInt8], bytes: [UInt8])] = [
        ("pings", [], frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])), ("settings", [], frame(4, 0, 0)),
        ("empty pieces of a field block", frame(1, 0, 1, get), frame(9, 0, 1)),
        ("empty pieces of a body", frame(1, 0x4, 1, get), frame(0, 0, 1)),
        ("priorities", [], frame(2, 0, 1, [0, 0, 0, 3, 1])),
    ]

    @Test("a flood ends its connection, and nobody else's", arguments: floods.indices)
    func flooded(_ index: Int) async throws {
        let this = Self.floods[index]
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let authority = "localhost:\(origin.port)"
        let other = try await FrameClient.open(proxy, to: authority, name: "localhost")
        let flood = try await FrameClient.open(proxy, to: authority, name: "localhost")
        flood.send(this.prefix)
        flood.send(Array(repeatElement(this.bytes, count: 20_000).joined()))
        while await flood.next() != nil {}
        other.send(FrameClient.frame(1, 0x5, 1, Self.get(authority)))
        let answer = try await other.message(on: 1)
        #expect(answer.body == Array("ok".utf8), "\(this.name)")
        await other.close()
        await proxy.stop()
        await origin.stop()
    }

    private static func get(_ authority: String) -> [UInt8] {
        [0x82, 0x87, 0x84, 0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
    }

    @Test("requests that are taken back as soon as they were made end the connection")
    func rapidReset() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in nil }
        let authority = "localhost:\(origin.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        var bytes: [UInt8] = []
        for stream in (0..<2000 as Range<UInt32>).map({ $0 * 2 + 1 }) {
            bytes += FrameClient.frame(1, 0x5, stream, Self.get(authority))
            bytes += FrameClient.frame(3, 0, stream, [0, 0, 0, 8])
        }
        client.send(bytes)
        var code: UInt32?
        while let frame = await client.next() {
            if frame.type == 7 { code = frame.errorCode }
        }
        await client.close()
        await proxy.stop()
        await origin.stop()
        #expect(code == 11)
        #expect(proxy.flows.count < 2000)
    }
}
