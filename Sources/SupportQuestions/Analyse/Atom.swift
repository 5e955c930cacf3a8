/// A relation as the analysis sees it.
enum Atom: Sendable, Hashable {
    /// The field is there.
    case present(slot: Int)
    /// Some occurrence lies in the set.
    case some(slot: Int, ValueSet)
    /// The field is there, and all occurrences lie in the set.
    case every(slot: Int, ValueSet)
    /// Anything else, told apart by what it says; it holds only where these fields are there.
    case opaque(String, needs: Set<Int>)
}

/// An atom that must hold, or must not.
struct SignedAtom: Sendable, Hashable {
    let atom: Atom
    let holds: Bool
    /// The relation's place in `Program.tests`.
    let test: Int
}

/// Reads the relations of a program as atoms.
struct AtomReader {
    let table: Table
    let program: Program
    /// Constants that another run may fill with other values: nothing is concluded from them.
    let open: Set<Int>
    /// What only this question says: equal texts mean the same.
    private let own: String

    init(_ compiled: CompiledQuestion) {
        table = compiled.table
        program = compiled.program
        open = compiled.openConstants
        own = " in " + compiled.question.text
    }

    func atom(_ test: Int) -> Atom {
        switch program.tests[test] {
        case .present(let slot): return .present(slot: slot)
        case .fieldIs(let ordering, let all, let slot, let constants):
            return set(ordering, all: all, slot: slot, constants).map {
                all ? .every(slot: slot, $0) : .some(slot: slot, $0)
            } ?? opaque(test)
        case .member(let all, let value, let constants, let elements):
            guard case .field(let slot) = program.values[value], elements.isEmpty,
                let set = set(.equal, all: false, slot: slot, constants)
            else { return opaque(test) }
            return all ? .every(slot: slot, set) : .some(slot: slot, set)
        default: return opaque(test)
        }
    }

    /// The values for which the comparison with one (or, for `all`, with every one) of the constants holds.
    private func set(_ ordering: Program.Ordering, all: Bool, slot: Int, _ constants: Int) -> ValueSet? {
        let matchers = program.constants[constants]
        let type = table.fields[slot].type
        guard !open.contains(constants), !matchers.isEmpty else { return nil }
        var result: ValueSet?
        for matcher in matchers {
            guard let one = type.isCounted ? counted(ordering, matcher) : named(ordering, matcher, type) else {
                return nil
            }
            guard let before = result else {
                result = one
                continue
            }
            result = all ? before.intersection(one) : before.union(one)
            if result == nil { return nil }
        }
        return result
    }

    private func counted(_ ordering: Program.Ordering, _ matcher: Matcher) -> ValueSet? {
        guard let places = matcher.places else { return nil }
        let below = places.lowerBound == .min ? nil : Int128.min...(places.lowerBound - 1)
        let above = places.upperBound == .max ? nil : (places.upperBound + 1)...Int128.max
        let parts: [ClosedRange<Int128>?] =
            switch ordering {
            case .equal: [places]
            case .notEqual: [below, above]
            case .greater: [above]
            case .less: [below]
            case .greaterOrEqual: [places, above]
            case .lessOrEqual: [below, places]
            }
        return .intervals(Intervals(parts.compactMap { $0 }))
    }

    private func named(_ ordering: Program.Ordering, _ matcher: Matcher, _ type: FieldType) -> ValueSet? {
        guard ordering == .equal || ordering == .notEqual, case .value(let value) = matcher, value.type == type,
            let name = value.exactName
        else { return nil }
        return .names([name], isComplement: ordering == .notEqual)
    }

    // MARK: Relations that are only told apart

    private func opaque(_ test: Int) -> Atom {
        switch program.tests[test] {
        case .nonEmpty(let value): .opaque("there " + key(value), needs: needs(value))
        case .nonZero(let value): .opaque("nonzero " + key(value), needs: needs(value))
        case .fieldIs(let ordering, let all, let slot, let constants):
            .opaque("\(ordering) \(all) f\(slot) " + key(constants: constants), needs: [slot])
        case .compare(let ordering, let all, let left, let right):
            .opaque("\(ordering) \(all) " + key(left) + " " + key(right), needs: needs(left).union(needs(right)))
        case .member(let all, let value, let constants, let elements):
            .opaque(
                "in \(all) " + key(value) + key(constants: constants) + elements.map { key($0) }.joined(separator: ","),
                needs: needs(value))
        case .contains(let all, let left, let right):
            .opaque("contains \(all) " + key(left) + " " + key(right), needs: needs(left).union(needs(right)))
        case .matches(let all, let value, let pattern):
            .opaque("matches \(all) " + key(value) + " p\(pattern)" + own, needs: needs(value))
        case .present, .and, .or, .xor, .not: .opaque("t\(test)" + own, needs: [])
        }
    }

    private func key(_ element: Program.Element) -> String {
        let upper = element.upper.map { key($0) } ?? ""
        return key(element.lower) + ".." + upper
    }

    private func key(_ value: Int) -> String {
        switch program.values[value] {
        case .field(let slot): "f\(slot)"
        case .layer(let slot, let ranges): "f\(slot)#" + Self.text(ranges)
        case .constants(let constants): key(constants: constants)
        case .call(let function, let arguments): "\(function)(" + arguments.map { key($0) }.joined(separator: ",") + ")"
        case .slice(let value, let ranges): key(value) + Self.text(ranges)
        case .arithmetic(let operation, let left, let right): "{\(key(left))\(operation)\(key(right))}"
        case .negative(let value): "-" + key(value)
        }
    }

    private static func text(_ ranges: [SliceRange]) -> String {
        "[" + ranges.map { "\($0.start):\($0.extent)" }.joined(separator: ",") + "]"
    }

    /// What is filled in later is never taken for the same.
    private func key(constants: Int) -> String {
        open.contains(constants) ? "open\(constants)" + own : "\(program.constants[constants].map(Self.exact))"
    }

    private static func exact(_ matcher: Matcher) -> String {
        switch matcher {
        case .value(let value): "\(value)"
        case .range(let lower, let upper): "\(lower)..\(upper)"
        case .network4(let base, let mask): "\(base)/\(mask)"
        case .network6(let base, let mask): "\(base)/\(mask)"
        }
    }

    /// The fields without which a value does not exist.
    private func needs(_ value: Int) -> Set<Int> {
        switch program.values[value] {
        case .field(let slot), .layer(let slot, _): [slot]
        case .constants: []
        case .call(let function, let arguments):
            // The extreme of several is there while one of them is.
            (function == .max || function == .min) && arguments.count > 1
                ? [] : arguments.reduce(into: []) { $0.formUnion(needs($1)) }
        case .slice(let value, _), .negative(let value): needs(value)
        case .arithmetic(_, let left, let right): needs(left).union(needs(right))
        }
    }
}
