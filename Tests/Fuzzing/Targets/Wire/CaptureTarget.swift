import Wire
import WireSessions

/// Capture files, pcap and pcapng: their records, then everything that is read out of them, from Ethernet to HTTP.
struct CaptureTarget: FuzzTarget {
    let name = "capture"
    let longestInput = 8_000
    let dictionary = ["\n\r\r\n", "M<+\u{1a}", "\u{6}\0\0\0", "\u{1}\0\0\0", "\u{a}\0\0\0", "KSLT"]

    func run(_ input: [UInt8]) {
        let (rows, report) = Sessions.read(input, SessionConfiguration(mostBodyBytes: 4096))
        precondition(report.frames == rows.frames.count, "every frame has its row")
        for summary in rows.summaries {
            let isClean = summary.line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            precondition(isClean, "what is printed has no control characters")
        }
        if let error = report.captureError { precondition(!error.message.isEmpty, "an error has a text") }
        inPieces(input, report)
    }

    /// However a file is cut, the same frames are in it.
    private func inPieces(_ input: [UInt8], _ report: SessionReport) {
        var reader = CaptureReader()
        var frames = 0
        let size = max(1, input.count / 7)
        for start in stride(from: 0, to: input.count, by: size) {
            let piece = Array(input[start..<min(input.count, start + size)])
            piece.withUnsafeBytes { bytes in
                do throws(CaptureError) {
                    try reader.consume(bytes) { if case .frame = $0 { frames += 1 } }
                } catch {
                    // The reader stays failed.
                }
            }
        }
        precondition(frames == report.frames, "frames do not depend on how a file is cut")
    }
}

/// DNS messages: what was read is written, and read again.
struct DNSTarget: FuzzTarget {
    let name = "dns"
    let longestInput = 400
    let dictionary = [
        "\u{3}www\u{7}example\u{4}test\0", "\0\u{1}\0\u{1}", "\0\u{1c}\0\u{1}", "\0\u{6}", "\0\u{5}", "\0\u{c}", "\0)",
    ]

    func run(_ input: [UInt8]) {
        guard let message = try? DNSMessage(parsing: input) else { return }
        let written = message.bytes
        _ = message.bytes(limit: 512)
        for question in message.questions { precondition(!question.name.description.isEmpty, "a name can be shown") }
        guard let again = try? DNSMessage(parsing: written) else {
            preconditionFailure("what was written can be read")
        }
        precondition(again.answers.count == message.answers.count, "the same records")
        precondition(again.bytes == written, "and is written the same again")
    }
}
