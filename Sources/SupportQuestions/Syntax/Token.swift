/// One token of a question, with its place in the question's UTF-8.
struct Token: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case leftParenthesis, rightParenthesis, leftBrace, rightBrace, leftBracket, rightBracket
        case comma, dotDot
        case and, or, xor, not, any, all
        case comparison(Comparison)
        case `in`, contains, matches
        case arithmetic(Arithmetic)
        /// A field, a literal without quotes, or the name of a function.
        case word(String)
        case string([UInt8])
        case character(UInt8)
        /// `$name.part`, without the dollar.
        case reference(String)
        /// `[0:2]` behind a value.
        case slice([SliceRange])
        /// `#2` or `#[1-2]`.
        case layer([SliceRange])
        case end
    }

    let kind: Kind
    let range: Range<Int>
}

/// The relations between two values, with Wireshark's rule for fields that occur several times.
package enum Comparison: Sendable, Hashable {
    case anyEqual, allEqual, anyNotEqual, allNotEqual
    case greater, less, greaterOrEqual, lessOrEqual

    var spelling: String {
        switch self {
        case .anyEqual: "=="
        case .allEqual: "==="
        case .anyNotEqual: "!=="
        case .allNotEqual: "!="
        case .greater: ">"
        case .less: "<"
        case .greaterOrEqual: ">="
        case .lessOrEqual: "<="
        }
    }
}

enum Arithmetic: String, Sendable, Hashable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
    case bitAnd = "&"
}

/// One part of `[0:2,4-5]`. Offsets below zero count from the end.
struct SliceRange: Sendable, Hashable {
    var start: Int
    /// Where the part ends.
    enum Extent: Sendable, Hashable { case length(Int), last(Int), toEnd }
    var extent: Extent

    /// Whether a layer lies in the part, layers being counted from 1.
    func holds(layer: Int, of innermost: Int) -> Bool {
        let place = { (number: Int) in number < 0 ? innermost + 1 + number : number }
        switch extent {
        case .length(let length): return layer >= place(start) && layer < place(start) + length
        case .last(let last): return (min(place(start), place(last))...max(place(start), place(last))).contains(layer)
        case .toEnd: return layer >= place(start)
        }
    }

    /// The part of something that has `count` elements, or nil where it lies outside.
    func bounds(count: Int) -> Range<Int>? {
        let lower = start < 0 ? count &+ start : start
        guard lower >= 0, lower <= count else { return nil }
        switch extent {
        case .toEnd: return lower..<count
        case .length(let length):
            guard length >= 0, length <= count - lower else { return nil }
            return lower..<(lower + length)
        case .last(let last):
            let upper = last < 0 ? count &+ last : last
            guard upper >= lower, upper < count else { return nil }
            return lower..<(upper + 1)
        }
    }
}
