import Wire

/// What echo requests carry: a mark that nobody can guess, then a pattern.
///
/// The mark takes the first eight bytes where there are at least sixteen. It is drawn from the run's secret, the target and the
/// number, so that a reply which was not made from our request is known, and damage is told from forgery.
package struct EchoPayload: Sendable, Hashable {
    package let secret: UInt64
    /// In bytes.
    package let size: Int
    /// Repeated behind the mark; empty: the bytes count up, as the classic tool's do.
    package let pattern: [UInt8]
    /// Whether requests of one run differ in size, so that the size of a reply tells nothing.
    package var sizeVaries = false

    package init(secret: UInt64, size: Int, pattern: [UInt8] = []) {
        self.secret = secret
        self.size = size
        self.pattern = pattern
    }

    private static let markLength = 8
    /// As many wrong bits in a mark may be damage; guessing one that well takes billions of tries.
    private static let damagedBits = 8

    private var isMarked: Bool { size >= 16 }

    private func mark(_ target: IPAddress, _ number: UInt16) -> UInt64 {
        var state = secret ^ UInt64(number)
        switch target {
        case .v4(let address): state = EchoPayload.mixed(state &+ UInt64(address.rawValue))
        case .v6(let address): state = EchoPayload.mixed(EchoPayload.mixed(state &+ address.high) &+ address.low)
        }
        return EchoPayload.mixed(state)
    }

    /// The finalizer of SplitMix64.
    static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    package func bytes(to target: IPAddress, number: UInt16) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: max(0, size)) { bytes, count in
            count = max(0, size)
            var index = 0
            if isMarked {
                let mark = mark(target, number)
                while index < EchoPayload.markLength {
                    bytes[index] = UInt8(truncatingIfNeeded: mark >> UInt64(56 - 8 * index))
                    index += 1
                }
            }
            while index < count {
                bytes[index] =
                    pattern.isEmpty ? UInt8(truncatingIfNeeded: index) : pattern[index % pattern.count]
                index += 1
            }
        }
    }

    /// The same for a probe of a flow: the two bytes behind the mark make the ICMP checksum the flow's own, whatever the sequence
    /// number is (Augustin et al., "Avoiding traceroute anomalies with Paris traceroute", 2006). Too short payloads stay as they are.
    package func bytes(to target: IPAddress, number: UInt16, flow: UInt16?) -> [UInt8] {
        var bytes = bytes(to: target, number: number)
        guard let flow, bytes.count >= 16 else { return bytes }
        bytes[EchoPayload.markLength] = 0
        bytes[EchoPayload.markLength + 1] = 0
        var sum = InternetChecksum()
        sum.add(bytes)
        sum.add([UInt8(number >> 8), UInt8(number & 0xFF)])
        // One's complement: what is missing to the flow's sum.
        let rest = UInt32(sum.value) + UInt32(flow)
        let balance = UInt16(truncatingIfNeeded: rest & 0xFFFF &+ rest >> 16)
        bytes[EchoPayload.markLength] = UInt8(balance >> 8)
        bytes[EchoPayload.markLength + 1] = UInt8(balance & 0xFF)
        return bytes
    }

    /// The mark of a payload, by which a probe is known that has neither port nor sequence number of its own; nil when too short.
    package static func mark(of payload: some Collection<UInt8>) -> UInt64? {
        guard payload.count >= markLength else { return nil }
        return payload.prefix(markLength).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Holds the payload of a reply against what was sent.
    package func verdict(
        on reply: UnsafeRawBufferPointer, from target: IPAddress, number: UInt16
    ) -> ProbeObservation.Integrity {
        let expected = sizeVaries ? EchoPayload(secret: secret, size: reply.count, pattern: pattern) : self
        var sent = expected.bytes(to: target, number: number)
        if sizeVaries, reply.count >= 16 {
            // The flow's two bytes are the prober's to choose.
            sent[EchoPayload.markLength] = reply[EchoPayload.markLength]
            sent[EchoPayload.markLength + 1] = reply[EchoPayload.markLength + 1]
        }
        if reply.count == sent.count, reply.elementsEqual(sent) { return .intact }
        guard isMarked, reply.count >= EchoPayload.markLength else { return .damaged }
        return wrongBits(reply, mark(target, number)) > EchoPayload.damagedBits ? .forged : .damaged
    }

    /// Whether what a report quotes of a payload, as far as it does, is ours; routers may quote as little as nothing.
    package func mayBeQuoted(_ quote: UnsafeRawBufferPointer, to target: IPAddress, number: UInt16) -> Bool {
        guard isMarked, quote.count >= EchoPayload.markLength else { return true }
        return wrongBits(quote, mark(target, number)) <= EchoPayload.damagedBits
    }

    /// Whether a report certainly quotes what was sent to `target`: the mark is there, and right.
    package func isQuoted(_ quote: UnsafeRawBufferPointer, to target: IPAddress, number: UInt16) -> Bool {
        isMarked && quote.count >= EchoPayload.markLength && wrongBits(quote, mark(target, number)) == 0
    }

    private func wrongBits(_ bytes: UnsafeRawBufferPointer, _ mark: UInt64) -> Int {
        (bytes.loadUnaligned(as: UInt64.self).bigEndian ^ mark).nonzeroBitCount
    }
}
