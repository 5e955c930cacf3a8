/// Puts one direction of a QUIC stream, or of the handshake, in order by its offsets (RFC 9000, section 2.2).
///
/// Bytes that continue the stream are handed straight through; only those ahead of a hole are kept, up to
/// `mostPendingBytes`. Of overlapping copies the first wins.
package struct QUICStreamAssembler {
    private struct Pending {
        var offset: UInt64
        var bytes: [UInt8]
    }

    /// Offset of the byte that comes next.
    package private(set) var next: UInt64 = 0
    package private(set) var finalSize: UInt64?
    package private(set) var pendingBytes = 0
    private var pending: [Pending] = []
    package let mostPendingBytes: Int

    package init(mostPendingBytes: Int = 4 << 20) { self.mostPendingBytes = mostPendingBytes }

    package var isFinished: Bool { finalSize.map { next >= $0 } ?? false }
    package var hasHole: Bool { !pending.isEmpty }
    package var isOverfull: Bool { pendingBytes > mostPendingBytes }

    package mutating func end(at size: UInt64) { if finalSize == nil { finalSize = size } }

    /// Takes the bytes of one frame and gives the part that continues the stream, or nil where nothing does. After a part
    /// was given, `takeReady` gives what it made continuous.
    package mutating func accept(offset: UInt64, _ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard !bytes.isEmpty, offset < 1 << 62 else { return nil }
        if offset > next {
            keep(offset, bytes)
            return nil
        }
        let known = next - offset
        guard known < UInt64(bytes.count) else { return nil }
        next = offset + UInt64(bytes.count)
        return known == 0 ? bytes : UnsafeRawBufferPointer(rebasing: bytes[Int(known)...])
    }

    /// Bytes that waited and now continue the stream; call until nil.
    package mutating func takeReady() -> [UInt8]? {
        while let first = pending.first, first.offset <= next {
            pending.removeFirst()
            pendingBytes -= first.bytes.count
            let known = next - first.offset
            guard known < UInt64(first.bytes.count) else { continue }
            next = first.offset + UInt64(first.bytes.count)
            return known == 0 ? first.bytes : Array(first.bytes[Int(known)...])
        }
        return nil
    }

    /// Gives up the first hole and moves behind it; the number of bytes lost. Nil where there is no hole.
    package mutating func skipHole() -> Int? {
        guard let first = pending.first, first.offset > next else { return nil }
        let lost = first.offset - next
        next = first.offset
        return Int(clamping: lost)
    }

    private mutating func keep(_ offset: UInt64, _ bytes: UnsafeRawBufferPointer) {
        var low = 0
        var high = pending.count
        while low < high {
            let middle = (low + high) / 2
            if pending[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        if low > 0, pending[low - 1].offset == offset, pending[low - 1].bytes.count >= bytes.count { return }
        pending.insert(Pending(offset: offset, bytes: Array(bytes)), at: low)
        pendingBytes += bytes.count
    }
}
