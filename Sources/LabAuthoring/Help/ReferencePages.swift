import LabModel
import LabSteps

/// The pages below `Docs/` that are made from declarations, whole or in part.
package enum ReferencePages {
    static let notice =
        "<!-- Made from the step catalogue: LAB_UPDATE_GOLDEN=1 bin/test --filter LabAuthoringTests -->\n\n"

    /// `Docs/kinds/KIND.md`
    package static func kind(_ schema: StepSchema) -> String {
        notice + HelpPage(schema).markdown(title: "`\(schema.name)`") + "\n[All kinds](README.md)\n"
    }

    /// `Docs/kinds/README.md`
    package static var kinds: String {
        notice + "# Step kinds\n\n" + kindTable
            + "\nEvery step records, besides, what happened in the world meanwhile: see [tables](tables.md).\n"
    }

    /// `Docs/kinds/tables.md`
    package static var tables: String { notice + TopicPages.tables.markdown(title: "Tables that every step has") }

    private static var kindTable: String {
        let rows = StepCatalog.schemas.map { "| [`\($0.name)`](\($0.name).md) | \($0.summary) |" }
        return (["| kind | what it does |", "| --- | --- |"] + rows).joined(separator: "\n") + "\n"
    }

    /// A page with what stands between `<!-- NAME -->` and `<!-- end -->` made anew, for the names that are known here.
    package static func filled(_ page: String) -> String {
        var result: [String] = []
        var isSkipping = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line == "<!-- end -->" { isSkipping = false }
            if !isSkipping { result.append(line) }
            guard let part = part(line) else { continue }
            result += ["", part, ""]
            isSkipping = true
        }
        return result.joined(separator: "\n")
    }

    private static func part(_ line: String) -> String? {
        switch line {
        case "<!-- keys of a lab -->": sections(LabGrammar.labMappings)
        case "<!-- keys of a world -->": sections(LabGrammar.worldMappings)
        case "<!-- keys of a key file -->": sections(LabGrammar.keyMappings)
        case "<!-- keys of a translation -->": sections(LabGrammar.translationMappings)
        case "<!-- kinds -->":
            String(kindTable.replacing("](", with: "](kinds/").dropLast())
        default: nil
        }
    }

    private static func sections(_ mappings: [GrammarMapping]) -> String {
        mappings.map { mapping in
            HelpPage(mapping.name, "", TopicPages.section(mapping)).parts(level: 2).joined(separator: "\n\n")
        }.joined(separator: "\n\n")
    }
}
