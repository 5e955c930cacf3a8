/// The ways in which a question can hold: an `or` of `and`s.
struct NormalForm {
    /// Beyond this many ways nothing is said.
    private static let most = 256
    private let program: Program
    /// The atom of each relation, by its place in `Program.tests`; nil for what joins relations.
    let atoms: [Atom?]

    init(_ compiled: CompiledQuestion) {
        let reader = AtomReader(compiled)
        program = compiled.program
        atoms = program.tests.indices.map { test in
            switch compiled.program.tests[test] {
            case .and, .or, .xor, .not: nil
            default: reader.atom(test)
            }
        }
    }

    /// Nil where there are too many.
    func ways(holding holds: Bool = true) -> [[SignedAtom]]? { ways(program.root, holds) }

    static func both(_ left: [[SignedAtom]], _ right: [[SignedAtom]]) -> [[SignedAtom]]? {
        guard left.count * right.count <= most else { return nil }
        return left.flatMap { one in right.map { one + $0 } }
    }

    private func ways(_ test: Int, _ holds: Bool) -> [[SignedAtom]]? {
        switch program.tests[test] {
        case .not(let inner): return ways(inner, !holds)
        case .and(let left, let right): return join(left, holds, right, holds, all: holds)
        case .or(let left, let right): return join(left, holds, right, holds, all: !holds)
        case .xor(let left, let right):
            guard let first = join(left, true, right, !holds, all: true),
                let second = join(left, false, right, holds, all: true)
            else { return nil }
            return first.count + second.count <= Self.most ? first + second : nil
        default: return atoms[test].map { [[SignedAtom(atom: $0, holds: holds, test: test)]] }
        }
    }

    private func join(
        _ left: Int, _ leftHolds: Bool, _ right: Int, _ rightHolds: Bool, all: Bool
    ) -> [[SignedAtom]]? {
        guard let one = ways(left, leftHolds), let other = ways(right, rightHolds) else { return nil }
        if all { return Self.both(one, other) }
        return one.count + other.count <= Self.most ? one + other : nil
    }
}
