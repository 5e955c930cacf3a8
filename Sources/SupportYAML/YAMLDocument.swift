import SupportDiagnostics

/// Reads a file that holds one YAML document.
package enum YAMLDocument {
    /// The root of the document, or nil where nothing usable could be read. Every problem is reported; a node that is
    /// returned beside reported errors may lack parts.
    package static func read(
        _ file: SourceFile, limits: YAMLLimits = YAMLLimits(), problems: Problems
    ) -> YAMLNode? {
        if let refusal = refusal(of: file, limits) {
            problems.report(refusal)
            return nil
        }
        if let mark = ByteOrderMark.diagnostic(file) { problems.report(mark) }
        var composer = Composer(file: file, limits: limits, problems: problems)
        return composer.document()
    }

    private static func refusal(of file: SourceFile, _ limits: YAMLLimits) -> Diagnostic? {
        guard file.size <= limits.bytes else {
            return Diagnostic(
                "yaml.too-large", "the file has \(file.size) bytes, more than the \(limits.bytes) allowed",
                at: file.span(0..<0))
        }
        if let offset = UTF8Reading.firstBrokenOffset(in: file.bytes) { return .notUTF8(file, at: offset) }
        return controlCharacter(in: file)
    }

    /// Characters that YAML 1.1 forbids in a stream (section 5.1).
    private static func controlCharacter(in file: SourceFile) -> Diagnostic? {
        let bytes = file.bytes
        for (index, byte) in bytes.enumerated() {
            let isC0 = byte < 0x20 && byte != 0x09 && byte != 0x0A && byte != 0x0D || byte == 0x7F
            let isC1 = byte == 0xC2 && index + 1 < bytes.count && bytes[index + 1] < 0xA0 && bytes[index + 1] != 0x85
            guard isC0 || isC1 else { continue }
            if byte == 0, index < 4 { return .notUTF8(file, at: index) }
            return Diagnostic(
                "yaml.control-character", "YAML does not allow this control character",
                at: file.span(index..<(index + (isC1 ? 2 : 1))),
                help: ["inside double quotes, write it as an escape such as `\\x1b`"])
        }
        return nil
    }
}

extension Diagnostic {
    fileprivate static func notUTF8(_ file: SourceFile, at offset: Int) -> Diagnostic {
        let bytes = file.bytes
        let looksUTF16 =
            bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) || bytes.prefix(4).contains(0)
        return Diagnostic(
            "yaml.not-utf8", "the file is not UTF-8: byte \(offset) begins no character",
            at: file.span(offset..<(offset + 1)),
            label: "byte 0x" + String(bytes[offset], radix: 16),
            help: [
                looksUTF16
                    ? "it looks like UTF-16; save it as UTF-8"
                    : "it may be Latin-1 or Windows-1252; save it as UTF-8"
            ])
    }
}
