/// Finds what looks like a reference in a text: `$name`, `${name}`, `{{name}}`.
enum NameScan {
    struct Found {
        let name: String
        /// In bytes of the text, with the signs around the name.
        let range: Range<Int>
        /// `$name`
        let isPlain: Bool
        /// Whether `$name` can stand in its place: what follows is no part of a name.
        let isSafe: Bool
    }

    /// - Parameter body: gets each name in the order of the text, and says whether to go on.
    static func visit(_ bytes: [UInt8], _ body: (Found) -> Bool) {
        var index = 0
        while index < bytes.count {
            let start = index
            index += 1
            switch bytes[start] {
            case UInt8(ascii: "$") where index < bytes.count && bytes[index] == UInt8(ascii: "{"):
                if let item = braced(bytes, start, open: 2, close: 1) {
                    guard body(item) else { return }
                    index = item.range.upperBound
                }
            case UInt8(ascii: "$"):
                var end = index
                while end < bytes.count, isName(bytes[end], first: end == index) { end += 1 }
                while end > index, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") {
                    end -= 1
                }
                guard end > index else { continue }
                let name = String(decoding: bytes[index..<min(end, index + Names.longest)], as: UTF8.self)
                guard body(Found(name: name, range: start..<end, isPlain: true, isSafe: true)) else { return }
                index = end
            case UInt8(ascii: "{") where index < bytes.count && bytes[index] == UInt8(ascii: "{"):
                if let item = braced(bytes, start, open: 2, close: 2) {
                    guard body(item) else { return }
                    index = item.range.upperBound
                }
            default: break
            }
        }
    }

    /// A name between braces, blanks around it allowed.
    private static func braced(_ bytes: [UInt8], _ start: Int, open: Int, close: Int) -> Found? {
        var lower = start + open
        while lower < bytes.count, bytes[lower] == 0x20 { lower += 1 }
        var upper = lower
        while upper < bytes.count, isName(bytes[upper], first: upper == lower) { upper += 1 }
        var end = upper
        while end < bytes.count, bytes[end] == 0x20 { end += 1 }
        guard upper > lower, end + close <= bytes.count,
            bytes[end..<(end + close)].allSatisfy({ $0 == UInt8(ascii: "}") })
        else { return nil }
        let next = end + close
        return Found(
            name: String(decoding: bytes[lower..<upper], as: UTF8.self), range: start..<next, isPlain: false,
            isSafe: next >= bytes.count || !isName(bytes[next], first: false) || bytes[next] == UInt8(ascii: "."))
    }

    private static func isName(_ byte: UInt8, first: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"): !first
        default: false
        }
    }
}
