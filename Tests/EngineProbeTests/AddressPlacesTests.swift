import Testing
import Wire

@testable import EngineProbe

@Suite("Places of addresses")
struct AddressPlacesTests {
    @Test("each address has the place that it was first given, however many there are")
    func places() throws {
        var places = AddressPlaces(capacity: 0)
        // Alike in their lower, or in their upper bits.
        let addresses: [IPAddress] =
            (0..<3000).map { .v4(IPv4Address(rawValue: $0 << 12)) }
            + (0..<3000).map { .v6(IPv6Address(high: 0x2001_0DB8 << 32, low: $0)) }
            + (1..<3000).map { .v6(IPv6Address(high: $0, low: 0)) }
        for (place, address) in addresses.enumerated() { #expect(places.insert(address) == place) }
        for (place, address) in addresses.enumerated().reversed() {
            #expect(places[address] == place)
            #expect(places.insert(address) == place)
        }
        #expect(places[.v4(.broadcast)] == nil)
        #expect(places[.v6(IPv6Address(high: 1 << 40, low: 1))] == nil)
    }

    @Test("an empty list has no places")
    func empty() { #expect(AddressPlaces(capacity: 0)[.v4(.any)] == nil) }
}
