import LabModel
import Testing

/// Evidence is known by the digest of its bytes, so what is written faster has to be the same.
@Suite("JSON of evidence")
struct JSONTextTests {
    private static func expectSame(_ value: some Encodable, _ place: SourceLocation = #_sourceLocation) throws {
        let written = String(decoding: try JSON.encode(value), as: UTF8.self)
        let reference = String(decoding: try JSON.encodeByFoundation(value), as: UTF8.self)
        #expect(written == reference, sourceLocation: place)
    }

    private struct Record: Encodable {
        enum Kind: String, Encodable { case one, other }
        struct Inner: Encodable { var zebra = 1, apple: String? = nil, map = ["b": 1, "a": 2] }
        enum Choice: Encodable { case empty, named(value: Int, Kind) }

        var zero = 0
        var text = "a/b \"c\" \\ \n\r\t\u{8}\u{c}\u{1}\u{1f}\u{7f} é 🧪 \u{2028}"
        var kind = Kind.other
        var none: Int?
        var some: Int? = 5
        var nested = Inner()
        var list = [Inner(), Inner(zebra: 2, apple: "x", map: [:])]
        var numbers: [Double] = [0, 1, -1.5, 1e300, Double.leastNonzeroMagnitude, 0.1, 123456789.125, -0.0, 1e16, 1e21]
        var floats: [Float] = [0.1, 16_777_216, 1e-10]
        var integers: [Int64] = [0, 9, 10, -10, .max, .min]
        var small: [UInt8] = [0, 255]
        var large: UInt64 = .max
        var byNumber = [3: "c", 1: "a"]
        var optionals: [Int?] = [1, nil]
        var choices: [Choice] = [.empty, .named(value: 3, .one)]
        var empty: [String] = []
        var flag = true
        var a10 = 1, a2 = 2, aB = 3, b = 4, ä = 5, _c = 6
    }

    @Test("is byte for byte what Foundation writes, of numbers, texts, keys and everything in between")
    func isFoundations() throws {
        try Self.expectSame(Record())
        try Self.expectSame([Record]())
        try Self.expectSame("only a text")
        try Self.expectSame(17)
        try Self.expectSame([String: Int]())
        try Self.expectSame(["prefix": 1, "prefix.longer": 2, "prefi": 3, "": 4])
        try Self.expectSame(["needs \"escapes\"": 1, "needs": 2, "needs\n": 3])
        try Self.expectSame([1.5: "keys that are no texts"])
    }

    @Test("of all values that plans and events hold is Foundation's, whatever texts and keys are made of")
    func valuesAreFoundations() throws {
        var random = Draws()
        func text() -> String {
            let characters: [Character] = Array("aAzZ09-_. \"\\/\u{1}\n\u{e9}\u{1F9EA}")
            return String(
                (0..<Int.random(in: 0...6, using: &random)).map { _ in characters.randomElement(using: &random) ?? "a" }
            )
        }
        func value(_ depth: Int) -> Value {
            switch Int.random(in: 0...(depth > 3 ? 4 : 6), using: &random) {
            case 0: .null
            case 1: .bool(.random(using: &random))
            case 2: .int(.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random))
            case 3: .double(Double(Int.random(in: -1000...1000, using: &random)) / 8)
            case 4: .string(text())
            case 5: .list((0..<Int.random(in: 0...4, using: &random)).map { _ in value(depth + 1) })
            default:
                .map(
                    Dictionary(
                        (0..<Int.random(in: 0...5, using: &random)).map { _ in (text(), value(depth + 1)) },
                        uniquingKeysWith: { $1 }))
            }
        }
        for _ in 0..<500 {
            let value = value(0)
            try Self.expectSame(value)
        }
    }

    /// SplitMix64, the same in every run.
    private struct Draws: RandomNumberGenerator {
        var state: UInt64 = 4

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
            return value ^ value >> 31
        }
    }

    private struct Odd: Encodable {
        enum Key: String, CodingKey { case outer, inner, same }
        let way: Int

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            switch way {
            case 0:
                var nested = container.nestedContainer(keyedBy: Key.self, forKey: .outer)
                try nested.encode(1, forKey: .inner)
            case 1:
                var nested = container.nestedUnkeyedContainer(forKey: .outer)
                try nested.encode(1)
                try nested.encode("two")
            case 2:
                try container.encode(1, forKey: .same)
                try container.encode(2, forKey: .same)
            case 3: try [1, 2].encode(to: container.superEncoder(forKey: .outer))
            default:
                try container.encode(1, forKey: .outer)
                var again = encoder.container(keyedBy: Key.self)
                try again.encode(2, forKey: .inner)
            }
        }
    }

    @Test("is left to Foundation where containers are nested by hand or keys come twice", arguments: 0...4)
    func leavesTheRest(_ way: Int) throws {
        try Self.expectSame(Odd(way: way))
        try Self.expectSame([Odd(way: way), Odd(way: way)])
    }

    @Test("has no word for what is no number")
    func refusesNaN() {
        #expect(throws: EncodingError.self) { try JSON.encode([Double.nan]) }
        #expect(throws: EncodingError.self) { try JSON.encode(Float.infinity) }
    }
}
