import Wire

/// An input as the octets of a connection's two sides, in pieces: each piece has a byte in front, of which the highest bit is
/// the side and the rest the length. A length of 0 is a hole, of as many octets as the byte behind it says.
struct Dialogue {
    enum Piece {
        case octets(UnsafeRawBufferPointer, HTTPSide)
        case hole(Int, HTTPSide)
    }

    /// Hands over one piece after the other; what is lent is valid during the call.
    static func read(_ input: some Collection<UInt8>, _ body: (Piece) -> Void) {
        Array(input).withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let head = bytes[offset]
                let side: HTTPSide = head & 0x80 == 0 ? .client : .server
                let length = Int(head & 0x7F)
                offset += 1
                if length == 0 {
                    let hole = offset < bytes.count ? Int(bytes[offset]) : 1
                    offset += 1
                    body(.hole(max(1, hole), side))
                } else {
                    let end = min(bytes.count, offset + length)
                    guard end > offset else { return }
                    body(.octets(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]), side))
                    offset = end
                }
            }
        }
    }
}
