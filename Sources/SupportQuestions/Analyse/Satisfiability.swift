/// Whether rows can satisfy atoms. Sound: "impossible" is said only where no row of the table can, whatever its values.
struct Satisfiability {
    let table: Table

    /// Of a conjunction: two relations (or one, twice) that no row satisfies together, or nil where some row may.
    func conflict(_ atoms: [SignedAtom]) -> (first: SignedAtom, second: SignedAtom)? {
        // What some of them exclude all of them exclude: most questions need no closer look.
        guard let last = atoms.last, isImpossible(atoms) else { return nil }
        for atom in atoms where isImpossible([atom]) { return (atom, atom) }
        for (index, second) in atoms.enumerated() {
            for first in atoms[..<index] where isImpossible([first, second]) { return (first, second) }
        }
        return (atoms[0], last)
    }

    func isImpossible(_ atoms: [SignedAtom]) -> Bool {
        for (index, atom) in atoms.enumerated() {
            switch atom.atom {
            case .present(let slot), .some(let slot, _), .every(let slot, _):
                if isFirst(slot, at: index, in: atoms), isImpossible(atoms, for: slot) { return true }
            case .opaque(let key, let needs):
                for other in atoms[..<index] where other.holds != atom.holds {
                    if case .opaque(key, _) = other.atom { return true }
                }
                for slot in needs where isFirst(slot, at: index, in: atoms) && isImpossible(atoms, for: slot) {
                    return true
                }
            }
        }
        return false
    }

    /// Whether no atom before this one is about the slot.
    private func isFirst(_ slot: Int, at index: Int, in atoms: [SignedAtom]) -> Bool {
        !atoms[..<index].contains { atom in
            switch atom.atom {
            case .present(slot), .some(slot, _), .every(slot, _): true
            case .opaque(_, let needs): needs.contains(slot)
            default: false
            }
        }
    }

    /// No value, no values, and no absence of the field satisfy what is asked of it.
    private func isImpossible(_ atoms: [SignedAtom], for slot: Int) -> Bool {
        var mustBePresent = table.fields[slot].isAlwaysThere
        var mustBeAbsent = false
        var isRestricted = false
        for atom in atoms {
            switch (atom.atom, atom.holds) {
            case (.present(slot), true): mustBePresent = true
            case (.present(slot), false): mustBeAbsent = true
            case (.some(slot, _), let holds):
                isRestricted = true
                mustBePresent = mustBePresent || holds
            case (.every(slot, _), let holds):
                isRestricted = true
                mustBePresent = mustBePresent || holds
            case (.opaque(_, let needs), true) where needs.contains(slot): mustBePresent = true
            default: break
            }
        }
        guard mustBePresent else { return false }
        return mustBeAbsent || (isRestricted && hasNoValue(atoms, for: slot))
    }

    /// The field is there, but none of its values satisfies what is asked of them.
    private func hasNoValue(_ atoms: [SignedAtom], for slot: Int) -> Bool {
        var allowed = table.domains[slot]
        var wanted: [ValueSet] = []
        func restrict(_ set: ValueSet) { allowed = allowed.intersection(set) ?? allowed }
        for atom in atoms {
            switch (atom.atom, atom.holds) {
            case (.some(slot, let set), true): wanted.append(set)
            case (.some(slot, let set), false): restrict(set.complement)
            case (.every(slot, let set), true): restrict(set)
            case (.every(slot, let set), false): wanted.append(set.complement)
            default: break
            }
        }
        if table.fields[slot].isSingle { wanted = [wanted.reduce(allowed) { $0.intersection($1) ?? $0 }] }
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
