import Testing
import Wire

@Suite("One direction of a TCP connection is put back in order")
struct TCPReassemblyTests {
    private static let message = (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

    /// Feeds segments of `message` and gives what comes out.
    private func run(_ ranges: [Range<Int>], base: UInt32, limit: Int = 1 << 20) -> (bytes: [UInt8], TCPReassembly) {
        var reassembly = TCPReassembly(mostPendingBytes: limit)
        reassembly.begin(synSequence: base &- 1)
        var out: [UInt8] = []
        for range in ranges {
            Array(Self.message[range]).withUnsafeBytes { payload in
                guard
                    let bytes = reassembly.accept(
                        sequence: base &+ UInt32(range.lowerBound), payload: payload)
                else { return }
                out += bytes
                while let more = reassembly.takeReady() { out += more }
            }
        }
        return (out, reassembly)
    }

    @Test(
        "any order, any overlap, across the end of the sequence space",
        arguments: [0 as UInt32, 77, 0xFFFF_FF00, 0x7FFF_FFF0])
    func anyOrder(base: UInt32) {
        var draws = SystemlessDraws(state: UInt64(base) + 1)
        for _ in 0..<200 {
            var ranges: [Range<Int>] = stride(from: 0, to: 2000, by: 100).map { $0..<min(2000, $0 + 100) }
            for _ in 0..<20 {
                let start = Int.random(in: 0..<1990, using: &draws)
                ranges.append(start..<Int.random(in: (start + 1)...min(2000, start + 300), using: &draws))
            }
            ranges.shuffle(using: &draws)
            let (bytes, reassembly) = run(ranges, base: base)
            #expect(bytes == Self.message)
            #expect(!reassembly.hasHole)
            #expect(reassembly.pendingBytes == 0)
            #expect(reassembly.next == base &+ 2000)
        }
    }

    @Test("a hole holds back what is behind it until it is given up")
    func hole() {
        var (bytes, reassembly) = run([0..<100, 200..<300, 400..<500], base: 10)
        #expect(bytes == Array(Self.message[..<100]))
        #expect(reassembly.pendingBytes == 200)
        #expect(!reassembly.isHoleAcknowledged(by: 10 + 200))
        #expect(reassembly.isHoleAcknowledged(by: 10 + 300))
        #expect(reassembly.skipHole() == 100)
        #expect(reassembly.takeReady() == Array(Self.message[200..<300]))
        #expect(reassembly.takeReady() == nil)
        #expect(reassembly.skipHole() == 100)
        #expect(reassembly.takeReady() == Array(Self.message[400..<500]))
        #expect(reassembly.skipHole() == nil)
    }

    @Test("a keep-alive byte and a repeated segment bring nothing")
    func repeated() {
        let (bytes, reassembly) = run([0..<100, 99..<100, 0..<100, 50..<100], base: 10)
        #expect(bytes == Array(Self.message[..<100]))
        #expect(!reassembly.hasHole)
    }

    @Test("too much behind a hole is told")
    func overfull() {
        let (_, reassembly) = run([0..<100, 200..<1900], base: 10, limit: 1000)
        #expect(reassembly.isOverfull)
    }
}

/// Deterministic draws (SplitMix64).
struct SystemlessDraws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
