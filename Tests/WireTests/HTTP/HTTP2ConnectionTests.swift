import Testing
import Wire

@Suite("HTTP/2 connections")
struct HTTP2ConnectionTests {
    /// GET https://x/ and :status 200, in HPACK without tables.
    static let get = hexOctets("82 87 84 4101 78")
    static let ok = hexOctets("88")

    static func full() -> HTTP2Script {
        var script = HTTP2Script()
        script.preface()
        script.send(.client, .settings, hexOctets("0001 00002000 0004 0000ffff"))
        script.send(.server, .settings)
        script.send(.server, .settings, flags: 1)
        script.send(.client, .settings, flags: 1)
        script.send(.client, .headers, flags: 0x5, stream: 1, get)
        // Padded, with priority, in three frames.
        script.send(.client, .headers, flags: 0x28, stream: 3, [2] + hexOctets("80000001 0f") + [0x83, 0x87] + [0, 0])
        script.send(.client, .continuation, stream: 3, [0x84])
        script.send(.client, .continuation, flags: 0x4, stream: 3, hexOctets("be"))
        script.send(.client, .data, flags: 0x8, stream: 3, [3] + [UInt8]("hello".utf8) + [0, 0, 0])
        script.send(.server, .headers, flags: 0x4, stream: 1, hexOctets("4803 313033"))
        script.send(.server, .headers, flags: 0x4, stream: 1, ok)
        script.send(.server, .pushPromise, flags: 0x4, stream: 1, HTTP2Script.word(2) + hexOctets("82 87 84 4101 79"))
        script.send(.server, .data, stream: 1, [UInt8]("one ".utf8))
        script.send(.client, .data, flags: 0x1, stream: 3, [UInt8](" more".utf8))
        script.send(.server, .data, stream: 1, [UInt8]("two".utf8))
        script.send(.server, .headers, flags: 0x5, stream: 1, hexOctets("4003 73756d 0131"))
        script.send(.server, .windowUpdate, stream: 3, HTTP2Script.word(5))
        script.send(.server, .ping, [1, 2, 3, 4, 5, 6, 7, 8])
        script.send(.client, .priority, stream: 5, hexOctets("00000003 ff"))
        script.send(.server, .headers, flags: 0x5, stream: 2, ok)
        script.send(.client, .resetStream, stream: 3, HTTP2Script.word(8))
        script.send(.client, HTTP2FrameType(rawValue: 0x20), stream: 3, [1, 2, 3])
        script.send(.server, .goAway, HTTP2Script.word(3) + HTTP2Script.word(0) + [UInt8]("bye".utf8))
        return script
    }

