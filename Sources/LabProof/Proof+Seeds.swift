import LabModel
import LabSteps

extension Proof {
    /// How many students' variants are performed; the others are only read.
    static let performedVariants = 3

    /// Shows that students' variants of the lab can be read, are equal but for their values, and can be solved: the first
    /// few by performing them.
    package func vary(_ count: Int) async throws -> ProofResult.Seeds {
        var result = ProofResult.Seeds(loaded: 0, performed: [], troubles: [])
        let own = Structure(lab.lab)
        for number in 1...max(1, count) {
            let student = "variant \(number)"
            guard let variant = lab.forStudent(student) else {
                result.troubles.append(.init(check: student, outcome: "invalid", reason: "the lab cannot be read"))
                continue
            }
            result.loaded += 1
            if let difference = own.difference(to: Structure(variant.lab)) {
                result.troubles.append(.init(check: student, outcome: "different", reason: difference))
            }
            guard number <= Self.performedVariants else { continue }
            let troubles = Self.troubles(try await runner.reference(variant).judge(by: variant))
            result.performed.append(student)
            result.troubles += troubles.map {
                .init(check: "\(student): \($0.check)", outcome: $0.outcome, reason: $0.reason)
            }
        }
        return result
    }
}

/// What must be equal for all students: steps, kinds, hosts, checks and points.
struct Structure: Equatable {
    private let lines: [String]

    init(_ lab: LabDefinition) {
        lines = lab.steps.flatMap { step -> [String] in
            let needs = step.needs.joined(separator: ",")
            let head = "step \(step.id): \(step.kind) at \(step.host), needs \(needs), optional \(step.isOptional)"
            return [head]
                + step.checks.map { check in
                    "check \(step.id).\(check.name): \(check.polarity.rawValue), \(check.points) points, control "
                        + (check.control ?? "none")
                }
        }
    }

    /// The first thing that differs, in words.
    func difference(to other: Structure) -> String? {
        for index in 0..<max(lines.count, other.lines.count) {
            let own = index < lines.count ? lines[index] : "nothing"
            let others = index < other.lines.count ? other.lines[index] : "nothing"
            if own != others { return "`\(others)` in the place of `\(own)`" }
        }
        return nil
    }
}
