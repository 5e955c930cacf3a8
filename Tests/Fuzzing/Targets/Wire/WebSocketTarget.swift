import Wire

/// Both sides of a WebSocket connection in pieces; the first byte says how they compress. What comes in pieces must read as
/// what comes whole.
struct WebSocketTarget: FuzzTarget {
    let name = "websocket"
    let longestInput = 600
    let dictionary = [
        "\u{81}\u{5}Hello", "\u{81}\u{85}7\u{FA}!=", "\u{82}\u{7E}\u{1}\0", "\u{82}\u{7F}\0\0\0\0\0\u{1}\0\0",
        "\u{1}\u{3}", "\u{80}\u{2}", "\u{89}\0", "\u{8A}\u{80}", "\u{88}\u{2}\u{3}\u{E8}", "\u{C1}\u{7}",
        "\u{F2}H\u{CD}\u{C9}\u{C9}\u{7}\0", "\u{F2}\0\u{11}\0\0", "\u{F3}H\u{CD}\u{C9}\u{C9}\u{7}\0\0",
    ]
    private static let limit = 10_000

    func run(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let compression =
            first & 1 == 0
            ? nil : WebSocketCompression(clientTakesOver: first & 2 != 0, serverTakesOver: first & 4 != 0)
        for side in [HTTPSide.client, .server] {
            var pieces = Reading(side, compression, Self.limit)
            var whole: [UInt8] = []
            Dialogue.read(input.dropFirst()) { piece in
                guard case .octets(let octets, side) = piece else { return }
                pieces.read(octets)
                whole += octets
            }
            var once = Reading(side, compression, Self.limit)
            whole.withUnsafeBytes { once.read($0) }
            precondition(once.events == pieces.events, "pieces make no difference")
            // What came out of a damaged message before the damage was seen depends on how much was taken at once.
            let (short, long) =
                once.content.count < pieces.content.count
                ? (once.content, pieces.content) : (pieces.content, once.content)
            precondition(
                short == long || once.hasFailed && long.starts(with: short), "pieces make no difference to content")
            precondition(once.reader.isAmidMessage == pieces.reader.isAmidMessage)
            precondition(once.events.count <= whole.count * 3 + 3, "events have an end")
        }
    }

    private struct Reading {
        var reader: WebSocketReader
        var events: [String] = []
        var content: [UInt8] = []
        private(set) var hasFailed = false
        private var isCompressed = false
        private var grown = 0

        init(_ side: HTTPSide, _ compression: WebSocketCompression?, _ limit: Int) {
            reader = WebSocketReader(from: side, compression: compression, limit: limit)
        }

        mutating func read(_ octets: UnsafeRawBufferPointer) {
            var (events, content, isCompressed, grown) = (self.events, self.content, self.isCompressed, self.grown)
            var hasFailed = hasFailed
            reader.read(octets) { event in
                switch event {
                case .content(let part):
                    content += part
                    grown += part.count
                    precondition(!isCompressed || grown <= WebSocketTarget.limit, "no more comes out than was allowed")
                    return
                case .began(_, let compressed):
                    isCompressed = compressed
                    grown = 0
                    events.append("\(event)")
                case .failed(let failure):
                    hasFailed = true
                    precondition(!failure.sentence.isEmpty)
                    events.append("\(failure)")
                default: events.append("\(event)")
                }
            }
            (self.events, self.content, self.isCompressed, self.grown) = (events, content, isCompressed, grown)
            self.hasFailed = hasFailed
        }
    }
}
