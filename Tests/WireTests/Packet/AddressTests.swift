import Testing
import Wire

@Suite("Addresses are read strictly and written canonically")
struct AddressTests {
    @Test(
        "IPv4 takes four plain decimal numbers",
        arguments: [
            ("0.0.0.0", UInt32(0)), ("192.0.2.1", 0xC000_0201), ("255.255.255.255", 0xFFFF_FFFF),
        ])
    func version4(text: String, value: UInt32) {
        #expect(IPv4Address(text)?.rawValue == value)
        #expect(IPv4Address(rawValue: value).description == text)
    }

    @Test(
        "IPv4 takes nothing else",
        arguments: [
            "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1..2.3", "1.2.3.-4",
            "0x1.2.3.4",
            "1.2.3.4/8", "٣.2.3.4", "1.2.3.99999999999999999999",
        ])
    func notVersion4(text: String) { #expect(IPv4Address(text) == nil) }

    @Test(
        "IPv6 is written as RFC 5952 asks",
        arguments: [
            ("2001:0db8:0000:0000:0000:0000:0002:0001", "2001:db8::2:1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("::", "::"),
            ("0:0:0:0:0:0:0:1", "::1"), ("2001:DB8::A", "2001:db8::a"), ("1::", "1::"),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.1"),
            ("::ffff:c000:201", "::ffff:192.0.2.1"), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
            ("::1.2.3.4", "::102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ])
    func version6(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical) == address)
        #expect(IPAddress(bytes: address.bytes) == .v6(address))
    }

    @Test(
        "IPv6 takes nothing else",
        arguments: [
            "", ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "::1%eth0", "[::1]",
            "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::ffff:1.2.3.04", " ::1", "1:::2",
        ])
    func notVersion6(text: String) { #expect(IPv6Address(text) == nil) }

    @Test("every random IPv6 address survives its text")
    func roundTrip() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<5000 {
            var address = IPv6Address(high: generator.next(), low: generator.next())
            // Sparse addresses have the runs of zeros that abbreviation is about.
            address.high &= generator.next() & generator.next() & generator.next() & generator.next()
            address.low &= generator.next() & generator.next() & generator.next() & generator.next()
            #expect(IPv6Address(address.description) == address)
        }
    }

    @Test("prefixes contain their block and nothing else")
    func prefixes() throws {
        let block = try #require(IPPrefix("198.18.0.0/15"))
        #expect(block.contains(.v4(IPv4Address(198, 19, 255, 255))))
        #expect(!block.contains(.v4(IPv4Address(198, 20, 0, 0))))
        #expect(!block.contains(.v6(.loopback)))
        #expect(try #require(IPPrefix("0.0.0.0/0")).contains(.v4(.broadcast)))
        #expect(try #require(IPPrefix("::/0")).contains(.v6(.loopback)))
        let wide = try #require(IPPrefix("2001:db8:8000::/33"))
        #expect(wide.contains(try #require(IPAddress("2001:db8:ffff::1"))))
        #expect(!wide.contains(try #require(IPAddress("2001:db8:7fff::1"))))
        let narrow = try #require(IPPrefix("2001:db8::ff00/120"))
        #expect(narrow.contains(try #require(IPAddress("2001:db8::ff7f"))))
        #expect(!narrow.contains(try #require(IPAddress("2001:db8::fe7f"))))
        #expect(try #require(InterfaceAddress("192.0.2.10/24")).prefix.description == "192.0.2.0/24")
    }

    @Test(
        "prefixes with bits below their length, or a length that is none, are refused",
        arguments: [
            "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0", "192.0.2.0/+8", "192.0.2.0/08", "::1/64",
            "::/129", "/8",
        ])
    func notPrefixes(text: String) { #expect(IPPrefix(text) == nil) }

    @Test("hardware addresses are six pairs")
    func hardware() throws {
        let address = try #require(MACAddress("02:6c:61:62:00:FF"))
        #expect(address.description == "02:6c:61:62:00:ff")
        #expect(!address.isGroup)
        #expect(MACAddress(group: .allNodes).description == "33:33:00:00:00:01")
        for text in [
            "02:6c:61:62:00", "02:6c:61:62:00:f", "02-6c-61-62-00-ff", "02:6c:61:62:00:+1", "02:6c:61:62:00:fg",
        ] {
            #expect(MACAddress(text) == nil)
        }
    }

    @Test("reverse names are those of the DNS")
    func reverse() throws {
        #expect(IPv4Address(192, 0, 2, 1).reverseName == "1.2.0.192.in-addr.arpa")
        let name = try #require(IPv6Address("2001:db8::567:89ab")).reverseName
        #expect(name == "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
        let node = try #require(IPv6Address("2001:db8::12:3456:789a"))
        #expect(node.solicitedNode.description == "ff02::1:ff56:789a")
    }
}

/// SplitMix64, so that what failed can be run again.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
