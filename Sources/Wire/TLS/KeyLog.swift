/// What a key log file holds (RFC 9850, formerly NSS's format): secrets of TLS connections, named by the random of the
/// client's hello.
///
/// The reader is tolerant, since these files are written by many programs while others read them: blanks at either end,
/// CRLF, upper-case digits and the old `QUIC_` prefix are accepted; what cannot be used is reported with its line.
package struct KeyLog: Sendable, Hashable {
    package enum Label: String, Sendable, Hashable, CaseIterable {
        /// The master secret of TLS 1.2 and older.
        case clientRandom = "CLIENT_RANDOM"
        case clientEarlyTraffic = "CLIENT_EARLY_TRAFFIC_SECRET"
        case clientHandshakeTraffic = "CLIENT_HANDSHAKE_TRAFFIC_SECRET"
        case serverHandshakeTraffic = "SERVER_HANDSHAKE_TRAFFIC_SECRET"
        case clientTraffic = "CLIENT_TRAFFIC_SECRET_0"
        case serverTraffic = "SERVER_TRAFFIC_SECRET_0"
        case exporter = "EXPORTER_SECRET"
        case earlyExporter = "EARLY_EXPORTER_SECRET"
    }

    /// A line that could not be used.
    package struct Problem: Sendable, Hashable, CustomStringConvertible {
        package enum Reason: Sendable, Hashable {
            case unknownLabel(String)
            /// Label, client random, secret: the number of words found instead.
            case wordCount(Int)
            case clientRandomLength(hexDigits: Int)
            case secretLength(hexDigits: Int)
            case notHexadecimal
            /// A second secret under the same label and random; both are tried.
            case contradictsEarlierLine
            /// The last line has no line end and is too short: its writer was not finished.
            case cut
        }

        /// From 1.
        package let line: Int
        package let reason: Reason

        package var description: String { message }

        package var message: String {
            switch reason {
            case .unknownLabel(let label): "line \(line): nothing is known of the label \(label)"
            case .wordCount(let count):
                "line \(line): expected a label, a client random and a secret, found \(count) words"
            case .clientRandomLength(let digits):
                "line \(line): a client random has 64 hexadecimal digits, this one \(digits)"
            case .secretLength(let digits): "line \(line): a secret has 64 or 96 hexadecimal digits, this one \(digits)"
            case .notHexadecimal: "line \(line): expected hexadecimal digits"
            case .contradictsEarlierLine: "line \(line): another secret stands under the same label and client random"
            case .cut: "line \(line): the last line is cut; the client was still writing when the file was read"
            }
        }
    }

    private var secrets: [[UInt8]: [Label: [[UInt8]]]] = [:]
    package private(set) var problems: [Problem] = []
    private var lines = 0

    /// Problems beyond this many are not kept.
    private static let mostProblems = 100

    package init() {}

    package init(_ file: [UInt8]) { read(file) }

    /// How many connections the log has secrets of.
    package var clientRandomCount: Int { secrets.count }

    package var isEmpty: Bool { secrets.isEmpty }

    package func contains(clientRandom: [UInt8]) -> Bool { secrets[clientRandom] != nil }

    package var clientRandoms: some Collection<[UInt8]> { secrets.keys }

    /// The secrets under a label, in the order of the file; usually one, none where the log lacks it.
    package func secrets(_ label: Label, clientRandom: [UInt8]) -> [[UInt8]] { secrets[clientRandom]?[label] ?? [] }

    /// Adds what another file or a decryption secrets block holds; line numbers go on.
    package mutating func read(_ file: [UInt8]) {
        var start = 0
        while start < file.count {
            let end = file[start...].firstIndex(of: UInt8(ascii: "\n")) ?? file.count
            lines += 1
            readLine(file[start..<end], isLastAndOpen: end == file.count)
            start = end + 1
        }
    }

    private mutating func readLine(_ line: ArraySlice<UInt8>, isLastAndOpen: Bool) {
        let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        guard let first = words.first, first.first != UInt8(ascii: "#") else { return }
        func report(_ reason: Problem.Reason) {
            guard problems.count < Self.mostProblems else { return }
            problems.append(Problem(line: lines, reason: isLastAndOpen && reason.mayBeCut ? .cut : reason))
        }
        guard words.count == 3 else { return report(.wordCount(words.count)) }
        var name = String(decoding: first.prefix(64), as: UTF8.self).uppercased()
        if name.hasPrefix("QUIC_") { name.removeFirst(5) }
        guard let label = Label(rawValue: name) else {
            // OpenSSL also writes the secrets after key updates, which can be derived.
            if !name.hasPrefix("CLIENT_TRAFFIC_SECRET_"), !name.hasPrefix("SERVER_TRAFFIC_SECRET_") {
                report(.unknownLabel(Self.printable(name)))
            }
            return
        }
        guard words[1].count == 64 else { return report(.clientRandomLength(hexDigits: words[1].count)) }
        guard let lengths = label.secretLengths, lengths.contains(words[2].count) else {
            return report(.secretLength(hexDigits: words[2].count))
        }
        guard let random = Hexadecimal.bytes(words[1]), let secret = Hexadecimal.bytes(words[2]) else {
            return report(.notHexadecimal)
        }
        let known = secrets[random]?[label] ?? []
        guard !known.contains(secret) else { return }
        if !known.isEmpty { report(.contradictsEarlierLine) }
        // A handful of rival secrets are worth trying; more is a file that repeats itself.
        if known.count < 4 { secrets[random, default: [:]][label, default: []].append(secret) }
    }
}

extension KeyLog {
    /// A problem's text is printed, whatever a stranger wrote for a label.
    private static func printable(_ name: String) -> String {
        String(String.UnicodeScalarView(name.unicodeScalars.map { 0x21...0x7E ~= $0.value ? $0 : "?" }))
    }
}

extension KeyLog.Problem.Reason {
    fileprivate var mayBeCut: Bool {
        switch self {
        case .wordCount, .clientRandomLength, .secretLength: true
        default: false
        }
    }
}

extension KeyLog.Label {
    /// In hexadecimal digits. Some writers pad every secret to 64 bytes; the hash of the suite tells how many count.
    fileprivate var secretLengths: Set<Int>? {
        self == .clientRandom ? [96] : [64, 96, 128]
    }
}

/// Hexadecimal digits of either case.
enum Hexadecimal {
    /// Nil where the count is odd or a character is no digit.
    static func bytes(_ digits: some Collection<UInt8>) -> [UInt8]? {
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x41...0x46: value = digit - 0x37
            case 0x61...0x66: value = digit - 0x57
            default: return nil
            }
            if let upper = high {
                bytes.append(upper << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }
}
