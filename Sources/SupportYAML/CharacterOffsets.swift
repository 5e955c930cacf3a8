/// Turns libyaml's positions, which count characters, into byte offsets.
struct CharacterOffsets {
    /// The offset of the first byte that libyaml is given.
    let first: Int
    private let bytes: [UInt8]
    private let isASCII: Bool
    /// The byte offset of every 256th character.
    private var checkpoints: [Int] = []

    private static let stride = 256

    init(_ bytes: [UInt8], from first: Int) {
        self.bytes = bytes
        self.first = first
        isASCII = bytes[first...].allSatisfy { $0 < 0x80 }
        guard !isASCII else { return }
        var count = 0
        for offset in first..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
            if count % Self.stride == 0 { checkpoints.append(offset) }
            count += 1
        }
    }

    func byteOffset(ofCharacter index: Int) -> Int {
        guard !isASCII else { return min(first + index, bytes.count) }
        let block = index / Self.stride
        guard block < checkpoints.count else { return bytes.count }
        var offset = checkpoints[block]
        var rest = index % Self.stride
        while rest > 0, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            rest -= 1
        }
        return offset
    }
}
