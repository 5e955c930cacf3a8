import LabModel
import LabSteps
import SupportQuestions

/// A kind's schema as a value for programs.
package enum KindJSON {
    package static func value(_ schema: StepSchema) -> Value {
        [
            "kind": .string(schema.name), "summary": .string(schema.summary), "why": .string(schema.guide.why),
            "example": .string(schema.guide.example),
            "shorthand": schema.shorthand.map { .string($0) } ?? .null,
            "fields": .list(
                schema.fields.map { field in
                    [
                        "name": .string(field.name), "type": .string(field.type.description),
                        "required": .bool(field.isRequired),
                        "default": field.fallback.map { .string(PlanText.text(of: $0, field.type)) } ?? .null,
                        "summary": .string(field.summary),
                    ]
                }),
            "results": .list(
                schema.results.map { result in
                    [
                        "name": .string(result.name), "type": .string(result.type.rawValue),
                        "list": .bool(result.isList), "summary": .string(result.summary),
                    ]
                }),
            "tables": .list(schema.tables.map { table($0, isShared: false) }),
            "shared_tables": .list(SharedTables.all.map { .string($0.name) }),
            "pitfalls": .list(
                schema.guide.pitfalls.map { pitfall in
                    [
                        "what": .string(pitfall.what), "sign": .string(pitfall.sign.word),
                        "code": pitfall.sign.code.map { .string($0) } ?? .null, "remedy": .string(pitfall.remedy),
                    ]
                }),
        ]
    }

    static func table(_ table: Table, isShared: Bool) -> Value {
        [
            "name": .string(table.name), "summary": .string(table.summary), "shared": .bool(isShared),
            "fields": .list(
                table.namedFields.map { field in
                    [
                        "name": .string(field.name), "type": .string(field.type.rawValue),
                        "summary": .string(field.summary),
                    ]
                }),
        ]
    }

    /// What a page is about: a kind as its schema says it, any other page as text.
    package static func value(named name: String) -> Value {
        if let schema = StepCatalog.kind(named: name)?.schema { return value(schema) }
        guard let page = HelpIndex.page(name) else { return .null }
        return [
            "topic": .string(page.name), "summary": .string(page.summary),
            "markdown": .string(page.markdown(title: page.name)),
        ]
    }

    /// The whole language: kinds, shared tables, mappings.
    package static func catalogue() -> Value {
        [
            "kinds": .list(StepCatalog.schemas.map(value)),
            "shared_tables": .list(SharedTables.all.map { table($0, isShared: true) }),
            "mappings": .list(
                LabGrammar.all.map { mapping in
                    [
                        "name": .string(mapping.name), "summary": .string(mapping.summary),
                        "keys": .list(
                            mapping.keys.map { key in
                                [
                                    "name": .string(key.name), "type": .string(key.shape.words),
                                    "required": .bool(key.isRequired),
                                    "default": key.fallback.isEmpty ? .null : .string(key.fallback),
                                    "summary": .string(key.summary),
                                ]
                            }),
                    ]
                }),
        ]
    }
}

extension Pitfall.Sign {
    fileprivate var word: String {
        switch self {
        case .lint: "lint"
        case .failed: "failed"
        case .inconclusive: "inconclusive"
        case .misjudged: "misjudged"
        }
    }

    fileprivate var code: String? {
        if case .lint(let code) = self { code } else { nil }
    }
}
