import CLibYAML
import SupportDiagnostics

/// What libyaml tells of a document, one piece after the other, with byte ranges.
struct YAMLEvent {
    enum Kind {
        case documentStart, documentEnd, streamEnd
        case alias(String)
        case scalar(String, YAMLScalar.Style)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case other
    }

    let kind: Kind
    let range: Range<Int>
    var anchor: String?
    var tag: String?
}

/// libyaml's parser over the bytes of one file. The C structs stay in memory of their own, because libyaml keeps
/// pointers into them.
final class EventStream {
    private let file: SourceFile
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>
    private let offsets: CharacterOffsets

    /// Nil where libyaml has no memory left.
    init?(_ file: SourceFile) {
        self.file = file
        let first = ByteOrderMark.length(in: file.bytes)
        offsets = CharacterOffsets(file.bytes, from: first)
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        input = .allocate(capacity: max(1, file.bytes.count))
        _ = input.initialize(from: file.bytes)
        guard yaml_parser_initialize(parser) == 1 else { return nil }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress.map { $0 + first }, file.bytes.count - first)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(Diagnostic) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            throw SyntaxProblem(parser.pointee, offsets).diagnostic(file)
        }
        defer { yaml_event_delete(&event) }
        let start = offsets.byteOffset(ofCharacter: event.start_mark.index)
        let end = offsets.byteOffset(ofCharacter: event.end_mark.index)
        var result = YAMLEvent(kind: Self.kind(of: event), range: start..<max(start, end))
        switch event.type {
        case YAML_SCALAR_EVENT:
            (result.anchor, result.tag) = (text(event.data.scalar.anchor), text(event.data.scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            (result.anchor, result.tag) = (text(event.data.sequence_start.anchor), text(event.data.sequence_start.tag))
        case YAML_MAPPING_START_EVENT:
            (result.anchor, result.tag) = (text(event.data.mapping_start.anchor), text(event.data.mapping_start.tag))
        default: break
        }
        return result
    }

    private static func kind(of event: yaml_event_t) -> YAMLEvent.Kind {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_DOCUMENT_END_EVENT: return .documentEnd
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SEQUENCE_START_EVENT: return .sequenceStart
        case YAML_SEQUENCE_END_EVENT: return .sequenceEnd
        case YAML_MAPPING_START_EVENT: return .mappingStart
        case YAML_MAPPING_END_EVENT: return .mappingEnd
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(String(decoding: bytes, as: UTF8.self), style(scalar.style))
        default: return .other
        }
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? { Self.text(pointer) }
}
