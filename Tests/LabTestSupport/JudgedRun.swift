import Foundation

/// What `lab run --format json` and `lab check --format json` print, as far as tests look at it.
package struct JudgedRun: Decodable, Sendable {
    package struct Step: Decodable, Sendable {
        package let id: String
        package let status: String
        package let reason: String
        package let checks: [Check]
    }

    package struct Check: Decodable, Sendable {
        package let name: String
        package let verdict: String
        package let cause: String?
        package let reason: String
        package let provenance: String
        package let points: Double

        /// `passed`, `failed`, `blocked`, `machine` or `not-done`.
        package var outcome: String { cause ?? verdict }
    }

    package let exitStatus: Int32
    package let folder: String
    package let findings: [String]
    package let points: Double
    package let maxPoints: Double
    package let steps: [Step]

    enum CodingKeys: String, CodingKey {
        case exitStatus = "exit_status"
        case folder, findings, points, steps
        case maxPoints = "max_points"
    }

    package init(_ output: RealTool.Outcome) throws { try self.init(output.outputBytes) }

    /// - Parameter json: what the command printed.
    package init(_ json: [UInt8]) throws { self = try JSONDecoder().decode(JudgedRun.self, from: Data(json)) }

    package var checks: [Check] { steps.flatMap(\.checks) }

    /// The outcome of every check by its name.
    package var outcomes: [String: String] {
        Dictionary(checks.map { ($0.name, $0.outcome) }, uniquingKeysWith: { first, _ in first })
    }

    /// The outcomes that are not `passed`.
    package var troubles: [String: String] { outcomes.filter { $0.value != "passed" } }

    package func check(_ name: String) -> Check? { checks.first { $0.name == name } }
}
