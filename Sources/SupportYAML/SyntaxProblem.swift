import CLibYAML
import SupportDiagnostics

/// libyaml's complaint, in words that tell an author what to change.
struct SyntaxProblem {
    private let problem: String
    private let context: String
    private let place: Int
    private let contextPlace: Int?

    init(_ parser: yaml_parser_t, _ offsets: CharacterOffsets) {
        problem = parser.problem.map { String(cString: $0) } ?? "not enough memory"
        context = parser.context.map { String(cString: $0) } ?? ""
        let isReader = parser.error == YAML_READER_ERROR
        place =
            isReader
            ? offsets.first + parser.problem_offset : offsets.byteOffset(ofCharacter: parser.problem_mark.index)
        contextPlace = parser.context == nil ? nil : offsets.byteOffset(ofCharacter: parser.context_mark.index)
    }

    func diagnostic(_ file: SourceFile) -> Diagnostic {
        if let space = space(file) { return space }
        let byte = place < file.bytes.count ? file.bytes[place] : 0
        var result: Diagnostic
        switch problem {
        case "mapping values are not allowed in this context": result = colon(file)
        case "found character that cannot start any token": result = strangeStart(file, byte)
        case let text where text.contains("unexpected end of stream") || text.contains("unexpected document indicator"):
            result = Diagnostic(
                "yaml.unclosed-quote", "this quote is never closed", at: at(file, contextPlace ?? place, 1))
        case "did not find expected ',' or ']'", "did not find expected ',' or '}'":
            result = bracket(file, close: problem.hasSuffix("']'") ? "]" : "}")
        case "did not find expected key", "did not find expected '-' indicator",
            "did not find expected <document start>":
            result = indentation(file)
        case "could not find expected ':'":
            result = noColon(file)
        case "did not find expected alphabetic or numeric character":
            let isAlias = context == "while scanning an alias"
            result = reserved(isAlias ? "*" : "&", file, contextPlace ?? place)
        case "did not find expected comment or line break" where context == "while scanning a block scalar":
            let start = contextPlace ?? place
            let sign = file.text(in: start..<(start + 1))
            result = Diagnostic(
                "yaml.block-text", "after `\(sign)` the text begins on the next line", at: at(file, place, 1),
                secondary: related(file, "this begins a text over several lines"),
                help: ["put the whole text in single quotes where it begins with `\(sign)`"])
        case "block sequence entries are not allowed in this context":
            result = Diagnostic(
                "yaml.list-in-line", "a list with `-` begins on a line of its own", at: at(file, place, 1),
                help: ["or write it as `[a, b]`"])
        case "did not find expected node content":
            result = reserved(file.text(in: place..<(place + 1)), file, place)
        case _ where context.hasSuffix("a tag") || problem == "found undefined tag handle":
            let start = contextPlace ?? place
            result = .leadingExclamation(at: at(file, start, 1), fix: QuotedLine.fix(file, valueAt: start))
        case "found unknown escape character":
            result = Diagnostic(
                "yaml.escape", "double quotes do not know this escape", at: at(file, place, 2),
                help: ["use single quotes, in which a backslash is a backslash"])
        case let text where text.contains("tab character") || byte == 0x09: result = tab(file)
        default:
            let words = context.isEmpty ? problem : "\(problem) (\(context))"
            result = Diagnostic("yaml.syntax", "not YAML: \(words)", at: at(file, place, 1))
        }
        if result.secondary.isEmpty, result.code == "yaml.syntax" { result.secondary = related(file, "in this") }
        return result
    }

    private func at(_ file: SourceFile, _ offset: Int, _ length: Int) -> SourceSpan {
        file.span(offset..<(offset + length))
    }

    private func related(_ file: SourceFile, _ label: String) -> [Diagnostic.Label] {
        contextPlace.map { [Diagnostic.Label(at(file, $0, 1), label)] } ?? []
    }

    private func wholeLine(_ file: SourceFile, _ offset: Int) -> SourceSpan {
        file.span(offset..<max(offset, file.bounds(ofLine: file.line(at: offset)).upperBound))
    }

    private func colon(_ file: SourceFile) -> Diagnostic {
        let line = file.bounds(ofLine: file.line(at: place))
        let start = line.first { file.bytes[$0] != 0x20 } ?? line.lowerBound
        let before = file.bytes[start..<max(start, min(place, file.bytes.count))]
        guard before.contains(UInt8(ascii: ":")) else { return indentation(file, at: start) }
        let value = QuotedLine.valueStart(file, lineOf: place)
        return Diagnostic(
            "yaml.colon", "`: ` inside a plain text makes YAML read a second key", at: at(file, place, 1),
            help: ["put the whole text in single quotes: 'a: b'"],
            fix: value.flatMap { $0 < place ? QuotedLine.fix(file, valueAt: $0) : nil })
    }

    private func strangeStart(_ file: SourceFile, _ byte: UInt8) -> Diagnostic {
        if byte == 0x09 { return tab(file) }
        return reserved(String(decoding: [byte], as: UTF8.self), file, place)
    }

