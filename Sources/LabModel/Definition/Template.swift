import SupportDiagnostics

/// Text of a lab in which `$name` stands for a variable, a step's result or a fact of the world.
package struct Template: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        case literal(String)
        /// The name without its `$`: `port`, `mitm.ca.sha256`.
        case reference(String)
    }

    package let source: String
    package let segments: [Segment]

    /// Splits `source` at its references. Only declared names are references, so that `$PWD` stays as it is; of
    /// `$site.` at the end of a sentence only `$site` is taken.
    package init(_ source: String, isDeclared: (String) -> Bool) {
        self.init(source) { isDeclared($0) ? .reference($0) : nil }
    }

    /// - Parameter naming: what stands in the place of a name, nil for names that nobody declared.
    package init(_ source: String, naming: (String) -> Segment?) {
        self.source = source
        guard source.utf8.contains(UInt8(ascii: "$")) else {
            segments = source.isEmpty ? [] : [.literal(source)]
            return
        }
        let bytes = Array(source.utf8)
        var segments: [Segment] = []
        var literal: [UInt8] = []
        var start = 0
        // A text may be one name again and again.
        var unknown: ArraySlice<UInt8> = []
        while let dollar = bytes[start...].firstIndex(of: UInt8(ascii: "$")) {
            literal += bytes[start..<dollar]
            let run = Self.run(in: bytes, from: dollar + 1)
            guard run != unknown, let (end, segment) = Self.name(in: bytes, run.indices, naming: naming) else {
                unknown = run
                literal.append(bytes[dollar])
                start = dollar + 1
                continue
            }
            if case .literal(let text) = segment {
                literal += text.utf8
            } else {
                if !literal.isEmpty { segments.append(.literal(String(decoding: literal, as: UTF8.self))) }
                literal = []
                segments.append(segment)
            }
            start = end
        }
        literal += bytes[start...]
        if !literal.isEmpty { segments.append(.literal(String(decoding: literal, as: UTF8.self))) }
        self.segments = segments.compact
    }

    /// Whether it is text and nothing else, just as it was written.
    package var isPlain: Bool { segments.isEmpty || segments == [.literal(source)] }

    /// The text with all that is known already in its place, so that equal texts mean the same.
    package var written: String { rendered([:]) }

    package var references: [String] {
        segments.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    }

    /// The value: that of the reference where the text is nothing else, otherwise text with the values put in. Nil when
    /// a reference has no value yet.
    package func resolve(_ references: [String: Value]) -> Value? { resolve { references[$0] } }

    package func resolve(_ value: (String) -> Value?) -> Value? {
        if segments.count == 1, case .reference(let name) = segments[0] { return value(name) }
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .reference(let name):
                guard let found = value(name) else { return nil }
                text += found.text
            }
        }
        return .string(text)
    }

    /// The text with every value that is known put in; the others stay as they were written.
    package func rendered(_ references: [String: Value]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let literal): literal
            case .reference(let name): references[name]?.text ?? "$" + name
            }
        }.joined()
    }

    /// What may be a name, and begins here.
    private static func run(in bytes: [UInt8], from start: Int) -> ArraySlice<UInt8> {
        guard start < bytes.count, isLetter(bytes[start]) else { return [] }
        var end = start
        let limit = min(bytes.count, start + Names.longest)
        while end < limit, isNamePart(bytes[end]) || isJoint(bytes[end]) { end += 1 }
        if end < bytes.count, isNamePart(bytes[end]) {
            guard let cut = bytes[start..<end].lastIndex(where: isJoint) else { return [] }
            end = cut
        }
        return bytes[start..<end]
    }

    /// The longest declared name at the beginning of a range, and where it ends.
    private static func name(
        in bytes: [UInt8], _ range: Range<Int>, naming: (String) -> Segment?
    ) -> (end: Int, segment: Segment)? {
        let start = range.lowerBound
        var end = range.upperBound
        while end > start {
            if !isJoint(bytes[end - 1]),
                let segment = naming(String(decoding: bytes[start..<end], as: UTF8.self))
            {
                return (end, segment)
            }
            // A name ends where its parts end: of `$port9` neither `$port` nor `$p` is meant.
            guard let cut = bytes[start..<end].lastIndex(where: isJoint) else { return nil }
            end = cut
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }

    private static func isNamePart(_ byte: UInt8) -> Bool {
        isLetter(byte) || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }

    /// What joins the parts of a name.
    private static func isJoint(_ byte: UInt8) -> Bool { byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-") }
}
