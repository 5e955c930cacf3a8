/// Puts one direction of a TCP connection back in order (RFC 9293), from segments as a capture holds them: reordered,
/// repeated, overlapping, or lost.
///
/// Bytes that continue the stream are handed straight through; only those that are ahead of a hole are kept, up to
/// `mostPendingBytes`. Of overlapping copies the first wins, as in Wireshark.
package struct TCPReassembly {
    private struct Pending {
        let sequence: UInt32
        let bytes: [UInt8]
    }

    /// The sequence number of the byte that comes next; nil until a segment was seen.
    package private(set) var next: UInt32?
    /// Bytes that wait behind a hole.
    package private(set) var pendingBytes = 0
    private var pending: [Pending] = []
    package let mostPendingBytes: Int

    package init(mostPendingBytes: Int = 4 << 20) { self.mostPendingBytes = mostPendingBytes }

    /// A SYN was seen: the stream begins behind it. A repeated SYN changes nothing.
    package mutating func begin(synSequence: UInt32) {
        if next == nil { next = synSequence &+ 1 }
    }

    /// Whether something waits behind a hole.
    package var hasHole: Bool { !pending.isEmpty }

    /// Whether the hole is beyond hope once the peer has acknowledged bytes behind it: it got them, the capture did not.
    package func isHoleAcknowledged(by acknowledgment: UInt32) -> Bool {
        guard let first = pending.first else { return false }
        return Int32(bitPattern: acknowledgment &- first.sequence) > 0
    }

    /// Whether more waits than is worth keeping.
    package var isOverfull: Bool { pendingBytes > mostPendingBytes }

    /// Takes one segment and gives the part of it that continues the stream, or nil where nothing does.
    /// After a part was given, `takeReady` gives what it made continuous.
    package mutating func accept(sequence: UInt32, payload: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard !payload.isEmpty else { return nil }
        guard let expected = next else {
            next = sequence &+ UInt32(truncatingIfNeeded: payload.count)
            return payload
        }
        let ahead = Int(Int32(bitPattern: sequence &- expected))
        if ahead > 0 {
            keep(sequence: sequence, ahead: ahead, payload)
            return nil
        }
        let known = -ahead
        guard known < payload.count else { return nil }
        next = sequence &+ UInt32(truncatingIfNeeded: payload.count)
        return known == 0 ? payload : UnsafeRawBufferPointer(rebasing: payload[known...])
    }

    /// Bytes that waited and now continue the stream; call until nil.
    package mutating func takeReady() -> [UInt8]? {
        while let first = pending.first, let expected = next {
            let known = Int(Int32(bitPattern: expected &- first.sequence))
            guard known >= 0 else { return nil }
            pending.removeFirst()
            pendingBytes -= first.bytes.count
            guard known < first.bytes.count else { continue }
            next = first.sequence &+ UInt32(truncatingIfNeeded: first.bytes.count)
            return known == 0 ? first.bytes : Array(first.bytes[known...])
        }
        return nil
    }

    /// Gives up the first hole and moves behind it; the number of bytes lost. Nil where there is no hole.
    package mutating func skipHole() -> Int? {
        guard let first = pending.first, let expected = next else { return nil }
        next = first.sequence
        return Int(first.sequence &- expected)
    }

    private mutating func keep(sequence: UInt32, ahead: Int, _ payload: UnsafeRawBufferPointer) {
        guard let expected = next else { return }
        var low = 0
        var high = pending.count
        while low < high {
            let middle = (low + high) / 2
            if Int(Int32(bitPattern: pending[middle].sequence &- expected)) <= ahead {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low > 0, pending[low - 1].sequence == sequence, pending[low - 1].bytes.count >= payload.count { return }
        pending.insert(Pending(sequence: sequence, bytes: Array(payload)), at: low)
        pendingBytes += payload.count
    }
}
