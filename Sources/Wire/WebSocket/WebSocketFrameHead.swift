/// The 2 to 14 octets in front of a frame's payload (RFC 6455 §5.2), taken octet by octet.
struct WebSocketFrameHead {
    private var octets: (UInt64, UInt64) = (0, 0)
    private var count = 0
    private var wanted = 2
    private(set) var length: UInt64 = 0
    private(set) var mask: UInt32?

    var hasBegun: Bool { count > 0 }
    private var first: UInt8 { octet(0) }

    var isFinal: Bool { first & 0x80 != 0 }
    var hasReservedBit1: Bool { first & 0x40 != 0 }
    var hasOtherReservedBits: Bool { first & 0x30 != 0 }
    var opcodeNumber: UInt8 { first & 0x0F }
    var opcode: WebSocketOpcode? { WebSocketOpcode(rawValue: opcodeNumber) }
    var isMasked: Bool { octet(1) & 0x80 != 0 }

    private func octet(_ index: Int) -> UInt8 {
        let word = index < 8 ? octets.0 : octets.1
        return UInt8(truncatingIfNeeded: word >> (UInt64(7 - index & 7) * 8))
    }

    private mutating func append(_ octet: UInt8) {
        let shift = UInt64(7 - count & 7) * 8
        if count < 8 { octets.0 |= UInt64(octet) << shift } else { octets.1 |= UInt64(octet) << shift }
        count += 1
    }

    /// False while octets are missing.
    mutating func read(_ input: inout UnsafeRawBufferPointer) throws(WebSocketFailure) -> Bool {
        while count < wanted {
            guard let octet = input.first else { return false }
            _ = input.take(1)
            append(octet)
            guard count == 2 else { continue }
            let extended =
                switch octet & 0x7F {
                case 126: 2
                case 127: 8
                default: 0
                }
            wanted = 2 + extended + (isMasked ? 4 : 0)
        }
        let short = octet(1) & 0x7F
        switch short {
        case 126:
            length = number(2, 2)
            guard length > 125 else { throw .length }
        case 127:
            length = number(2, 8)
            guard length > 0xFFFF, length >> 63 == 0 else { throw .length }
        default: length = UInt64(short)
        }
        if isMasked { mask = UInt32(truncatingIfNeeded: number(wanted - 4, 4)) }
        return true
    }

    private func number(_ start: Int, _ count: Int) -> UInt64 {
        (start..<(start + count)).reduce(0) { $0 << 8 | UInt64(octet($1)) }
    }
}

/// The mask that clients put on their payloads (RFC 6455 §5.3).
package enum WebSocketMask {
    /// Puts the mask on, or takes it off.
    ///
    /// - Parameters:
    ///   - key: in network order, as the frame has it.
    ///   - offset: octets of the payload before `source`, modulo 4.
    ///   - target: as long as `source` at least.
    package static func apply(
        _ key: UInt32, offset: Int, _ source: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer
    ) {
        let turn = UInt32(offset & 3) * 8
        let turned = turn == 0 ? key : key << turn | key >> (32 - turn)
        let word = (UInt64(turned) << 32 | UInt64(turned)).bigEndian
        var index = 0
        while index + 8 <= source.count {
            let value = source.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            target.storeBytes(of: value ^ word, toByteOffset: index, as: UInt64.self)
            index += 8
        }
        while index < source.count {
            target[index] = source[index] ^ UInt8(truncatingIfNeeded: turned >> (UInt32(3 - index & 3) * 8))
            index += 1
        }
    }
}
