import LabModel
import LabSteps

/// JSON Schemas (2020-12) of the files that authors write, for editors: they complete keys, show what each is for, and
/// mark what lint would refuse for its structure.
///
/// A schema never refuses what lint accepts. It accepts much that lint refuses: names, questions and references need to
/// know the whole lab.
package enum EditorSchema: String, CaseIterable, Sendable {
    case lab
    case world
    /// `NAME.key.yml`
    case key
    /// `NAME.es.yml`
    case translation

    /// `lab.schema.json`
    package var fileName: String { "\(rawValue).schema.json" }

    /// The line that tells editors where the schema is.
    ///
    /// - Parameter path: relative to the file that has the line.
    package static func header(_ path: String) -> String { "# yaml-language-server: $schema=\(path)\n" }

    package func render() throws -> [UInt8] { try JSON.encode(document, pretty: true) + [0x0A] }

    package var document: Value {
        switch self {
        case .lab: root(LabGrammar.lab, LabGrammar.labMappings + LabGrammar.worldMappings, kinds: StepCatalog.schemas)
        case .world: root(LabGrammar.world, LabGrammar.worldMappings, kinds: [])
        case .key: root(LabGrammar.key, LabGrammar.keyMappings + [LabGrammar.check, LabGrammar.absence], kinds: [])
        case .translation: root(LabGrammar.translation, LabGrammar.translationMappings, kinds: [])
        }
    }

    private func root(_ outermost: GrammarMapping, _ mappings: [GrammarMapping], kinds: [StepSchema]) -> Value {
        let inWorld = Set(LabGrammar.worldMappings.map(\.name))
        var definitions: [String: Value] = [:]
        for mapping in mappings where mapping.name != outermost.name {
            definitions[mapping.name] = ShapeSchema.mapping(mapping, variables: inWorld.contains(mapping.name))
        }
        if definitions["step"] != nil { definitions["step"] = KindSchema.step(LabGrammar.step, kinds) }
        for kind in kinds { definitions[KindSchema.definition(kind)] = KindSchema.plan(kind) }
        return ShapeSchema.mapping(outermost, variables: inWorld.contains(outermost.name)).adding([
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": .string("Written by `lab schema \(rawValue)` from the step catalogue; do not edit."),
            "$defs": .map(definitions),
        ])
    }
}

extension Value {
    /// The mapping with further members; those that were there stay.
    func adding(_ members: [String: Value]) -> Value {
        guard case .map(let own) = self else { return self }
        return .map(own.merging(members) { own, _ in own })
    }
}
