import SupportDiagnostics
import SupportYAML

/// Reads `needs` of a step, and finds what its plan builds on besides.
struct NeedReader {
    let scope: Scope
    let names: NameCheck
    let problems: Problems

    func read(_ fields: inout FieldReader, plan: [String: PlanNode]) -> [String] {
        let declarations = scope.declarations
        var ids: [String] = []
        for need in fields.strings("needs") ?? [] {
            let id = scope.id(need.value.first == "$" ? String(need.value.dropFirst()) : need.value)
            if declarations.kinds[id] != nil {
                ids.append(id)
            } else if let family = declarations.families[id] {
                ids += family
            } else {
                let known =
                    declarations.mayGuess() ? Array(declarations.kinds.keys) + Array(declarations.families.keys) : []
                var problem = Diagnostic.unknownStep(id, among: known, at: need.span)
                if names.isStep(id) { problem.help = ["`\(id)` comes later; a step needs earlier ones"] }
                problems.report(problem)
            }
        }
        for name in plan.inNameOrder.flatMap(\.references) {
            if let step = declarations[name]?.step { ids.append(step) }
        }
        ids += plan.inNameOrder.flatMap(\.steps)
        var seen = Set<String>()
        return ids.filter { seen.insert($0).inserted }
    }
}
