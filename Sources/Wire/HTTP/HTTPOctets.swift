import Glibc

extension UnsafeRawBufferPointer {
    /// The first place of an octet at or after `start`, by memchr.
    func firstIndex(of octet: UInt8, from start: Int) -> Int? {
        guard start < count, let base = baseAddress,
            let found = memchr(base + start, Int32(octet), count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Takes up to `most` octets off the front.
    mutating func take(_ most: Int) -> UnsafeRawBufferPointer {
        let part = UnsafeRawBufferPointer(rebasing: prefix(most))
        self = UnsafeRawBufferPointer(rebasing: dropFirst(part.count))
        return part
    }
}
