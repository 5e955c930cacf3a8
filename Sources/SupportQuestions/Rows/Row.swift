/// One line of a table: the values that were recorded, in the order in which they occurred. A field may occur several
/// times (`ip.src` of a tunnelled packet) or not at all.
package struct Row: Sendable, Hashable {
    package struct Item: Sendable, Hashable {
        package let slot: Int
        package let value: FieldValue
    }

    package private(set) var items: [Item]

    package init() { items = [] }

    package mutating func append(_ value: FieldValue, at slot: Int) {
        items.append(Item(slot: slot, value: value))
    }

    package mutating func removeAll(keepingCapacity: Bool) { items.removeAll(keepingCapacity: keepingCapacity) }

    /// Every occurrence of a field, in order.
    package func values(at slot: Int) -> [FieldValue] {
        items.compactMap { $0.slot == slot ? $0.value : nil }
    }

    /// The first occurrence of a field.
    package func first(at slot: Int) -> FieldValue? {
        items.first { $0.slot == slot }?.value
    }
}
