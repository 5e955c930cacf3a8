/// Takes keys out of the bytes a terminal sends; sequences may be cut anywhere.
struct KeyReader {
    private var waiting: [UInt8] = []

    /// The keys in these bytes. With none, a lone escape that waited becomes the escape key.
    mutating func read(_ bytes: [UInt8]) -> [ProxyScreen.Key] {
        let isPause = bytes.isEmpty
        waiting += bytes
        var keys: [ProxyScreen.Key] = []
        while let first = waiting.first {
            guard first == 0x1B else {
                waiting.removeFirst()
                if let key = Self.key(first) { keys.append(key) }
                continue
            }
            guard waiting.count > 1 else {
                if !isPause { break }
                waiting.removeFirst()
                keys.append(.escape)
                continue
            }
            guard waiting[1] == UInt8(ascii: "[") || waiting[1] == UInt8(ascii: "O") else {
                waiting.removeFirst()
                keys.append(.escape)
                continue
            }
            guard let end = waiting.dropFirst(2).firstIndex(where: { $0 >= 0x40 && $0 <= 0x7E }) else {
                // Nobody presses a key as long as that.
                if isPause || waiting.count > 32 { waiting = [] }
                break
            }
            if let key = Self.sequence(Array(waiting[2...end])) { keys.append(key) }
            waiting.removeFirst(end + 1)
        }
        return keys
    }

    private static func key(_ byte: UInt8) -> ProxyScreen.Key? {
        switch byte {
        case 0x03: .interrupt
        case 0x0A, 0x0D: .enter
        case 0x20...0x7E: .character(Character(UnicodeScalar(byte)))
        default: nil
        }
    }

    private static func sequence(_ bytes: [UInt8]) -> ProxyScreen.Key? {
        switch String(decoding: bytes, as: UTF8.self) {
        case "A": .up
        case "B": .down
        case "H", "1~": .home
        case "F", "4~": .end
        case "5~": .pageUp
        case "6~": .pageDown
        default: nil
        }
    }
}
