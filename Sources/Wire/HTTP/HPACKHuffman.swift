/// The Huffman code of HPACK (RFC 7541 §5.2, Appendix B), decoded eight bits at a time.
///
/// The code is canonical: lengths in order, and within one length symbols in order. So the lengths below are the whole
/// code, and a longer code is found by comparing with the first code of each length.
struct HPACKHuffman: Sendable {
    enum Failure: Error { case endOfString, padding }

    static let code = HPACKHuffman()

    /// For the next eight bits: `symbol << 8 | length` of a code that they begin with; 0 when it is longer.
    private var short = [UInt32](repeating: 0, count: 256)
    /// Per length of more than 8 bits: codes below `end`, aligned to 32 bits, have it.
    private var long: [(length: UInt32, first: UInt32, end: UInt64, symbols: Int)] = []
    private var symbols: [UInt16]

    private init() {
        let lengths = Self.lengths
        symbols = (0..<257).sorted { (lengths[$0], $0) < (lengths[$1], $1) }.map { UInt16($0) }
        var code: UInt64 = 0
        var index = 0
        for length in UInt64(5)...30 {
            let count = lengths.count { $0 == length }
            let aligned = code << (32 - length)
            if length <= 8 {
                for offset in 0..<count {
                    let entry = UInt32(symbols[index + offset]) << 8 | UInt32(length)
                    let first = Int((code + UInt64(offset)) << (8 - length))
                    for slot in first..<first + 1 << Int(8 - length) { short[slot] = entry }
                }
            } else if count > 0 {
                long.append((UInt32(length), UInt32(aligned), (code + UInt64(count)) << (32 - length), index))
            }
            index += count
            code = (code + UInt64(count)) << 1
        }
    }

    /// Appends what the octets spell; throws when they hold the end symbol or end in anything but a few 1 bits.
    func decode(_ input: UnsafeRawBufferPointer, into output: inout [UInt8]) throws(Failure) {
        var window: UInt64 = 0
        var bits: UInt32 = 0
        var next = 0
        while true {
            while bits <= 32, next < input.count {
                window |= UInt64(input[next]) << UInt64(56 - bits)
                bits += 8
                next += 1
            }
            if bits < 5 { break }
            let (symbol, length) = symbol(at: UInt32(truncatingIfNeeded: window >> 32))
            if length > bits { break }
            guard symbol < 256 else { throw .endOfString }
            output.append(UInt8(truncatingIfNeeded: symbol))
            window <<= UInt64(length)
            bits -= length
        }
        let ones = ~UInt64(0) << UInt64(64 - bits)
        guard bits < 8, window & ones == ones || bits == 0 else { throw .padding }
    }

    @inline(__always)
    private func symbol(at window: UInt32) -> (symbol: UInt32, length: UInt32) {
        let entry = short[Int(window >> 24)]
        if entry != 0 { return (entry >> 8, entry & 0xff) }
        for group in long where UInt64(window) < group.end {
            return (UInt32(symbols[group.symbols + Int((window - group.first) >> (32 - group.length))]), group.length)
        }
        return (256, 30)
    }

    /// The length in bits of the code of each octet, and of the end symbol.
    private static let lengths: [UInt64] = [
        13, 23, 28, 28, 28, 28, 28, 28, 28, 24, 30, 28, 28, 30, 28, 28, 28, 28, 28, 28, 28, 28, 30, 28,
        28, 28, 28, 28, 28, 28, 28, 28, 6, 10, 10, 12, 13, 6, 8, 11, 10, 10, 8, 11, 8, 6, 6, 6,
        5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 7, 8, 15, 6, 12, 10, 13, 6, 7, 7, 7, 7, 7, 7,
        7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 8, 7, 8, 13, 19, 13, 14, 6,
        15, 5, 6, 5, 6, 5, 6, 6, 6, 5, 7, 7, 6, 6, 6, 5, 6, 7, 6, 5, 5, 6, 7, 7,
        7, 7, 7, 15, 11, 14, 13, 28, 20, 22, 20, 20, 22, 22, 22, 23, 22, 23, 23, 23, 23, 23, 24, 23,
        24, 24, 22, 23, 24, 23, 23, 23, 23, 21, 22, 23, 22, 23, 23, 24, 22, 21, 20, 22, 22, 23, 23, 21,
        23, 22, 22, 24, 21, 22, 23, 23, 21, 21, 22, 21, 23, 22, 23, 23, 20, 22, 22, 22, 23, 22, 22, 23,
        26, 26, 20, 19, 22, 23, 22, 25, 26, 26, 26, 27, 27, 26, 24, 25, 19, 21, 26, 27, 27, 26, 27, 24,
        21, 21, 26, 26, 28, 27, 27, 27, 20, 24, 20, 21, 22, 21, 21, 23, 22, 22, 25, 25, 24, 24, 26, 23,
        26, 27, 26, 26, 27, 27, 27, 27, 27, 28, 27, 27, 27, 27, 27, 26, 30,
    ]
}
