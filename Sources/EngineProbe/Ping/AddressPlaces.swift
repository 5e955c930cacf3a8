import Wire

/// Places of addresses in a list, found by address: a hash table without generic code, whose set-up would take as long as
/// asking a hundred targets.
struct AddressPlaces: Sendable {
    private var addresses: [IPAddress] = []
    /// Places in ``addresses``, -1 where free; as many as a power of two, at most half of them taken.
    private var slots: [Int32]

    init(capacity: Int) {
        var size = 8
        while size < 2 * capacity { size *= 2 }
        slots = [Int32](repeating: -1, count: size)
    }

    /// The place of an address; it is put at the end when it is new.
    mutating func insert(_ address: IPAddress) -> Int {
        let slot = slot(address)
        if slots[slot] >= 0 { return Int(slots[slot]) }
        addresses.append(address)
        slots[slot] = Int32(addresses.count - 1)
        if 2 * addresses.count > slots.count { grow() }
        return addresses.count - 1
    }

    subscript(address: IPAddress) -> Int? {
        let place = slots[slot(address)]
        return place < 0 ? nil : Int(place)
    }

    /// Where an address is, or would be.
    private func slot(_ address: IPAddress) -> Int {
        let mask = slots.count - 1
        var slot = AddressPlaces.hash(address) & mask
        while slots[slot] >= 0, addresses[Int(slots[slot])] != address { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = [Int32](repeating: -1, count: 2 * slots.count)
        for (place, address) in addresses.enumerated() { slots[slot(address)] = Int32(place) }
    }

    private static func hash(_ address: IPAddress) -> Int {
        let value: UInt64 =
            switch address {
            case .v4(let address): UInt64(address.rawValue)
            case .v6(let address): EchoPayload.mixed(address.high) &+ address.low
            }
        return Int(truncatingIfNeeded: EchoPayload.mixed(value) >> 1)
    }
}
