import NIOCore
import Testing

@testable import EngineProxy

@Suite("WebSocket messages are recorded while their bytes pass on")
struct WebSocketMachineTests {
    private func upgraded(_ extensions: String = "") throws -> MachineBench {
        var bench = try MachineBench()
        bench.client(
            "GET http://a.test/chat HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        bench.open()
        bench.origin(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\(extensions)\r\n")
        bench.toClient = ""
        bench.toUpstream = ""
        return bench
    }

    private func messages(_ bench: MachineBench) -> [ProxyWebSocketMessage] {
        bench.events.compactMap { event in
            if case .message(let message) = event { return message }
            return nil
        }
    }

    @Test("with the flow's id, in the order in which they became whole, and bytes pass before their message is whole")
    func order() throws {
        var bench = try upgraded()
        let id = bench.flows.first?.id
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x01, 2, 0x48, 0x65]))
        bench.settle()
        #expect(bench.toClient == "\u{1}\u{2}He" && messages(bench).isEmpty)
        bench.machine.clientReceived(ByteBuffer(bytes: [0x81, 0x81, 0, 0, 0, 0, 0x41]))
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x89, 1, 0x70, 0x80, 1, 0x79, 0x88, 0]))
        bench.settle()
        let found = messages(bench)
        #expect(found.map(\.number) == [1, 2, 3, 4])
        #expect(found.map(\.kind) == [.text, .ping, .text, .close])
        #expect(found.map(\.sender) == [.client, .server, .server, .server])
        #expect(found.map { String(decoding: $0.body.bytes.bytes, as: UTF8.self) } == ["A", "p", "Hey", ""])
        #expect(found.map(\.frames) == [1, 1, 2, 1] && found.map(\.wireLength) == [1, 1, 3, 0])
        #expect(found.map { Optional($0.flow) } == [id, id, id, id] && found[0].path == "/chat")
        bench.machine.clientHasClosed()
        bench.settle()
        guard case .tunnel(let tunnel) = bench.events.last else {
            Issue.record("no tunnel")
            return
        }
        #expect(tunnel.messages == 4 && tunnel.id == id)
    }

    @Test("what breaks the rules passes on unchanged, and one record says why the rest is not read")
    func broken() throws {
        var bench = try upgraded()
        bench.client("no frames at all")
        bench.client(", and more")
        #expect(bench.toUpstream == "no frames at all, and more")
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x81, 1, 0x41]))
        bench.settle()
        #expect(messages(bench).map(\.kind) == [.unreadable, .text])
        #expect(messages(bench).first?.error?.kind == "protocol")
    }

    @Test("an extension that nobody knows here is told once, and nothing is guessed")
    func unknown() throws {
        var bench = try upgraded("Sec-WebSocket-Extensions: x-secret\r\n")
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x81, 1, 0x41, 0x81, 1, 0x42]))
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x81, 1, 0x43]))
        bench.settle()
        #expect(messages(bench).map { $0.error?.kind } == ["extension"])
        #expect(bench.toClient.contains("A") && bench.toClient.contains("C"))
    }

    @Test("a message that never ends is told when the connection does, and large ones are kept in part")
    func partial() throws {
        var bench = try upgraded()
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x82, 12] + Array(repeating: 7, count: 12)))
        bench.machine.relayReceived(bench.relayID, ByteBuffer(bytes: [0x82, 12, 1, 2]))
        bench.machine.clientHasClosed()
        bench.settle()
        let found = messages(bench)
        #expect(found.map { $0.error?.kind } == [nil, "truncated"])
        #expect(found.map(\.body.length) == [12, 2] && found.map(\.body.isCut) == [true, false])
        #expect(found.first?.body.bytes.bytes.count == 8)
    }

    @Test("the log has a line for each, and the view a row, with nothing that a terminal would obey")
    func shown() throws {
        let message = ProxyWebSocketMessage(
            at: 1_795_407_613_000_000_000, flow: 1, connection: 1, client: ProxyAddress(address: "127.0.0.1", port: 5),
            host: "app.test", port: 443, path: "/chat", number: 1, sender: .client, kind: .text, frames: 2,
            isCompressed: true, wireLength: 4, body: ProxyBody(bytes: Array("hi\u{1B}[2J".utf8), length: 6),
            closeCode: nil, closeReason: nil, error: nil)
        var close = message
        close.sender = .server
        close.kind = .close
        close.closeCode = 1001
        close.closeReason = "away"
        #expect(
            ProxyLog.lines(.message(message)) == [
                "127.0.0.1:5 -> WebSocket text message -> app.test:443/chat 6b hi�[2J"
            ])
        #expect(
            ProxyLog.lines(.message(close)) == ["127.0.0.1:5 <- WebSocket close <- app.test:443/chat 1001 away"])
        #expect(
            ProxyRow(.message(message), zone: 0)?.text == "04:20:13 WS    → app.test/chat text 6b hi�[2J")
        let details = ProxyDetails.lines(.message(message))
        #expect(details.contains("Frames       2, 4 bytes, compressed from 6") && details.last == "│ hi�[2J")
        var binary = message
        binary.kind = .binary
        binary.body = ProxyBody(bytes: Array(0x3E...0x42) + [0], length: 6)
        #expect(
            ProxyDetails.lines(.message(binary)).last
                == "│ 3e 3f 40 41 42 00" + String(repeating: " ", count: 31) + ">?@AB.")
    }
}
