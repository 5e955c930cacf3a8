/// Whether rows can satisfy atoms. Sound: "impossible" is said only where no row of the table can, whatever its values.
struct Satisfiability {
    let table: Table

    /// Of a conjunction: two relations (or one, twice) that no row satisfies together, or nil where some row may.
    func conflict(_ atoms: [SignedAtom]) -> (first: SignedAtom, second: SignedAtom)? {
        for atom in atoms where isImpossible([atom]) { return (atom, atom) }
        for (index, second) in atoms.enumerated() {
            for first in atoms[..<index] where isImpossible([first, second]) { return (first, second) }
        }
        guard let last = atoms.last, isImpossible(atoms) else { return nil }
        return (atoms[0], last)
    }

    private func isImpossible(_ atoms: [SignedAtom]) -> Bool {
        var opaque: [String: Bool] = [:]
        for atom in atoms {
            guard case .opaque(let key, _) = atom.atom else { continue }
            if let before = opaque.updateValue(atom.holds, forKey: key), before != atom.holds { return true }
        }
        let slots = Set(atoms.flatMap { Self.slots(of: $0.atom) })
        return slots.contains { isImpossible(atoms, for: $0) }
    }

    private static func slots(of atom: Atom) -> [Int] {
        switch atom {
        case .present(let slot), .some(let slot, _), .every(let slot, _): [slot]
        case .opaque(_, let needs): Array(needs)
        }
    }

    /// No value, no values, and no absence of the field satisfy what is asked of it.
    private func isImpossible(_ atoms: [SignedAtom], for slot: Int) -> Bool {
        let field = table.fields[slot]
        var mustBePresent = field.isAlwaysThere
        var mustBeAbsent = false
        var allowed = field.domain
        var wanted: [ValueSet] = []
        func restrict(_ set: ValueSet) { allowed = allowed.intersection(set) ?? allowed }
        for atom in atoms {
            switch (atom.atom, atom.holds) {
            case (.present(slot), let holds):
                if holds { mustBePresent = true } else { mustBeAbsent = true }
            case (.some(slot, let set), true):
                mustBePresent = true
                wanted.append(set)
            case (.some(slot, let set), false): restrict(set.complement)
            case (.every(slot, let set), true):
                mustBePresent = true
                restrict(set)
            case (.every(slot, let set), false): wanted.append(set.complement)
            case (.opaque(_, let needs), true) where needs.contains(slot): mustBePresent = true
            default: break
            }
        }
        if mustBePresent && mustBeAbsent { return true }
        guard mustBePresent else { return false }
        if field.isSingle { wanted = [wanted.reduce(allowed) { $0.intersection($1) ?? $0 }] }
        return allowed.isEmpty || wanted.contains { ($0.intersection(allowed) ?? allowed).isEmpty }
    }
}

extension Field {
    /// The values that rows can hold.
    var domain: ValueSet {
        if !choices.isEmpty, type == .string {
            return .names(Set(choices.compactMap { FieldValue.string($0).exactName }), isComplement: false)
        }
        switch type {
        case .boolean: return .intervals(Intervals([0...1]))
        case .unsigned:
            let most = bits >= 64 ? Int128(UInt64.max) : (Int128(1) << Int128(max(1, bits))) - 1
            let range = range.map { Int128($0.lowerBound)...Int128($0.upperBound) } ?? 0...most
            return .intervals(Intervals([range]))
        case .signed, .duration, .time: return .intervals(Intervals([Int128(Int64.min)...Int128(Int64.max)]))
        case .ipv4: return .intervals(Intervals([0...Int128(UInt32.max)]))
        case .ether: return .intervals(Intervals([0...0xFFFF_FFFF_FFFF]))
        case .ipv6: return .intervals(.all)
        case .label, .float, .string, .bytes, .list: return .names([], isComplement: true)
        }
    }
}
