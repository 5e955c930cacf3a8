/// A part of a question that is true or false, as it was written.
struct Test: Sendable, Hashable {
    indirect enum Kind: Sendable, Hashable {
        case and(Test, Test)
        case or(Test, Test)
        case xor(Test, Test)
        case not(Test)
        /// A bare field: it is there; a bare calculation: it is not zero.
        case presence(Operand)
        case relation(Quantifier?, Operand, Relation, Operand)
        case member(Quantifier?, Operand, negated: Bool, [SetElement])
        /// `in $step.column`
        case memberOfReference(Quantifier?, Operand, negated: Bool, Operand)
    }

    let kind: Kind
    let range: Range<Int>
}

enum Quantifier: Sendable, Hashable { case any, all }

enum Relation: Sendable, Hashable {
    case comparison(Comparison)
    case contains
    case matches

    var spelling: String {
        switch self {
        case .comparison(let comparison): comparison.spelling
        case .contains: "contains"
        case .matches: "matches"
        }
    }
}

/// A part of a question that has values, as it was written.
struct Operand: Sendable, Hashable {
    indirect enum Kind: Sendable, Hashable {
        /// A field or a literal without quotes: only the tables can tell.
        case word(String)
        case string([UInt8])
        case character(UInt8)
        case reference(String)
        case list([Operand])
        case call(String, nameRange: Range<Int>, [Operand])
        case slice(Operand, [SliceRange])
        case layer(Operand, [SliceRange])
        case arithmetic(Arithmetic, Operand, Operand)
        case negative(Operand)
    }

    let kind: Kind
    let range: Range<Int>
}

/// One element of `{80, 443, 8000..8999}`.
struct SetElement: Sendable, Hashable {
    let lower: Operand
    /// Nil where the element is one value.
    let upper: Operand?
}
