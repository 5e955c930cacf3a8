/// The numbers and strings of HPACK (RFC 7541 §5), which QPACK (RFC 9204 §4.1) uses too.
enum HPACKPrimitives {
    /// RFC 7541 §5.1. Larger numbers than 2^28 mean nothing here.
    static func integer(
        _ rest: inout UnsafeRawBufferPointer, prefix: UInt8
    ) throws(HPACKDecoder.Failure) -> Int {
        guard let first = rest.first else { throw .truncated }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
        let mask = UInt8(truncatingIfNeeded: 1 << prefix - 1)
        var value = Int(first & mask)
        if value < Int(mask) { return value }
        for shift in stride(from: 0, through: 28, by: 7) {
            guard let octet = rest.first else { throw .truncated }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
            value += Int(octet & 0x7f) << shift
            if octet & 0x80 == 0 {
                guard value < 1 << 28 else { throw .integerTooLarge }
                return value
            }
        }
        throw .integerTooLarge
    }

    /// RFC 7541 §5.2; in QPACK a string may begin within a byte. The bit above the prefix says that it is Huffman-coded.
    static func string(
        _ rest: inout UnsafeRawBufferPointer, prefix: UInt8 = 7, into output: inout [UInt8]
    ) throws(HPACKDecoder.Failure) {
        guard let first = rest.first else { throw .truncated }
        let length = try integer(&rest, prefix: prefix)
        guard length <= rest.count else { throw .truncated }
        let octets = rest.take(length)
        guard first & (1 << prefix) != 0 else {
            output.append(contentsOf: octets)
            return
        }
        do { try HPACKHuffman.code.decode(octets, into: &output) } catch { throw .huffman }
    }
}
