import SupportDiagnostics

/// A question as it is evaluated: nodes in arrays that name each other by index, fields by their slots.
struct Program: Sendable {
    enum Ordering: Sendable, Hashable { case equal, notEqual, greater, less, greaterOrEqual, lessOrEqual }

    /// What is true or false.
    enum TestNode: Sendable, Hashable {
        case and(Int, Int)
        case or(Int, Int)
        case xor(Int, Int)
        case not(Int)
        case present(slot: Int)
        /// Something is there: a field in certain layers.
        case nonEmpty(value: Int)
        /// A slice that is not empty, a calculation that is not zero.
        case nonZero(value: Int)
        /// A field against constants: the common case, without any copying.
        case fieldIs(Ordering, all: Bool, slot: Int, constants: Int)
        case compare(Ordering, all: Bool, Int, Int)
        case member(all: Bool, Int, constants: Int, elements: [Element])
        case contains(all: Bool, Int, Int)
        case matches(all: Bool, Int, pattern: Int)
    }

    /// What has values.
    enum ValueNode: Sendable, Hashable {
        case field(slot: Int)
        /// The occurrences of a field in certain layers.
        case layer(slot: Int, [SliceRange])
        case constants(Int)
        case call(QuestionFunction, arguments: [Int])
        case slice(Int, [SliceRange])
        case arithmetic(Arithmetic, Int, Int)
        case negative(Int)
    }

    /// A value of a set that is no constant, or a range one end of which is none.
    struct Element: Sendable, Hashable {
        let lower: Int
        let upper: Int?
    }

    var tests: [TestNode] = []
    var values: [ValueNode] = []
    /// Several matchers stand for one operand: a set, or a reference with several values.
    var constants: [[Matcher]] = []
    var patterns: [Pattern] = []
    var root = 0

    var compact: Program {
        var program = self
        program.tests = tests.compact
        program.values = values.compact
        program.constants = constants.compact
        return program
    }

    mutating func add(_ test: TestNode) -> Int {
        tests.append(test)
        return tests.count - 1
    }

    mutating func add(_ value: ValueNode) -> Int {
        values.append(value)
        return values.count - 1
    }

    mutating func addConstants(_ matchers: [Matcher]) -> Int {
        constants.append(matchers)
        return constants.count - 1
    }
}

/// The functions of the language.
package enum QuestionFunction: String, Sendable, Hashable, CaseIterable {
    case upper, lower, len, count, string, max, min, abs
}
