import LabModel

/// The names under which a step's results are known to later steps.
package enum StepReferences {
    /// `id.result` for each result, and `id` alone for the first.
    package static func values(
        of results: [String: Value], step: String, schema: StepSchema
    ) -> [String: Value] {
        var values: [String: Value] = [:]
        for (index, field) in schema.results.enumerated() {
            guard let value = results[field.name] else { continue }
            values["\(step).\(field.name)"] = value
            if index == 0 { values[step] = value }
        }
        return values
    }
}
