import Testing
import Wire

@Suite("Content codings")
struct HTTPContentDecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var codings: [HTTPContentCoding]
        var hex: String
        var testDescription: String { name }
    }

    static let text = String(repeating: "hello, hello, coded world. ", count: 20)

    /// `text`, made by Python's zlib, by zstd(1) and by brotli's encoder.
    static let cases: [Case] = [
        Case(
            name: "gzip", codings: [.gzip],
            hex: "1f8b0800000000000203cb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b151a9912a0500af663fa91c020000"),
        Case(
            name: "gzip in two members", codings: [.gzip],
            hex:
                "1f8b0800000000000203cb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b1a1210500fbf3bedfc80000001f8b0800000000000203cbd75148ce4f494d5128cf2fca49d153c848cdc9c9d78151a352e44801004e78787b54010000"
        ),
        Case(
            name: "gzip with padding behind it", codings: [.gzip],
            hex:
                "1f8b0800000000000203cb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b151a9912a0500af663fa91c020000000000"
        ),
        Case(
            name: "deflate in zlib's frame", codings: [.deflate],
            hex: "789ccb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b151a9912a05008dd9baa5"),
        Case(
            name: "deflate bare", codings: [.deflate],
            hex: "cb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b151a9912a0500"),
        Case(name: "brotli", codings: [.brotli], hex: "131b0200a441585cc8c2440ed80bb09dd8de0955797c7a01dfb5ef4e06"),
        Case(
            name: "zstd", codings: [.zstd],
            hex: "28b52ffd04580d01009868656c6c6f2c20636f64656420776f726c642e0400f03e1500076ebe24b71801712eabcd"),
        Case(
            name: "zstd in two frames, of members", codings: [.zstd],
            hex:
                "28b52ffd04580501009868656c6c6f2c20636f64656420776f726c642e0400f029016470932465c5080ad466cf28b52ffd0458ed00009820776f726c642e2068656c6c6f2c636f64656402009a3e95a6b728015e807628"
        ),
        Case(
            name: "gzip, then brotli", codings: [.gzip, .brotli],
            hex:
                "8317801f8b0800000000000203cb48cdc9c9d751c88050c9f929a9290ae5f94539297a30b151a9912a0500af663fa91c02000003"
        ),
        Case(
            name: "zstd, then deflate, then gzip", codings: [.zstd, .deflate, .gzip],
            hex:
                "1f8b0800000000000203013700c8ff789cd3d8aaff97258297916146466a4e4ebe8e42727e4a6a8a42797e514e8a1e0bc3073b5106f6bc7d2adb25180bf5569f050063300f6659e1519d37000000"
        ),
    ]

    @Test("coded bodies are decoded whole and octet by octet", arguments: cases, [1, 3, .max])
    func decode(_ item: Case, _ piece: Int) throws {
        let decoder = try HTTPContentDecoder(item.codings, limit: 1 << 20)
        #expect(try feed(hexOctets(item.hex), decoder, piece: piece) == Self.text)
        try decoder.finish()
    }

    @Test("a cut body gives what there is and says that it is truncated", arguments: cases)
    func truncated(_ item: Case) throws {
        let octets = hexOctets(item.hex)
        for length in 1..<octets.count {
            let decoder = try HTTPContentDecoder(item.codings, limit: 1 << 20)
            let part = try feed([UInt8](octets[..<length]), decoder)
            #expect(Self.text.hasPrefix(part))
            // Two gzip members: a cut between them cannot be seen.
            if part != Self.text, !item.name.contains("members") {
                #expect(throws: HTTPContentFailure.self) { try decoder.finish() }
            }
        }
    }

    @Test("the limit cuts a bomb at exactly that many octets", arguments: cases)
    func limited(_ item: Case) throws {
        let decoder = try HTTPContentDecoder(item.codings, limit: 100)
        var output: [UInt8] = []
        #expect(throws: HTTPContentFailure.tooLarge(limit: 100)) {
            try hexOctets(item.hex).withUnsafeBytes { try decoder.decode($0) { output += $0 } }
        }
        #expect(output == [UInt8](Self.text.utf8.prefix(100)))
        #expect(throws: HTTPContentFailure.tooLarge(limit: 100)) { try decoder.finish() }
    }

    @Test("mutated bodies give octets or a reason, never more than the limit", arguments: cases)
    func mutated(_ item: Case) throws {
        var random = TestRandom(seed: 3)
        for _ in 0..<300 {
            var octets = hexOctets(item.hex)
            octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
            let decoder = try HTTPContentDecoder(item.codings, limit: 10_000)
            _ = try? feed(octets, decoder, piece: 1 + Int(random.next() % 30))
            #expect(decoder.count <= 10_000)
        }
    }

    @Test("what is not of the coding is corrupt", arguments: [HTTPContentCoding.gzip, .deflate, .brotli, .zstd])
    func corrupt(_ coding: HTTPContentCoding) throws {
        let decoder = try HTTPContentDecoder([coding], limit: 1_000)
        let rubbish = [UInt8](repeating: 0xff, count: 64)
        #expect(throws: HTTPContentFailure.corrupt(coding)) { try feed(rubbish, decoder) }
    }

    @Test("no coding passes octets through, and an empty body is complete in any coding")
    func nothing() throws {
        #expect(try feed([0x61], HTTPContentDecoder([], limit: 10)) == "a")
        try HTTPContentDecoder([.gzip, .brotli], limit: 10).finish()
    }

    @Test("Content-Encoding lists codings in the order of their application")
    func fieldValue() throws {
        func codings(_ value: String) throws -> [HTTPContentCoding] {
            var parser = HTTP1Parser(.request)
            let head = [UInt8]("GET / HTTP/1.0\r\nContent-Encoding: \(value)\r\n\r\n".utf8)
            return try head.withUnsafeBytes { octets in
                var input = octets
                guard case .request(let head) = parser.next(&input) else { return [] }
                return try HTTPContentCoding.codings(of: head.fields)
            }
        }
        #expect(try codings("x-gzip, BR ,identity, zstd") == [.gzip, .brotli, .zstd])
        #expect(throws: HTTPContentFailure.unknownCoding("aes128gcm")) { try codings("aes128gcm") }
        #expect(throws: HTTPContentFailure.tooManyCodings(limit: 4)) { try codings("br,br,br,br,br") }
    }

    @discardableResult
    private func feed(_ octets: [UInt8], _ decoder: HTTPContentDecoder, piece: Int = .max) throws -> String {
        var output: [UInt8] = []
        try octets.withUnsafeBytes { all in
            var rest = all
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(piece))
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
                try decoder.decode(part) { output += $0 }
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
