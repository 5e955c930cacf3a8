import LabModel
import LabSteps
import SupportQuestions
import WireSessions

extension HelpPage {
    /// The page of a step kind.
    package init(_ schema: StepSchema) {
        var blocks: [Block] = [.text(schema.guide.why)]
        blocks.append(.heading("Fields"))
        blocks.append(.entries(schema.fields.map { Self.entry($0, of: schema) }))
        blocks.append(.heading("Example"))
        blocks.append(.code(schema.guide.example, language: "yaml"))
        if !schema.guide.answers.isEmpty {
            blocks.append(.text("With `--answers FILE`, where the file says:"))
            blocks.append(.code(schema.guide.answers, language: "text"))
        }
        for (name, text) in schema.guide.files.sorted(by: { $0.key < $1.key }) {
            blocks.append(.text("With `--hand-in DIR`, where `\(name)` says:"))
            blocks.append(.code(text, language: "text"))
        }
        if !schema.results.isEmpty {
            blocks.append(.heading("Results, for later steps"))
            blocks.append(.entries(schema.results.enumerated().map { Self.entry($1, isFirst: $0 == 0) }))
        }
        blocks.append(.heading("What it records"))
        for table in schema.tables where table.name != FrameTable.table.name {
            blocks.append(.text("Table `\(table.name)`: \(table.summary)."))
            blocks.append(.entries(table.namedFields.map(Self.entry)))
        }
        if schema.tables.contains(where: { $0.name == FrameTable.table.name }) {
            blocks.append(
                .text(
                    "Table `\(FrameTable.table.name)`: the frames of the capture file itself, under Wireshark's names; "
                        + "`lab explain tables` lists them."))
        }
        let shared = SharedTables.all.filter { table in !schema.tables.contains { $0.name == table.name } }
        blocks.append(
            .text(
                "Besides, as every step: " + shared.map { "`\($0.name)`" }.joined(separator: ", ")
                    + ", of what happened in the world meanwhile; `lab explain tables` lists their fields."))
        blocks.append(.heading("What can go wrong"))
        blocks.append(.list(schema.guide.pitfalls.map { "\($0.what) *\($0.sign.title)* \($0.remedy)" }))
        self.init(schema.name, schema.summary, blocks)
    }

    static func entry(_ field: PlanField, of schema: StepSchema) -> Entry {
        var detail = field.type.description
        if field.isRequired {
            detail += ", required"
        } else if let fallback = field.fallback {
            detail += ", default `\(PlanText.text(of: fallback, field.type))`"
        }
        let alone = schema.shorthand == field.name ? "; `\(schema.name): …` alone fills it" : ""
        return Entry(field.name, detail, field.summary + alone)
    }

    private static func entry(_ result: ResultField, isFirst: Bool) -> Entry {
        Entry(
            "$id.\(result.name)", (result.isList ? "several values, each " : "") + result.type.written,
            result.summary + (isFirst ? "; also `$id` alone" : ""))
    }

    static func entry(_ field: Field) -> Entry {
        let names = field.valueNames.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map {
            "`\($0.key)` (\($0.value))"
        }
        let named = names.isEmpty ? "" : "; numbers with names: " + names.joined(separator: ", ")
        return Entry(field.name, field.type.written, field.summary + named)
    }
}

extension Pitfall.Sign {
    /// How it shows, as a sentence.
    var title: String {
        switch self {
        case .lint(let code): "Lint says `\(code)`."
        case .failed: "The checks fail."
        case .inconclusive: "The checks are inconclusive."
        case .misjudged: "A check passes that should not."
        }
    }
}

extension FieldType {
    /// The type, and how a question writes a value of it.
    var written: String {
        switch self {
        case .duration: "a span of time, written `50ms` or `2s`"
        case .time: "a point in time, written `\"2026-01-31 12:00:00\"`"
        case .bytes: "bytes, written `0a:1b:2c` or as text with `contains`"
        case .ipv4: "an IPv4 address, or a prefix to compare with"
        case .ipv6: "an IPv6 address, or a prefix to compare with"
        case .list: "a list, written `[a, b]`"
        case .boolean: "`true` or `false`"
        default: described
        }
    }
}

/// Values of plans as a lab writes them.
enum PlanText {
    static func text(of value: Value, _ type: PlanType) -> String {
        switch (type, value) {
        case (.duration, .int(let nanoseconds)):
            nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
        case (.list, .list(let items)): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case (.map, .map(let items)) where items.isEmpty: "{}"
        default: value.text
        }
    }
}
