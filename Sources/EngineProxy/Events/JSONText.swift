/// JSON written straight into bytes (RFC 8259), for what is written too often to go through `Encodable`.
///
/// Keys are constants of ours and are written as they are. Values are escaped so that a line stays one line and holds no
/// control characters.
struct JSONText {
    private(set) var bytes: [UInt8]
    private var isFirst = true

    /// Goes on after `bytes`, which the caller hands over.
    init(after bytes: consuming [UInt8] = []) { self.bytes = bytes }

    /// Writes an object, or one as the member `key` of the object that is being written.
    mutating func object(_ key: StaticString? = nil, _ members: (inout JSONText) -> Void) {
        nest(key, UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    /// Writes the member `key`, an array of objects.
    mutating func objects<Element>(
        _ key: StaticString, _ elements: [Element], _ members: (inout JSONText, Element) -> Void
    ) {
        nest(key, UInt8(ascii: "["), UInt8(ascii: "]")) { array in
            for element in elements { array.object { members(&$0, element) } }
        }
    }

    /// Writes the member `key`, an array of texts.
    mutating func texts(_ key: StaticString, _ elements: [String]) {
        nest(key, UInt8(ascii: "["), UInt8(ascii: "]")) { array in
            for element in elements {
                array.separate()
                Self.append(element, to: &array.bytes)
            }
        }
    }

    mutating func text(_ key: StaticString, _ value: String) {
        begin(key)
        Self.append(value, to: &bytes)
    }

    /// Nothing is written of what is not there.
    mutating func text(_ key: StaticString, _ value: String?) {
        if let value { text(key, value) }
    }

    mutating func number(_ key: StaticString, _ value: some FixedWidthInteger) {
        begin(key)
        Self.append(value, to: &bytes)
    }

    mutating func number(_ key: StaticString, _ value: (some FixedWidthInteger)?) {
        if let value { number(key, value) }
    }

    mutating func flag(_ key: StaticString, _ value: Bool) {
        begin(key)
        bytes += (value ? "true" : "false").utf8
    }

    mutating func base64(_ key: StaticString, _ value: Base64Bytes) {
        begin(key)
        bytes.append(UInt8(ascii: "\""))
        Base64Bytes.append(value.bytes, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func nest(
        _ key: StaticString?, _ opening: UInt8, _ closing: UInt8, _ content: (inout JSONText) -> Void
    ) {
        if let key { begin(key) } else { separate() }
        bytes.append(opening)
        isFirst = true
        content(&self)
        bytes.append(closing)
        isFirst = false
    }

    private mutating func separate() {
        if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func begin(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes += $0 }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    /// A JSON string; control characters are escaped, the rest stays UTF-8.
    static func append(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var done = 0
            for (index, byte) in utf8.enumerated() where needsEscape(byte) {
                out += utf8[done..<index]
                escape(byte, to: &out)
                done = index + 1
            }
            out += utf8[done...]
        }
        out.append(UInt8(ascii: "\""))
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == 0x7F
    }

    private static func escape(_ byte: UInt8, to out: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            out.append(UInt8(ascii: "\\"))
            out.append(byte)
        case 0x0A: out += "\\n".utf8
        case 0x0D: out += "\\r".utf8
        case 0x09: out += "\\t".utf8
        default: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
        }
    }

    private static func append(_ number: some FixedWidthInteger, to out: inout [UInt8]) {
        if number < 0 { out.append(UInt8(ascii: "-")) }
        var rest = UInt64(truncatingIfNeeded: number.magnitude)
        let start = out.count
        repeat {
            out.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        out[start...].reverse()
    }
}
