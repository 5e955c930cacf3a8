import Foundation
import SupportQuestions
import Testing
import Wire
import WireSessions

/// The reference for fields and filters, where it is installed.
enum Tshark {
    static let path: String? = ["/usr/bin/tshark", "/usr/local/bin/tshark"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Values per frame and field, of the frames that match; several values of a field are joined by commas.
    static func fields(_ fixture: CaptureFixture, filter: String, _ names: [String]) throws -> [[String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        // Out-of-order reassembly is off by default, and then tshark loses what follows a swapped segment.
        process.arguments =
            [
                "-r", fixture.capturePath, "-o", "tls.keylog_file:\(fixture.keyLogPath)", "-o",
                "tcp.reassemble_out_of_order:TRUE", "-Y", filter, "-T", "fields", "-E", "separator=|",
            ] + names.flatMap { ["-e", $0] }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        }
    }
}

@Suite("tshark reads the same out of the same capture", .enabled(if: Tshark.path != nil, "needs tshark"))
struct TsharkTests {
    // Not keyupdate: tshark 4.0 loses responses that end with the connection where that runs over TLS.
    private static let withHTTP = [
        "h2", "plain-h1", "refused", "retry", "tls12-ccm", "tls12-chacha", "tls12-h1", "tls13-h1",
        "tls13-v6", "tunnel",
    ]

    /// Our values in tshark's spelling.
    private static func text(_ value: FieldValue) -> String {
        switch value {
        case .unsigned(let number): String(number)
        case .boolean(let flag): flag ? "1" : "0"
        case .string(let text): text
        case .ipv4(let address): IPv4Address(rawValue: address).description
        case .ipv6(let high, let low): IPv6Address(high: high, low: low).description
        case .bytes(let bytes): bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        default: ""
        }
    }

    private func compare(
        _ name: String, filter: String, matches: (Row) -> Bool, _ fields: [FrameField],
        hexadecimal: Set<FrameField> = []
    ) throws {
        let fixture = CaptureFixture(name)
        let theirs = try Tshark.fields(fixture, filter: filter, fields.map { FrameTable.table.fields[$0.slot].name })
        let ours = fixture.read().frames.filter(matches).map { row in
            fields.map { field in
                row.values(at: field.slot).map { value in
                    if hexadecimal.contains(field), case .unsigned(let number) = value {
                        let digits = String(number, radix: 16)
                        return "0x" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
                    }
                    return Self.text(value)
                }.joined(separator: ",")
            }
        }
        #expect(ours == theirs, "\(name)")
    }

    @Test("the frames of http || http2 || http3 with their messages", arguments: withHTTP)
    func messages(name: String) throws {
        try compare(
            name, filter: "http || http2 || http3", matches: { $0.has(.http) || $0.has(.http2) },
            [
                .frameNumber, .httpRequestMethod, .httpRequestUri, .httpResponseCode, .httpResponsePhrase,
                .httpContentType, .http2HeadersMethod, .http2HeadersPath, .http2HeadersStatus, .tcpStream,
            ])
    }

    @Test(
        "TCP numbers of every segment",
        arguments: CaptureFixture.names.filter { $0 != "network" && !$0.hasPrefix("h3") })
    func segments(name: String) throws {
        try compare(
            name, filter: "tcp", matches: { $0.has(.tcp) },
            [.frameNumber, .tcpSeq, .tcpAck, .tcpLen, .tcpFlagsSyn, .tcpFlagsFin, .tcpWindowSize, .tcpPort, .frameLen])
    }

    @Test("handshakes, record types and alerts", arguments: withHTTP.filter { $0 != "plain-h1" } + ["keyupdate"])
    func handshakes(name: String) throws {
        try compare(
            name, filter: "tls.record || tls.handshake", matches: { $0.has(.tlsRecordLength) },
            [
                .frameNumber, .tlsRecordContentType, .tlsRecordOpaqueType, .tlsRecordLength, .tlsHandshakeType,
                .tlsHandshakeExtensionsServerName, .tlsHandshakeExtensionsAlpnStr, .tlsAlertMessageDesc,
                .tlsHandshakeRandom,
            ])
    }

    @Test("ICMP, DNS and the datagrams that errors quote")
    func network() throws {
        try compare(
            "network", filter: "frame", matches: { _ in true },
            [
                .frameNumber, .ipSrc, .ipDst, .ipTtl, .ipv6Src, .ipv6Hlim, .icmpType, .icmpCode, .icmpSeq, .icmpv6Type,
                .udpSrcport, .dnsQryName, .dnsQryType, .frameProtocols,
            ])
    }
}