    @Test("requests, responses, push, trailers and control frames of one connection")
    func everything() {
        #expect(
            Self.full().lines() == [
                "C preface", "C settings 1=8192 4=65535", "S settings ", "S settings ack", "C settings ack",
                "C 1 request :method=GET :scheme=https :path=/ :authority=x", "C 1 end",
                "C 3 priority true 1 16", "C 3 request :method=POST :scheme=https :path=/ :authority=x",
                "C 3 data hello",
                "S 1 interim :status=103", "S 1 response :status=200",
                "S 1 push(promised: 2) :method=GET :scheme=https :path=/ :authority=y",
                "S 1 data one ", "C 3 data  more", "C 3 end", "S 1 data two", "S 1 trailers sum=1", "S 1 end",
                "S 3 window 5", "S ping 72623859790382856 false", "C 5 priority false 3 256",
                "S 2 response :status=200", "S 2 end", "C 3 reset 8", "S goaway 3 0 bye",
            ])
    }

    @Test("any cutting of the input gives the same events", arguments: [1, 2, 3, 5, 9, 10, 23])
    func dripFed(_ piece: Int) {
        #expect(Self.full().lines(piece: piece) == Self.full().lines())
    }

    @Test("frames are told with type, flags, stream, length and place")
    func frames() {
        var connection = HTTP2Connection()
        var seen: [HTTP2FrameHeader] = []
        let octets =
            HTTP2Preface.octets + HTTP2Script.frame(.settings)
            + HTTP2Script.frame(.headers, flags: 5, stream: 1, Self.get)
        octets.withUnsafeBytes { all in
            var input = all
            while let event = connection.next(&input, from: .client) {
                if case .frame(let header) = event { seen.append(header) }
            }
        }
        #expect(seen.map(\.offset) == [24, 33])
        #expect(seen.map(\.type) == [.settings, .headers])
        #expect(seen.last?.length == 6)
        #expect(seen.last?.isEndStream == true)
        #expect(connection.unfinished(.client) == [])
    }

    struct Odd: Sendable, CustomTestStringConvertible {
        var name: String
        var frames: [[UInt8]]
        var anomaly: HTTP2Anomaly
        var testDescription: String { name }

        init(_ name: String, _ anomaly: HTTP2Anomaly, _ frames: [UInt8]...) {
            self.name = name
            self.anomaly = anomaly
            self.frames = frames
        }
    }

    static let odd: [Odd] = [
        Odd("padding longer than the frame", .invalidPadding, HTTP2Script.frame(.data, flags: 8, stream: 1, [9, 1])),
        Odd(
            "a settings frame of 7 octets", .frameSize(.settings), HTTP2Script.frame(.settings, [0, 1, 0, 0, 0, 1, 0])),
        Odd("a ping of 7 octets", .frameSize(.ping), HTTP2Script.frame(.ping, [0, 1, 0, 0, 0, 1, 0])),
        Odd("data on stream 0", .wrongStream(.data), HTTP2Script.frame(.data, [1])),
        Odd("data before a head", .dataBeforeHead, HTTP2Script.frame(.data, stream: 1, [1])),
        Odd(
            "a continuation of nothing", .continuationWithoutHeaders,
            HTTP2Script.frame(.continuation, flags: 4, stream: 1)),
        Odd(
            "a frame inside a field block", .interruptedBlock, HTTP2Script.frame(.headers, stream: 1, get),
            HTTP2Script.frame(.ping, [0, 0, 0, 0, 0, 0, 0, 0])),
        Odd(
            "a block that is no HPACK", .undecodableBlock(.invalidIndex(70)),
            HTTP2Script.frame(.headers, flags: 5, stream: 1, [0xc6])),
        Odd(
            "an upper-case name", .uppercaseFieldName,
            HTTP2Script.frame(.headers, flags: 5, stream: 1, get + hexOctets("0001 41 01 61"))),
        Odd(
            "a pseudo-field after a field", .pseudoFieldAfterFields,
            HTTP2Script.frame(.headers, flags: 5, stream: 1, hexOctets("82 87 0001 61 01 61 84"))),
        Odd(
            "a field of HTTP/1 connections", .connectionSpecificField,
            HTTP2Script.frame(.headers, flags: 5, stream: 1, get + hexOctets("000a 636f6e6e656374696f6e 01 61"))),
        Odd(
            "a request without path", .missingPseudoField,
            HTTP2Script.frame(.headers, flags: 5, stream: 1, [0x82, 0x87])),
        Odd("a method twice", .repeatedPseudoField, HTTP2Script.frame(.headers, flags: 5, stream: 1, [0x82] + get)),
        Odd(
            "a status in a request", .unknownPseudoField, HTTP2Script.frame(.headers, flags: 5, stream: 1, get + [0x88])
        ),
        Odd(
            "data after the end", .afterEnd(.data), HTTP2Script.frame(.headers, flags: 5, stream: 1, get),
            HTTP2Script.frame(.data, stream: 1, [1])),
    ]

    @Test("what RFC 9113 forbids is told and survived", arguments: odd)
    func anomalies(_ item: Odd) {
        var script = HTTP2Script()
        script.preface()
        script.send(.client, .settings)
        for frame in item.frames { script.steps.append((.client, frame)) }
        script.send(.client, .headers, flags: 5, stream: 7, [0x82, 0x87, 0x84])
        for piece in [1, .max] {
            let lines = script.lines(piece: piece)
            #expect(lines.contains { $0.hasSuffix("anomaly \(item.anomaly)") }, "\(lines)")
            #expect(lines.suffix(2) == ["C 7 request :method=GET :scheme=https :path=/", "C 7 end"])
        }
    }

    @Test(
        "what is no HTTP/2 fails at once",
        arguments: [[UInt8]("GET / HTTP/1.1\r\n\r\n".utf8), [UInt8](repeating: 0xff, count: 64)])
    func notHTTP2(_ octets: [UInt8]) {
        var script = HTTP2Script()
        script.steps = [(.client, octets), (.server, octets)]
        #expect(script.lines() == ["C failed notHTTP2", "S failed notHTTP2"])
    }

    @Test("joined in the middle: unknown fields are marked, trailers are known by their lack of pseudo-fields")
    func joined() {
        var script = HTTP2Script()
        script.beginning = .unknown
        script.send(.client, .headers, flags: 5, stream: 9, [0x82, 0x87, 0x84, 0xbe])
        script.send(.server, .data, stream: 7, [UInt8]("tail".utf8))
        script.send(.server, .headers, flags: 5, stream: 7, hexOctets("4003 73756d 0131"))
        script.send(.server, .headers, flags: 5, stream: 9, Self.ok)
        #expect(
            script.lines() == [
                "C 9 request :method=GET :scheme=https :path=/ =", "C 9 end", "S 7 data tail", "S 7 trailers sum=1",
                "S 7 end", "S 9 response :status=200", "S 9 end",
            ])
    }
}
