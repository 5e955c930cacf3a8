/// Bytes in which a text is found whatever its case and the blanks and line breaks between its words.
struct TextSearch {
    private var folded: [UInt8] = []
    /// The place of each folded byte in the original.
    private var offsets: [Int] = []

    init(_ bytes: [UInt8]) {
        folded.reserveCapacity(bytes.count)
        offsets.reserveCapacity(bytes.count)
        for (offset, byte) in bytes.enumerated() {
            let plain = Self.fold(byte)
            if plain == 0x20, folded.last == 0x20 { continue }
            folded.append(plain)
            offsets.append(offset)
        }
    }

    /// Where a text begins and ends in the original, each time that it is found.
    func ranges(of text: String, whole: Bool) -> [Range<Int>] {
        let needle = Self.folded(text)
        guard !needle.isEmpty, needle.count <= folded.count else { return [] }
        var found: [Range<Int>] = []
        var start = 0
        while start + needle.count <= folded.count {
            guard let first = folded[start...].firstIndex(of: needle[0]), first + needle.count <= folded.count else {
                break
            }
            start = first + 1
            guard folded[first..<(first + needle.count)].elementsEqual(needle) else { continue }
            let end = first + needle.count
            if whole, isWordPart(at: first - 1) || isWordPart(at: end) { continue }
            found.append(offsets[first]..<(offsets[end - 1] + 1))
        }
        return found
    }

    private func isWordPart(at index: Int) -> Bool {
        guard folded.indices.contains(index) else { return false }
        let byte = folded[index]
        return byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func folded(_ text: String) -> [UInt8] {
        var folded: [UInt8] = []
        for byte in text.utf8.map(fold) where !(byte == 0x20 && (folded.isEmpty || folded.last == 0x20)) {
            folded.append(byte)
        }
        while folded.last == 0x20 { folded.removeLast() }
        return folded
    }

    private static func fold(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x09, 0x0A, 0x0D, 0x20: 0x20
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        default: byte
        }
    }
}
