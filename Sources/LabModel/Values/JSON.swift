import FoundationEssentials

/// JSON as every file of a run holds it: keys sorted, slashes plain, so that equal values give equal bytes.
package enum JSON {
    package static func encode(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        if !pretty, let text = try JSONText.of(value) { return text }
        return try encodeByFoundation(value, pretty: pretty)
    }

    /// The reference: what ``encode(_:pretty:)`` writes is the same, byte for byte.
    package static func encodeByFoundation(_ value: some Encodable, pretty: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted] : [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(value))
    }

    package static func decode<T: Decodable>(_ type: T.Type, from bytes: some Collection<UInt8>) throws -> T {
        try JSONDecoder().decode(type, from: Data(bytes))
    }
}
