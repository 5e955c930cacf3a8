import Testing

@testable import Wire

@Suite("QPACK")
struct QPACKTests {
    private func text(_ fields: HTTPFields) -> [String] { fields.all.map { "\($0.name): \($0.value)" } }

    private func decode(_ decoder: QPACKDecoder, _ digits: String, isLast: Bool = false) throws -> [String]? {
        let section = try QUICVectors.hex(digits).withUnsafeBytes { try decoder.decode($0, isLast: isLast) }
        guard case .fields(let fields) = section else { return nil }
        return text(fields)
    }

    @Test("the examples of RFC 9204, appendix B")
    func examples() throws {
        var decoder = QPACKDecoder()
        decoder.capacityAllowed(4_096)
        func instructions(_ digits: String) throws {
            try QUICVectors.hex(digits).withUnsafeBytes { try decoder.receive($0) }
        }
        #expect(try decode(decoder, "0000510b2f696e6465782e68746d6c") == [":path: /index.html"])
        // B.2: the section comes before the entries that it needs.
        #expect(try decode(decoder, "03811011") == nil)
        try instructions("3fbd01c00f7777772e6578616d706c652e636f6dc10c2f73616d706c652f70617468")
        #expect(decoder.insertCount == 2 && decoder.tableSize == 106)
        #expect(try decode(decoder, "03811011") == [":authority: www.example.com", ":path: /sample/path"])
        try instructions("4a637573746f6d2d6b65790c637573746f6d2d76616c7565")
        #expect(decoder.insertCount == 3 && decoder.tableSize == 160)
        try instructions("02")
        #expect(decoder.insertCount == 4 && decoder.tableSize == 217)
        #expect(
            try decode(decoder, "050080c181") == [
                ":authority: www.example.com", ":path: /", "custom-key: custom-value",
            ])
        try instructions("810d637573746f6d2d76616c756532")
        #expect(decoder.insertCount == 5 && decoder.tableSize == 215)
    }

    @Test("instructions may come byte by byte")
    func dripped() throws {
        var decoder = QPACKDecoder()
        decoder.capacityAllowed(4_096)
        for byte in QUICVectors.hex("3fbd01c00f7777772e6578616d706c652e636f6dc10c2f73616d706c652f70617468") {
            try [byte].withUnsafeBytes { try decoder.receive($0) }
        }
        #expect(decoder.insertCount == 2)
    }

    @Test("a section that never gets its entries is read with those fields marked unknown")
    func never() throws {
        var decoder = QPACKDecoder()
        decoder.capacityAllowed(4_096)
        let section = try QUICVectors.hex("03811011").withUnsafeBytes { try decoder.decode($0, isLast: true) }
        guard case .fields(let fields) = section else {
            Issue.record("still blocked")
            return
        }
        #expect(fields.count == 2 && fields.all.allSatisfy { $0.marks == [.unknownName, .unknownValue] })
    }

    @Test("indexes that cannot be, tables that are too large and cut sections are errors")
    func wrong() {
        let decoder = QPACKDecoder()
        func fails(_ digits: String) {
            #expect(throws: QPACKDecoder.Failure.self) {
                try QUICVectors.hex(digits).withUnsafeBytes { _ = try decoder.decode($0) }
            }
        }
        fails("0000ff40")
        fails("00008a")
        fails("0500")
        fails("0000510b2f69")
        fails("00")
        var other = decoder
        #expect(throws: QPACKDecoder.Failure.self) {
            try QUICVectors.hex("3fe1ff7f").withUnsafeBytes { try other.receive($0) }
        }
        #expect(other.isLossy)
    }

    @Test("hostile sections and instructions never trap")
    func hostile() {
        var random = SystemlessRandom(seed: 3)
        for _ in 0..<20_000 {
            var decoder = QPACKDecoder()
            decoder.capacityAllowed(220)
            let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            bytes.withUnsafeBytes { bytes in
                try? decoder.receive(bytes)
                _ = try? decoder.decode(bytes)
                _ = try? decoder.decode(bytes, isLast: true)
            }
            #expect(decoder.tableSize <= 1 << 20)
        }
    }
}
