/// One line of a table: the values that were recorded, in the order in which they occurred. A field may occur several
/// times (`ip.src` of a tunnelled packet) or not at all.
package struct Row: Sendable, Hashable {
    package struct Item: Sendable, Hashable {
        package let slot: Int
        package let value: FieldValue
        /// Which of several protocols of a kind the value belongs to, outermost first, from 1: `ip.src#2`.
        package let layer: Int
    }

    package private(set) var items: [Item]

    package init() { items = [] }

    /// Makes room for as many values.
    package mutating func reserve(_ count: Int) { items.reserveCapacity(count) }

    package mutating func append(_ value: FieldValue, at slot: Int, layer: Int = 1) {
        items.append(Item(slot: slot, value: value, layer: layer))
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
