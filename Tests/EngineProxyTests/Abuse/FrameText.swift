import Foundation

/// Frames of HTTP/2 as the files below `Fixtures/Abuse` write them: `HEADERS 05 1 @get 00*8`.
enum FrameText {
    static let types = [
        "DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE",
        "CONTINUATION",
    ]
    static let codes = [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED",
        "FRAME_SIZE_ERROR", "REFUSED_STREAM", "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM",
        "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ]

    /// A type by name or number, flags, a stream, and the payload: octets in hexadecimal, `XX*N` for N of the same, `<name:
    /// value|…>` for a field block, words with `@` for what the test knows.
    static func frame(_ text: String, _ words: [String: [UInt8]]) throws -> [UInt8] {
        let parts = text.split(separator: " ", maxSplits: 3).map(String.init)
        guard parts.count >= 3, let flags = UInt8(parts[1], radix: 16),
            let stream = UInt32(parts[2], radix: parts[2].count > 4 ? 16 : 10),
            let type = types.firstIndex(of: parts[0]).map({ UInt8($0) }) ?? UInt8(parts[0], radix: 16)
        else { throw AbuseCase.Malformed(description: text) }
        return FrameClient.frame(type, flags, stream, try payload(parts.count > 3 ? parts[3] : "", words))
    }

    private static func payload(_ text: String, _ words: [String: [UInt8]]) throws -> [UInt8] {
        var out: [UInt8] = []
        var rest = Substring(text)
        while let first = rest.first {
            if first == " " {
                rest = rest.dropFirst()
            } else if first == "<" {
                // Up to the last bracket: values may hold some.
                guard let end = rest.lastIndex(of: ">") else { throw AbuseCase.Malformed(description: text) }
                out += block(fields(String(rest[rest.index(after: rest.startIndex)..<end])))
                rest = rest[rest.index(after: end)...]
            } else {
                let token = String(rest.prefix { $0 != " " })
                rest = rest.dropFirst(token.count)
                out += try octets(token, words)
            }
        }
        return out
    }

    private static func octets(_ token: String, _ words: [String: [UInt8]]) throws -> [UInt8] {
        if token.hasPrefix("@") {
            guard let word = words[String(token.dropFirst())] else { throw AbuseCase.Malformed(description: token) }
            return word
        }
        let parts = token.split(separator: "*")
        let digits = Array(parts[0])
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard index + 1 < digits.count, let byte = UInt8(String(digits[index...(index + 1)]), radix: 16) else {
                throw AbuseCase.Malformed(description: token)
            }
            bytes.append(byte)
        }
        guard parts.count > 1 else { return bytes }
        guard let count = Int(parts[1]) else { throw AbuseCase.Malformed(description: token) }
        return Array(repeatElement(bytes, count: count).joined())
    }

    /// `name: value|name: value`
    static func fields(_ text: String) -> [(name: [UInt8], value: [UInt8])] {
        text.split(separator: "|").map { field(String($0)) }
    }

    static func field(_ text: String) -> (name: [UInt8], value: [UInt8]) {
        // A name may begin with a colon.
        let start = text.index(after: text.startIndex)
        let colon = text.hasPrefix(": ") ? text.startIndex : text[start...].range(of: ": ")?.lowerBound
        guard let colon else { return (AbuseCase.octets(text, [:]), []) }
        return (
            AbuseCase.octets(String(text[..<colon]), [:]),
            AbuseCase.octets(String(text[colon...].dropFirst(2)), [:])
        )
    }

    /// Literals that no table remembers, without Huffman code (RFC 7541, section 6.2.2).
    static func block(_ fields: [(name: [UInt8], value: [UInt8])]) -> [UInt8] {
        fields.flatMap { [0x00] + string($0.name) + string($0.value) }
    }

    private static func string(_ octets: [UInt8]) -> [UInt8] {
        guard octets.count >= 127 else { return [UInt8(octets.count)] + octets }
        var length: [UInt8] = [127]
        var rest = octets.count - 127
        while rest >= 128 {
            length.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return length + [UInt8(rest)] + octets
    }

    /// A field block as one HEADERS frame, and CONTINUATION frames where it is too large for that.
    static func headers(_ block: [UInt8], on stream: UInt32, ends: Bool) -> [UInt8] {
        var out: [UInt8] = []
        var start = 0
        repeat {
            let end = min(block.count, start + 16_384)
            let flags: UInt8 = (end == block.count ? 0x4 : 0) | (start == 0 && ends ? 0x1 : 0)
            out += FrameClient.frame(start == 0 ? 1 : 9, flags, stream, Array(block[start..<end]))
            start = end
        } while start < block.count
        return out
    }

    /// `connection PROTOCOL_ERROR`, `stream CANCEL`: the error that a frame tells of.
    static func told(_ frame: FrameClient.Frame) -> String? {
        guard let code = frame.errorCode else { return nil }
        let name = Int(code) < codes.count ? codes[Int(code)] : "\(code)"
        return (frame.type == 7 ? "connection " : "stream ") + name
    }
}