    private func reserved(_ sign: String, _ file: SourceFile, _ place: Int) -> Diagnostic {
        Diagnostic(
            "yaml.reserved-character", "a plain text cannot begin with `\(sign)`", at: at(file, place, 1),
            help: ["put the text in single quotes"], fix: QuotedLine.fix(file, valueAt: place))
    }

    /// A space that is none on the line of the problem, or at the start of the line before it.
    private func space(_ file: SourceFile) -> Diagnostic? {
        let last = file.line(at: place)
        let first = min(last, contextPlace.map { file.line(at: $0) } ?? last)
        for line in max(first, last - 1)...last {
            let bounds = file.bounds(ofLine: line)
            guard let found = Lookalike.first(of: [.space], in: file.bytes, bounds) else { continue }
            let before = file.bytes[bounds.lowerBound..<found.range.lowerBound]
            let isStructure = before.allSatisfy { $0 == 0x20 } || before.last == UInt8(ascii: ":")
            if isStructure || before.last == UInt8(ascii: "-") {
                return .noBreakSpace(found, at: file.span(found.range))
            }
        }
        return nil
    }

    /// A bracket that does not go on as it must. Where it was opened on another line, that is the place to look at.
    private func bracket(_ file: SourceFile, close: String) -> Diagnostic {
        let help = "inside `{ … }` and `[ … ]` a text with brackets, braces or commas stands in single quotes"
        if let open = contextPlace, file.line(at: open) != file.line(at: place) {
            return Diagnostic(
                "yaml.unclosed-bracket", "this bracket is not closed with `\(close)`", at: at(file, open, 1),
                secondary: [.init(at(file, place, 1), "`,` or `\(close)` must come before this")])
        }
        return Diagnostic(
            "yaml.unclosed-bracket", "expected `,` or `\(close)` here", at: at(file, place, 1),
            secondary: related(file, "the bracket was opened here"), help: [help])
    }

    private func noColon(_ file: SourceFile) -> Diagnostic {
        let span = wholeLine(file, contextPlace ?? place)
        let bytes = file.bytes[span.range]
        let key = bytes.prefix(while: QuotedLine.isKeyByte)
        let colon = key.endIndex
        var fix: Diagnostic.Fix?
        if !key.isEmpty, colon + 1 < bytes.endIndex, bytes[colon] == UInt8(ascii: ":"),
            bytes[colon + 1] != UInt8(ascii: "/")
        {
            fix = .init(replace: file.span((colon + 1)..<(colon + 1)), with: " ")
        }
        return Diagnostic(
            "yaml.no-colon", "this line is no `key: value`", at: span,
            help: fix != nil
                ? ["a key is followed by `:` and a space"]
                : ["a key is followed by `:` and a space", "a text over several lines begins with `|` or `>`"],
            fix: fix)
    }

    /// `"Hello" world`: the quote ended the text.
    private func afterQuote(_ file: SourceFile) -> Diagnostic? {
        let line = file.bounds(ofLine: file.line(at: place))
        guard let last = file.bytes[line.lowerBound..<max(line.lowerBound, place)].lastIndex(where: { $0 != 0x20 }),
            last >= line.lowerBound
        else { return nil }
        let isBracket = file.bytes[last] == UInt8(ascii: "]") || file.bytes[last] == UInt8(ascii: "}")
        guard isBracket || file.bytes[last] == UInt8(ascii: "\"") || file.bytes[last] == UInt8(ascii: "'") else {
            return nil
        }
        let end = file.span(place..<line.upperBound)
        if isBracket {
            return Diagnostic(
                "yaml.after-bracket", "a list or mapping has ended before this", at: end,
                secondary: [.init(at(file, last, 1), "with this bracket")],
                help: ["put the whole text in single quotes"],
                fix: QuotedLine.valueStart(file, lineOf: place).flatMap { QuotedLine.fix(file, valueAt: $0) })
        }
        return Diagnostic(
            "yaml.after-quote", "the text has ended before this", at: end,
            secondary: [.init(at(file, last, 1), "with this quote")],
            help: ["put the whole text in quotes of the other kind"])
    }

    private func tab(_ file: SourceFile) -> Diagnostic {
        Diagnostic(
            "yaml.tab", "YAML is indented with spaces, this is a tab", at: at(file, place, 1),
            help: ["set the editor to insert spaces"])
    }

    private func indentation(_ file: SourceFile, at start: Int? = nil) -> Diagnostic {
        if start == nil, let diagnostic = afterQuote(file) { return diagnostic }
        return Diagnostic(
            "yaml.indentation", "this line does not line up with the lines above it",
            at: at(file, start ?? place, 1),
            secondary: related(file, "they belong to what begins here"),
            help: ["keys of one mapping, and the `-` of one list, stand in the same column"])
    }
}

extension Diagnostic {
    static func leadingExclamation(at span: SourceSpan, fix: Fix?) -> Diagnostic {
        Diagnostic(
            "yaml.tag", "a leading `!` is a tag to YAML, not part of the text", at: span,
            help: ["put the whole text in single quotes: '!tcp.analysis.retransmission', or write `not …`"],
            fix: fix)
    }
}
