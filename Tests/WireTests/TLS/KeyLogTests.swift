import Testing
import Wire

@Suite("Key logs are read whatever wrote them")
struct KeyLogTests {
    private static let random = String(repeating: "ab", count: 32)
    private static let secret = String(repeating: "0f", count: 32)
    private static let master = String(repeating: "11", count: 48)

    private func read(_ text: String) -> KeyLog { KeyLog(Array(text.utf8)) }
    private var name: [UInt8] { [UInt8](repeating: 0xAB, count: 32) }

    @Test(
        "line ends, blanks, case, comments and the old prefix do not matter",
        arguments: [
            "SERVER_TRAFFIC_SECRET_0 \(random) \(secret)\n", "SERVER_TRAFFIC_SECRET_0 \(random) \(secret)",
            "SERVER_TRAFFIC_SECRET_0 \(random) \(secret)\r\n", "\t SERVER_TRAFFIC_SECRET_0  \(random)\t\(secret) \n",
            "# made by a test\n\nSERVER_TRAFFIC_SECRET_0 \(random.uppercased()) \(secret.uppercased())\n",
            "QUIC_SERVER_TRAFFIC_SECRET_0 \(random) \(secret)\n",
        ])
    func tolerant(text: String) {
        let log = read(text)
        #expect(log.secrets(.serverTraffic, clientRandom: name) == [[UInt8](repeating: 0x0F, count: 32)])
        #expect(log.problems.isEmpty)
        #expect(log.clientRandomCount == 1)
    }

    @Test(
        "what cannot be used is told with its line",
        arguments: [
            ("CLIENT_RANDOM \(random)\n", KeyLog.Problem.Reason.wordCount(2)),
            ("CLIENT_RANDOM \(random) \(secret)\n", .secretLength(hexDigits: 64)),
            ("CLIENT_RANDOM abcd \(master)\n", .clientRandomLength(hexDigits: 4)),
            ("CLIENT_TRAFFIC_SECRET_0 \(random) \(secret.replacing0)\n", .notHexadecimal),
            ("SOMETHING \(random) \(secret)\n", .unknownLabel("SOMETHING")),
            ("A\u{1B}[31m\u{202E} \(random) \(secret)\n", .unknownLabel("A?[31M?")),
            ("CLIENT_TRAFFIC_SECRET_0 \(random) 0f0f", .cut),
        ])
    func problems(text: String, reason: KeyLog.Problem.Reason) {
        let log = read("# first\n" + text)
        #expect(log.problems.map(\.line) == [2])
        #expect(log.problems.map(\.reason) == [reason])
        #expect(log.problems[0].message.hasPrefix("line 2: "))
        #expect(log.isEmpty)
    }

    @Test("rival secrets are kept beside each other, repeated ones once")
    func rivals() {
        let other = String(repeating: "22", count: 32)
        let line = "CLIENT_TRAFFIC_SECRET_0 \(Self.random) "
        let log = read(line + Self.secret + "\n" + line + Self.secret + "\n" + line + other + "\n")
        #expect(log.secrets(.clientTraffic, clientRandom: name).count == 2)
        #expect(log.problems.map(\.reason) == [.contradictsEarlierLine])
    }

    @Test("secrets of later generations, which OpenSSL writes, are no problem")
    func generations() {
        #expect(read("SERVER_TRAFFIC_SECRET_3 \(Self.random) \(Self.secret)\n").problems.isEmpty)
    }

    @Test("cut at every length a log gives no secret that it does not have")
    func cut() {
        let text = Array("CLIENT_RANDOM \(Self.random) \(Self.master)\n".utf8)
        for length in 0..<(text.count - 1) { #expect(KeyLog(Array(text.prefix(length))).isEmpty) }
    }
}

extension String {
    fileprivate var replacing0: String { String(map { $0 == "0" ? "g" : $0 }) }
}
