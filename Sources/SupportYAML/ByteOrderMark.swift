import SupportDiagnostics

/// The three bytes that some editors put before UTF-8. libyaml would count them as a column of the first line.
enum ByteOrderMark {
    private static let bytes: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func length(in bytes: [UInt8]) -> Int { bytes.starts(with: Self.bytes) ? Self.bytes.count : 0 }

    static func diagnostic(_ file: SourceFile) -> Diagnostic? {
        guard length(in: file.bytes) > 0 else { return nil }
        let span = file.span(0..<bytes.count)
        return Diagnostic(
            "yaml.byte-order-mark", "the file begins with a byte order mark", severity: .warning, at: span,
            label: "invisible in most editors", help: ["save it as `UTF-8`, not as `UTF-8 with BOM`"],
            fix: .init(replace: span, with: ""))
    }
}
