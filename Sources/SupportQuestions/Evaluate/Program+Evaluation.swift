extension Program {
    func holds(_ row: Row) -> Bool { holds(root, row) }

    func holds(_ index: Int, _ row: Row) -> Bool {
        switch tests[index] {
        case .and(let left, let right): holds(left, row) && holds(right, row)
        case .or(let left, let right): holds(left, row) || holds(right, row)
        case .xor(let left, let right): holds(left, row) != holds(right, row)
        case .not(let inner): !holds(inner, row)
        case .present(let slot): row.has(slot)
        case .nonEmpty(let value): !self.values(of: value, row).isEmpty
        case .nonZero(let value): self.values(of: value, row).contains { $0.isNonZero }
        case .fieldIs(let ordering, let all, let slot, let constants):
            compare(ordering, all: all, slot: slot, with: self.constants[constants], row)
        case .compare(let ordering, let all, let left, let right):
            compare(ordering, all: all, matchers(of: left, row), matchers(of: right, row))
        case .member(let all, let value, let constants, let elements):
            member(all, self.values(of: value, row), self.constants[constants], elements, row)
        case .contains(let all, let left, let right):
            every(all, self.values(of: left, row), self.values(of: right, row)) { $0.contains($1) }
        case .matches(let all, let value, let pattern):
            every(all, self.values(of: value, row), [FieldValue.label]) { subject, _ in
                subject.matches(patterns[pattern])
            }
        }
    }

    // MARK: Relations

    /// Any pair or all pairs; without a pair the relation does not hold.
    private func every<Right>(
        _ all: Bool, _ left: [FieldValue], _ right: [Right], _ holds: (FieldValue, Right) -> Bool
    ) -> Bool {
        guard !left.isEmpty, !right.isEmpty else { return false }
        for value in left {
            for other in right where holds(value, other) != all { return !all }
        }
        return all
    }

    private func member(
        _ all: Bool, _ values: [FieldValue], _ set: [Matcher], _ elements: [Element], _ row: Row
    ) -> Bool {
        guard !values.isEmpty else { return false }
        let isInside = { (value: FieldValue) in
            set.contains { $0.order(of: value) == .equal } || elements.contains { lies(value, in: $0, row) }
        }
        return all ? values.allSatisfy(isInside) : values.contains(where: isInside)
    }

    private func lies(_ value: FieldValue, in element: Element, _ row: Row) -> Bool {
        let lower = matchers(of: element.lower, row)
        guard let upper = element.upper else { return lower.contains { $0.order(of: value) == .equal } }
        return lower.contains { Ordering.greaterOrEqual.accepts($0.order(of: value)) }
            && matchers(of: upper, row).contains { Ordering.lessOrEqual.accepts($0.order(of: value)) }
    }

    private func compare(
        _ ordering: Ordering, all: Bool, slot: Int, with constants: [Matcher], _ row: Row
    ) -> Bool {
        var seen = false
        for item in row.items where item.slot == slot {
            for constant in constants {
                seen = true
                if ordering.accepts(constant.order(of: item.value)) != all { return !all }
            }
        }
        return seen && all
    }

    private func compare(_ ordering: Ordering, all: Bool, _ left: [Matcher], _ right: [Matcher]) -> Bool {
        guard !left.isEmpty, !right.isEmpty else { return false }
        for one in left {
            for other in right {
                let order: Order? =
                    if case .value(let value) = one {
                        other.order(of: value)
                    } else if case .value(let value) = other {
                        one.order(of: value)?.reversed
                    } else {
                        nil
                    }
                if ordering.accepts(order) != all { return !all }
            }
        }
        return all
    }

    // MARK: Values

    private func matchers(of index: Int, _ row: Row) -> [Matcher] {
        if case .constants(let constants) = values[index] { return self.constants[constants] }
        return values(of: index, row).map { .value($0) }
    }

    func values(of index: Int, _ row: Row) -> [FieldValue] {
        switch values[index] {
        case .field(let slot): row.values(at: slot)
        case .layer(let slot, let ranges): row.values(at: slot, in: ranges)
        case .constants(let constants):
            self.constants[constants].compactMap { if case .value(let value) = $0 { value } else { nil } }
        case .slice(let value, let ranges): values(of: value, row).compactMap { $0.slice(ranges) }
        case .negative(let value): values(of: value, row).compactMap { Arithmetic.subtract.apply(.signed(0), $0) }
        case .arithmetic(let operation, let left, let right):
            values(of: left, row).flatMap { one in
                values(of: right, row).compactMap { operation.apply(one, $0) }
            }
        case .call(let function, let arguments): function.apply(arguments.map { values(of: $0, row) })
        }
    }
}

extension Program.Ordering {
    @inline(__always)
    func accepts(_ order: Order?) -> Bool {
        guard let order else { return false }
        return switch self {
        case .equal: order == .equal
        case .notEqual: order != .equal
        case .greater: order == .greater
        case .less: order == .less
        case .greaterOrEqual: order == .greater || order == .equal
        case .lessOrEqual: order == .less || order == .equal
        }
    }
}

extension Order {
    var reversed: Order {
        switch self {
        case .less: .greater
        case .greater: .less
        case .equal, .different: self
        }
    }
}

extension Row {
    /// The occurrences in certain layers; a layer below zero counts from the innermost that has the field.
    func values(at slot: Int, in ranges: [SliceRange]) -> [FieldValue] {
        let innermost = items.reduce(0) { $1.slot == slot ? max($0, $1.layer) : $0 }
        return items.compactMap { item in
            item.slot == slot && ranges.contains { $0.holds(layer: item.layer, of: innermost) } ? item.value : nil
        }
    }

    func has(_ slot: Int) -> Bool { items.contains { $0.slot == slot } }
}
