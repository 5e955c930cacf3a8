import LabModel
import Testing

@Suite("Ranges of addresses")
struct AddressPrefixTests {
    @Test("the whole of IPv6 is one, and holds every other", arguments: ["::/0", "2001:db8::/32", "2001:db8::1/128"])
    func whole(text: String) throws {
        let all = try #require(AddressPrefix("::/0"))
        let other = try #require(AddressPrefix(text))
        #expect(all.contains(other))
        #expect(other.contains(all) == (text == "::/0"))
        #expect(all.host(number: 0) == "::1")
        #expect(all.host(number: .max) != nil)
    }

    @Test("of IPv4, the first and the last address are no host's; a range of two has none")
    func hosts() throws {
        let small = try #require(AddressPrefix("192.0.2.0/30"))
        #expect((0...2).map { small.host(number: $0) } == ["192.0.2.1", "192.0.2.2", "192.0.2.1"])
        #expect(AddressPrefix("192.0.2.0/31")?.host(number: 0) == nil)
        #expect(AddressPrefix("0.0.0.0/0")?.host(number: 0) == "0.0.0.1")
    }
}
