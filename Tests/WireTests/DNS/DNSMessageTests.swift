import Testing
import Wire

@Suite("DNS messages")
struct DNSMessageTests {
    /// A real answer in form: one question, a CNAME and an address, names compressed.
    private let answer: [UInt8] = [
        0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0,
        3, 0x77, 0x77, 0x77, 4, 0x74, 0x65, 0x73, 0x74, 0, 0, 1, 0, 1,
        0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 4, 1, 0x61, 0xC0, 16,
        0xC0, 38, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 1,
    ]

    private func name(_ text: String) -> DNSName { DNSName(text) ?? .root }

    @Test("a compressed answer is read")
    func compressed() throws {
        let message = try DNSMessage(parsing: answer)
        #expect(message.identifier == 0x1234)
        #expect(message.isResponse)
        #expect(message.recursionAvailable)
        #expect(message.questions == [DNSMessage.Question(name("www.test"), type: .a)])
        #expect(message.answers.map(\.content) == [.cname(name("a.test")), .a(IPv4Address(192, 0, 2, 1))])
        #expect(message.answers.map(\.name) == [name("WWW.TEST"), name("a.test")])
        #expect(message.answers[0].timeToLive == 60)
    }

    @Test("what is built is read back the same")
    func roundTrip() throws {
        let authority = DNSAuthority(
            primary: name("ns.test"), mailbox: name("root.test"), serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5
        )
        let message = DNSMessage(
            identifier: 7, isResponse: true, isAuthoritative: true, recursionAvailable: true, code: .nameError,
            questions: [DNSMessage.Question(name("www.test"), type: .any)],
            answers: [
                DNSRecord(name("www.test"), timeToLive: 1, content: .a(IPv4Address(192, 0, 2, 1))),
                DNSRecord(name("www.test"), timeToLive: 1, content: .aaaa(.loopback)),
                DNSRecord(name("1.test"), timeToLive: 1, content: .ptr(name("x.test"))),
                DNSRecord(name("t.test"), timeToLive: 1, content: .other(.txt, [1, 0x41])),
            ],
            authorities: [
                DNSRecord(name("test"), timeToLive: 9, content: .soa(authority)),
                DNSRecord(name("test"), timeToLive: 9, content: .ns(name("ns.test"))),
            ],
            additionals: [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 1232)])
        let read = try DNSMessage(parsing: message.bytes)
        #expect(read == message)
        #expect(read.bufferSize == 1232)
        let cut = try DNSMessage(parsing: message.bytes(limit: 100))
        #expect(cut.isTruncated)
        #expect(cut.answers.isEmpty)
        #expect(cut.edns != nil)
    }

    @Test("cut at any length it is refused")
    func truncated() {
        for length in 0..<answer.count {
            #expect(throws: DNSError.self) { try DNSMessage(parsing: Array(answer.prefix(length))) }
        }
    }

    @Test("pointers that lead forward, to themselves or in circles are refused")
    func loops() {
        for target: UInt8 in [12, 13, 200] {
            let loop: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, target, 0, 1, 0, 1]
            #expect(throws: DNSError.badPointer) { try DNSMessage(parsing: loop) }
        }
        // Two names, the second pointing into the first, whose label leads on to the pointer again.
        let circle: [UInt8] = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61, 0xC0, 12, 0, 1, 0, 1]
        #expect(throws: DNSError.badPointer) { try DNSMessage(parsing: circle) }
    }

    @Test("names above 255 bytes, reserved labels and absurd counts are refused")
    func limits() {
        let label = [UInt8(63)] + Array(repeating: 0x61, count: 63)
        let long = [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + label + label + label + label + [0, 0, 1, 0, 1]
        #expect(throws: DNSError.badName) { try DNSMessage(parsing: long) }
        #expect(throws: DNSError.badName) {
            try DNSMessage(parsing: [0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0x41, 0, 0, 1, 0, 1])
        }
        #expect(throws: DNSError.tooManyRecords) {
            try DNSMessage(parsing: [0, 1, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0])
        }
    }

    @Test("with any bytes changed it is read or refused, and what was read can be written")
    func mutated() {
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<20000 {
            var bytes = answer
            for _ in 0..<Int.random(in: 1...5, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            guard let message = try? DNSMessage(parsing: bytes) else { continue }
            _ = message.bytes
            _ = message.answers.map { "\($0.name)" }
        }
    }

    @Test("names are read as people write them, and shown without their tricks")
    func names() throws {
        #expect(DNSName("Example.TEST.") == DNSName("example.test"))
        #expect(DNSName("") == nil)
        #expect(DNSName(".") == .root)
        #expect(DNSName("a..b") == nil)
        #expect(DNSName(String(repeating: "a", count: 64)) == nil)
        #expect(DNSName(String(repeating: "a.", count: 130)) == nil)
        let hostile = try #require(DNSName(labels: [[0x1B, 0x5B, 0x41, 0x2E]]))
        #expect(hostile.description == "\\027\\091A\\046")
    }
}
