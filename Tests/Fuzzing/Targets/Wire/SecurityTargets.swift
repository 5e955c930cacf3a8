import Wire

/// TLS records of both sides, with a key log of which the observer believes nothing that does not open a record.
struct TLSTarget: FuzzTarget {
    let name = "tls"
    let longestInput = 1_200
    let dictionary = [
        "\u{16}\u{3}\u{1}", "\u{16}\u{3}\u{3}", "\u{17}\u{3}\u{3}", "\u{14}\u{3}\u{3}\0\u{1}\u{1}",
        "\u{15}\u{3}\u{3}\0\u{2}",
        "\u{1}\0\0", "\u{2}\0\0", "\u{b}\0", "\0+\0\u{2}\u{3}\u{4}", "\u{13}\u{1}", "h2", "http/1.1",
    ]

    /// Secrets of the client random of 32 zeros.
    private static let keys: [UInt8] = {
        let labels = [
            "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
            "SERVER_TRAFFIC_SECRET_0", "CLIENT_EARLY_TRAFFIC_SECRET",
        ]
        let random = String(repeating: "0", count: 64)
        let lines = labels.map { "\($0) \(random) \(String(repeating: "1", count: 64))" }
        let master = "CLIENT_RANDOM \(random) \(String(repeating: "2", count: 96))"
        return Array((lines + [master]).joined(separator: "\n").utf8)
    }()

    func run(_ input: [UInt8]) {
        let observer = TLSObserver(context: TLSContext(keyLog: KeyLog(Self.keys)))
        Dialogue.read(input) { piece in
            switch piece {
            case .octets(let octets, let side): observer.receive(octets, from: side) { _, _ in }
            case .hole(let count, let side): observer.lose(count, from: side)
            }
        }
        for half in [observer.client, observer.server] {
            precondition(half.openedRecords >= 0 && half.closedRecords >= 0, "records are counted once")
        }
    }
}

/// Lines of a key log.
struct KeyLogTarget: FuzzTarget {
    let name = "keylog"
    let longestInput = 600
    let dictionary =
        ["CLIENT_RANDOM ", "SERVER_TRAFFIC_SECRET_0 ", "# ", "\r\n", "\n"]
        + [String(repeating: "0", count: 64), String(repeating: "a1", count: 48)]

    func run(_ input: [UInt8]) {
        var log = KeyLog()
        let half = input.count / 2
        log.read(Array(input[..<half]))
        log.read(Array(input[half...]))
        for problem in log.problems {
            precondition(problem.line > 0 && !problem.message.isEmpty, "a problem has a line and a text")
            let isClean = problem.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            precondition(isClean, "what is printed has no control characters")
        }
    }
}

/// Datagrams of a QUIC connection. An opened Initial is made of each datagram too, since no mutation finds a seal.
struct QUICTarget: FuzzTarget {
    let name = "quic"
    let longestInput = 1_500
    let dictionary = ["\u{c3}\0\0\0\u{1}", "\u{1}\0\0", "\0\0\0\u{1}", "\u{6}\0"]

    func run(_ input: [UInt8]) {
        let observer = QUICObserver(context: TLSContext(keyLog: KeyLog()))
        Dialogue.read(input) { piece in
            guard case .octets(let octets, let side) = piece else { return }
            _ = QUICHeader.looksLikeQUIC(octets)
            for length in [0, 8, 20] { _ = QUICHeader(short: octets, idLength: length) }
            observer.receive(octets, from: side) { _, _ in }
        }
        input.withUnsafeBytes { observer.receive($0, from: .client) { _, _ in } }
        observer.finish { _, _ in }
    }
}
