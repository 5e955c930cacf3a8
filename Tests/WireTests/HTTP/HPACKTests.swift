import Testing

@testable import Wire

@Suite("HPACK")
struct HPACKTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var name: String
        /// Blocks of one connection, in order, with the fields each stands for and the table's size after it.
        var blocks: [(hex: String, fields: [String], size: Int)]
        var testDescription: String { name }
    }

    static let requests: [[String]] = [
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com"],
        [":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com", "cache-control: no-cache"],
        [
            ":method: GET", ":scheme: https", ":path: /index.html", ":authority: www.example.com",
            "custom-key: custom-value",
        ],
    ]
    static let responses: [[String]] = [
        [
            ":status: 302", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com",
        ],
        [
            ":status: 307", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com",
        ],
        [
            ":status: 200", "cache-control: private", "date: Mon, 21 Oct 2013 20:13:22 GMT",
            "location: https://www.example.com", "content-encoding: gzip",
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1",
        ],
    ]

    /// RFC 7541 Appendix C. C.5 and C.6 assume a table of 256 octets, which is said here by a size update.
    static let vectors: [Vector] = [
        Vector(
            name: "C.2.1",
            blocks: [
                ("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", ["custom-key: custom-header"], 55)
            ]),
        Vector(name: "C.2.2", blocks: [("040c 2f73 616d 706c 652f 7061 7468", [":path: /sample/path"], 0)]),
        Vector(name: "C.2.3", blocks: [("1008 7061 7373 776f 7264 0673 6563 7265 74", ["password: secret"], 0)]),
        Vector(name: "C.2.4", blocks: [("82", [":method: GET"], 0)]),
        Vector(
            name: "C.3",
            blocks: [
                ("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", requests[0], 57),
                ("8286 84be 5808 6e6f 2d63 6163 6865", requests[1], 110),
                ("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65", requests[2], 164),
            ]),
        Vector(
            name: "C.4",
            blocks: [
                ("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", requests[0], 57),
                ("8286 84be 5886 a8eb 1064 9cbf", requests[1], 110),
                ("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", requests[2], 164),
            ]),
        Vector(
            name: "C.5",
            blocks: [
                (
                    "3fe1 01 4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
                    responses[0], 222
                ),
                ("4803 3330 37c1 c0bf", responses[1], 222),
                (
                    "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
                    responses[2], 215
                ),
            ]),
        Vector(
            name: "C.6",
            blocks: [
                (
                    "3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
                    responses[0], 222
                ),
                ("4883 640e ffc1 c0bf", responses[1], 222),
                (
                    "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07",
                    responses[2], 215
                ),
            ]),
    ]

    @Test("the vectors of RFC 7541 Appendix C", arguments: vectors)
    func appendixC(_ vector: Vector) throws {
        var decoder = HPACKDecoder()
        for block in vector.blocks {
            let fields = try decode(block.hex, &decoder)
            #expect(fields.all.map { "\($0.name): \($0.value)" } == block.fields)
            #expect(decoder.tableSize == block.size)
        }
    }

    @Test("a never-indexed field is marked")
    func neverIndexed() throws {
        var decoder = HPACKDecoder()
        #expect(try decode("1008 7061 7373 776f 7264 0673 6563 7265 74", &decoder)[0].marks == .neverIndexed)
        #expect(try decode("0008 7061 7373 776f 7264 0673 6563 7265 74", &decoder)[0].marks == [])
    }

    @Test(
        "what cannot be decoded gets its reason",
        arguments: [
            ("80", .invalidIndex(0)), ("be", .invalidIndex(62)), ("7f", .truncated), ("400a 63", .truncated),
            ("ff80 8080 8080 8001", .integerTooLarge), ("ffff ffff ff7f", .integerTooLarge),
            ("823f e101", .misplacedSizeUpdate),
            ("3fe2 1f", .tableTooLarge(4097)), ("0083 ffff ff00", .huffman), ("0081 0000", .huffman),
            ("0084 ffff ffff 00", .huffman),
        ] as [(String, HPACKDecoder.Failure)])
    func failures(_ hex: String, _ failure: HPACKDecoder.Failure) {
        var decoder = HPACKDecoder()
        #expect(throws: failure) { try decode(hex, &decoder) }
        #expect(decoder.isLossy)
    }

    @Test("limits: octets of a list, fields of a list, the allowed table")
    func limits() throws {
        var small = HPACKDecoder(listLimit: 30)
        #expect(throws: HPACKDecoder.Failure.listTooLarge(limit: 30)) { try decode("8286 8286 8286", &small) }
        var few = HPACKDecoder(fieldLimit: 2)
        #expect(throws: HPACKDecoder.Failure.tooManyFields(limit: 2)) { try decode("8282 82", &few) }
        var larger = HPACKDecoder()
        larger.tableSizeAllowed(8_192)
        _ = try decode("3fe2 1f 82", &larger)
    }

    @Test("a decoder that joins in the middle marks what it cannot know and is exact about the rest")
    func midConnection() throws {
        var decoder = HPACKDecoder(startsMidConnection: true)
        let first = try decode("8286 84be 5808 6e6f 2d63 6163 6865", &decoder)
        #expect(first.all.map(\.name) == [":method", ":scheme", ":path", "", "cache-control"])
        #expect(first[3].marks == [.unknownName, .unknownValue])
        #expect(first[4].value == "no-cache")
        let second = try decode("8287 85be c0 7f00 0a63 7573 746f 6d2d 6b65 79", &decoder)
        #expect(second[3].value == "no-cache")
        #expect(second[4].marks == [.unknownName, .unknownValue])
        #expect(second[5] == HTTPField(name: "", value: "custom-key", marks: .unknownName))
    }

    @Test("after lost blocks no old entry is believed")
    func lostBlocks() throws {
        var decoder = HPACKDecoder()
        _ = try decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572", &decoder)
        decoder.blocksLost()
        #expect(try decode("be", &decoder)[0].marks == [.unknownName, .unknownValue])
    }

    @Test("long Huffman codes: the first and the last octet")
    func huffmanLongCodes() throws {
        // RFC 7541 Appendix B: 0x00 is 13 bits 1ff8, 0xff is 26 bits 3ffffee.
        var output: [UInt8] = []
        try [UInt8]([0xff, 0xc7]).withUnsafeBytes { try HPACKHuffman.code.decode($0, into: &output) }
        #expect(output == [0])
        output = []
        try [UInt8]([0xff, 0xff, 0xfb, 0xbf]).withUnsafeBytes { try HPACKHuffman.code.decode($0, into: &output) }
        #expect(output == [0xff])
    }

    @Test("every truncation and two thousand mutations of the vectors give fields or a reason")
    func robust() {
        var random = TestRandom(seed: 11)
        for vector in Self.vectors {
            for block in vector.blocks {
                let octets = hexOctets(block.hex)
                for length in 0...octets.count {
                    var decoder = HPACKDecoder(startsMidConnection: length % 2 == 0)
                    _ = try? octets[..<length].withUnsafeBytes { try decoder.decode($0) }
                }
            }
        }
        for round in 0..<2_000 {
            var decoder = HPACKDecoder(startsMidConnection: round % 2 == 0)
            for block in Self.vectors[round % Self.vectors.count].blocks {
                var octets = hexOctets(block.hex)
                octets[Int(random.next() % UInt64(octets.count))] = UInt8(truncatingIfNeeded: random.next())
                _ = try? octets.withUnsafeBytes { try decoder.decode($0) }
                #expect(decoder.tableSize <= 1 << 20)
            }
        }
    }

    @discardableResult
    private func decode(_ hex: String, _ decoder: inout HPACKDecoder) throws -> HTTPFields {
        try hexOctets(hex).withUnsafeBytes { try decoder.decode($0) }
    }
}

/// `8286 8441` as octets.
func hexOctets(_ hex: String) -> [UInt8] {
    let digits = hex.utf8.compactMap(\.hexValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
