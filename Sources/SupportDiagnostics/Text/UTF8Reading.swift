/// Reads UTF-8 (RFC 3629) one scalar at a time and says where it is broken.
package enum UTF8Reading {
    /// The scalar that begins at an index and its length in bytes, or nil where no well-formed scalar begins.
    package static func scalar(in bytes: some RandomAccessCollection<UInt8>, at index: Int) -> (Unicode.Scalar, Int)? {
        func byte(_ distance: Int) -> UInt32? {
            guard index + distance < bytes.count, index >= 0 else { return nil }
            return UInt32(bytes[bytes.index(bytes.startIndex, offsetBy: index + distance)])
        }
        guard let first = byte(0) else { return nil }
        let length: Int
        var value: UInt32
        switch first {
        case 0..<0x80: return (Unicode.Scalar(UInt8(first)), 1)
        case 0xC2..<0xE0: (length, value) = (2, first & 0x1F)
        case 0xE0..<0xF0: (length, value) = (3, first & 0x0F)
        case 0xF0..<0xF5: (length, value) = (4, first & 0x07)
        default: return nil
        }
        for distance in 1..<length {
            guard let next = byte(distance), next & 0xC0 == 0x80 else { return nil }
            value = value << 6 | (next & 0x3F)
        }
        let least: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x1_0000
        guard value >= least, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }

    /// The offset of the first byte that is not part of a well-formed scalar, or nil where all is well.
    package static func firstBrokenOffset(in bytes: [UInt8]) -> Int? {
        var index = 0
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
            } else if let (_, length) = scalar(in: bytes, at: index) {
                index += length
            } else {
                return index
            }
        }
        return nil
    }
}
