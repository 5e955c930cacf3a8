import Testing

@testable import Wire

@Suite("HTTP/3")
struct HTTP3Tests {
    /// What a connection said, one line an event.
    private final class Listener {
        var lines: [String] = []
        let connection = HTTP3Connection()

        func receive(_ bytes: [UInt8], on stream: UInt64, from side: HTTPSide) {
            bytes.withUnsafeBytes { connection.receive($0, on: stream, from: side, note) }
        }

        func note(_ event: HTTP3Event, _ side: HTTPSide) {
            switch event {
            case .streamType(let stream, let type): lines.append("\(side) \(stream) is \(type)")
            case .frame(let header): lines.append("\(side) \(header.stream) \(header.name ?? "?") \(header.length)")
            case .head(let head):
                lines.append("\(side) \(head.stream) \(head.kind) \(head.path ?? head.fields.first(":status") ?? "-")")
            case .data(let stream, let bytes):
                lines.append("\(side) \(stream) data \(String(decoding: bytes, as: UTF8.self))")
            case .missing(let stream, let count): lines.append("\(side) \(stream) missing \(count)")
            case .end(let stream): lines.append("\(side) \(stream) end")
            case .settings(let settings):
                lines.append("\(side) settings \(settings.map { "\($0.identifier)=\($0.value)" })")
            case .anomaly(let anomaly, let stream): lines.append("\(side) \(stream) \(anomaly)")
            }
        }
    }

    private static let request = QUICVectors.hex("010f0000510b2f696e6465782e68746d6c")
    private static let response = QUICVectors.hex("01030000d9") + QUICVectors.hex("0005") + Array("hello".utf8)

    @Test("a request and its response, with content, whole and byte by byte")
    func exchange() {
        let whole = Listener()
        whole.receive(Self.request, on: 0, from: .client)
        whole.connection.ended(0, from: .client, whole.note)
        whole.receive(Self.response, on: 0, from: .server)
        whole.connection.ended(0, from: .server, whole.note)
        #expect(
            whole.lines == [
                "client 0 HEADERS 15", "client 0 request /index.html", "client 0 end", "server 0 HEADERS 3",
                "server 0 response 200", "server 0 DATA 5", "server 0 data hello", "server 0 end",
            ])
        let dripped = Listener()
        for byte in Self.request { dripped.receive([byte], on: 0, from: .client) }
        for byte in Self.response { dripped.receive([byte], on: 0, from: .server) }
        #expect(
            dripped.lines.filter { !$0.contains("data") }
                == whole.lines.filter { !$0.contains("data") && !$0.hasSuffix("end") })
        #expect(dripped.lines.filter { $0.contains("data") }.map { $0.last } == Array("hello"))
    }

    @Test("a section waits for the encoder stream, and what stands behind it waits too")
    func blocked() {
        let listener = Listener()
        // The server's settings allow a table of 4096; its own control stream comes first.
        listener.receive(QUICVectors.hex("00 04 03 01 5000"), on: 3, from: .server)
        listener.receive(QUICVectors.hex("01 04 03811011 00 02 6869"), on: 0, from: .client)
        listener.connection.ended(0, from: .client, listener.note)
        #expect(
            listener.lines == [
                "server 3 is control", "server 3 SETTINGS 3", "server settings [\"1=4096\"]", "client 0 HEADERS 4",
            ])
        listener.receive(
            QUICVectors.hex("02 3fbd01c00f7777772e6578616d706c652e636f6dc10c2f73616d706c652f70617468"), on: 2,
            from: .client)
        #expect(
            listener.lines.dropFirst(4) == [
                "client 2 is qpackEncoder", "client 0 request /sample/path", "client 0 DATA 2", "client 0 data hi",
                "client 0 end",
            ])
    }

    @Test("bytes that are missing from content are told, others end what can be followed of a stream")
    func missing() {
        let listener = Listener()
        listener.receive(QUICVectors.hex("01030000d9 000a 6869"), on: 0, from: .server)
        listener.connection.missed(6, on: 0, from: .server, listener.note)
        listener.receive(Array("yo".utf8), on: 0, from: .server)
        listener.connection.ended(0, from: .server, listener.note)
        #expect(
            listener.lines.suffix(4) == ["server 0 data hi", "server 0 missing 6", "server 0 data yo", "server 0 end"])
        listener.connection.missed(3, on: 4, from: .server, listener.note)
        listener.receive(Self.response, on: 4, from: .server)
        #expect(listener.lines.last == "server 4 missing 3")
    }

    @Test("frames in the wrong place and streams that end within a frame are told")
    func anomalies() {
        let listener = Listener()
        listener.receive(QUICVectors.hex("04 00"), on: 0, from: .client)
        listener.receive(QUICVectors.hex("00 01 6e"), on: 4, from: .client)
        listener.receive(QUICVectors.hex("01 05 0000"), on: 8, from: .client)
        listener.connection.ended(8, from: .client, listener.note)
        #expect(
            listener.lines.filter { $0.contains("unexpected") || $0.contains("BeforeHead") || $0.contains("truncated") }
                == [
                    "client 0 unexpectedFrame(4)", "client 4 dataBeforeHead", "client 8 truncatedFrame",
                ])
    }

    @Test("hostile bytes on every kind of stream never trap")
    func hostile() {
        var random = SystemlessRandom(seed: 5)
        for _ in 0..<2_000 {
            let listener = Listener()
            for _ in 0..<20 {
                let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random) & (Bool.random(using: &random) ? 0x1f : 0xff)
                }
                let stream = UInt64.random(in: 0...12, using: &random)
                let side: HTTPSide = Bool.random(using: &random) ? .client : .server
                if Int.random(in: 0...9, using: &random) == 0 {
                    listener.connection.missed(5, on: stream, from: side, listener.note)
                }
                listener.receive(bytes, on: stream, from: side)
                if Int.random(in: 0...9, using: &random) == 0 {
                    listener.connection.ended(stream, from: side, listener.note)
                }
            }
            listener.connection.finish(listener.note)
        }
    }
}
