/// Replaces secrets wherever they are about to be written or shown.
///
/// A mask names its secret, so that a question about a secret holds on masked evidence exactly where it held on what was
/// really there.
package struct Redaction: Sendable, Hashable {
    private struct Secret: Sendable, Hashable {
        var bytes: [UInt8]
        var mask: [UInt8]
    }

    /// Longest first: one secret may be part of another.
    private let secrets: [Secret]

    package static let none = Redaction([:])

    /// What stands in the place of a secret.
    package static func mask(_ name: String) -> String { "•••\(name)•••" }

    /// - Parameter values: secrets by name. Each is sought as it is and as URLs, JSON and Base64 write it.
    package init(_ values: [String: String]) {
        var secrets: [Secret] = []
        for (name, value) in values where !value.isEmpty && value != Self.mask(name) {
            for form in Set(Self.forms(of: Array(value.utf8))) {
                secrets.append(Secret(bytes: form, mask: Array(Self.mask(name).utf8)))
            }
        }
        self.secrets = secrets.sorted { left, right in
            left.bytes.count == right.bytes.count
                ? left.bytes.lexicographicallyPrecedes(right.bytes) : left.bytes.count > right.bytes.count
        }
    }

    package var isEmpty: Bool { secrets.isEmpty }

    /// Packets and the secrets that open them cannot be changed without becoming something else: they hold what was sent.
    package static func isKeptAsItIs(_ path: String) -> Bool {
        path.hasSuffix(".pcapng") || path.hasSuffix(".pcap")
    }

    package func text(_ text: String) -> String {
        guard !isEmpty else { return text }
        let bytes = Array(text.utf8)
        let masked = self.bytes(bytes)
        return masked == bytes ? text : String(decoding: masked, as: UTF8.self)
    }

    /// Linear in the bytes for each form of each secret.
    package func bytes(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for secret in secrets { bytes = Self.replace(secret, in: bytes) }
        return bytes
    }

    package func value(_ value: Value) -> Value {
        guard !isEmpty else { return value }
        switch value {
        case .null, .bool, .int, .double: return text(value.text) == value.text ? value : .string(text(value.text))
        case .string(let string): return .string(text(string))
        case .list(let list): return .list(list.map(self.value))
        case .map(let map):
            return .map(
                Dictionary(map.map { (text($0.key), self.value($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }

    /// The same record with every text in it masked.
    package func record<Record: Codable>(_ record: Record) throws -> Record {
        guard !isEmpty else { return record }
        let plain = try JSON.decode(Value.self, from: try JSON.encode(record))
        return try JSON.decode(Record.self, from: try JSON.encode(texts(plain)))
    }

    /// Masks texts only: numbers of a record have types of their own.
    private func texts(_ value: Value) -> Value {
        switch value {
        case .null, .bool, .int, .double: value
        case .string(let string): .string(text(string))
        case .list(let list): .list(list.map(texts))
        case .map(let map): .map(map.mapValues(texts))
        }
    }

    private static func replace(_ secret: Secret, in bytes: [UInt8]) -> [UInt8] {
        guard let first = secret.bytes.first, bytes.count >= secret.bytes.count else { return bytes }
        var result: [UInt8]?
        var taken = 0
        var index = 0
        let last = bytes.count - secret.bytes.count
        while index <= last {
            guard bytes[index] == first, bytes[index..<(index + secret.bytes.count)].elementsEqual(secret.bytes) else {
                index += 1
                continue
            }
            var masked = result ?? []
            masked += bytes[taken..<index] + secret.mask
            result = masked
            index += secret.bytes.count
            taken = index
        }
        guard let result else { return bytes }
        return result + bytes[taken...]
    }

    private static func forms(of bytes: [UInt8]) -> [[UInt8]] {
        [bytes, percent(bytes), json(bytes), base64(bytes)]
    }

    private static func percent(_ bytes: [UInt8]) -> [UInt8] {
        bytes.flatMap { byte -> [UInt8] in
            let isPlain = Names.isAlphanumeric(byte) || [0x2D, 0x2E, 0x5F, 0x7E].contains(byte)
            guard !isPlain else { return [byte] }
            return [0x25] + Array(Hex.string([byte]).uppercased().utf8)
        }
    }

    private static func json(_ bytes: [UInt8]) -> [UInt8] {
        let encoded = (try? JSON.encode(String(decoding: bytes, as: UTF8.self))) ?? []
        return encoded.count > 2 ? Array(encoded.dropFirst().dropLast()) : bytes
    }

    private static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            var bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            var group: [UInt8] = []
            for position in 0..<4 {
                group.insert(position < 3 - part.count ? UInt8(ascii: "=") : digits[bits & 63], at: 0)
                bits >>= 6
            }
            result += group
        }
        return result
    }
}
