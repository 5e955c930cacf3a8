import LabModel

/// What a proof found, as `--format json` prints it.
package struct ProofResult: Sendable, Codable {
    package struct Reference: Sendable, Codable {
        package var points: Double
        package var maxPoints: Double
        /// Checks that did not pass, with their outcome and why.
        package var troubles: [Trouble]

        enum CodingKeys: String, CodingKey {
            case points, troubles
            case maxPoints = "max_points"
        }
    }

    package struct Trouble: Sendable, Codable, Hashable {
        package var check: String
        package var outcome: String
        package var reason: String
    }

    package enum Finding: Sendable, Hashable {
        /// A declared run that failed exactly what it names.
        case asDeclared
        /// `missing` should have failed, `unexpected` should not have.
        case differs(missing: [Missing], unexpected: [String])
        /// A generated run that some check noticed, or none.
        case noticed
        case unnoticed
        case inconclusive(String)
        /// Two runs of it came to different verdicts.
        case unsteady

        package struct Missing: Sendable, Codable, Hashable {
            package var check: String
            package var outcome: String

            package init(check: String, outcome: String) {
                self.check = check
                self.outcome = outcome
            }
        }

        package var word: String {
            switch self {
            case .asDeclared: "as-declared"
            case .differs: "differs"
            case .noticed: "noticed"
            case .unnoticed: "unnoticed"
            case .inconclusive: "inconclusive"
            case .unsteady: "unsteady"
            }
        }
    }

    package struct Run: Sendable, Codable {
        package var name: String
        package var kind: String
        package var because: String?
        /// Judged on the evidence of the reference run, parts of it exchanged.
        package var replayed: Bool
        package var finding: String
        package var reason: String?
        package var expected: [String]?
        package var failed: [String]
        /// Checks that were not judged: an earlier step failed, was left out, or the machine could not.
        package var inconclusive: [String]
        package var missing: [Finding.Missing]?
        package var unexpected: [String]?
        /// Nanoseconds.
        package var duration: Int64
    }

    package struct Omitted: Sendable, Codable {
        package var name: String
        package var reason: String
    }

    package struct Check: Sendable, Codable {
        package var name: String
        package var isHidden: Bool
        package var isOffered: Bool
        package var killers: [String]
        /// In how many wrong runs it passed, and in how many it says nothing.
        package var passed: Int
        package var notJudged: Int
        package var file: String
        package var line: Int
        package var column: Int

        package var isSurvivor: Bool { isOffered && killers.isEmpty }

        enum CodingKeys: String, CodingKey {
            case name, killers, passed, file, line, column
            case isHidden = "hidden"
            case isOffered = "offered"
            case notJudged = "not_judged"
        }
    }

    package struct Seeds: Sendable, Codable {
        package var loaded: Int
        /// Students whose variant was performed, and earned everything.
        package var performed: [String]
        package var troubles: [Trouble]
    }

    package var format = 1
    package var lab: String
    package var path: String
    package var reference: Reference
    /// Checks that pass although nobody did anything.
    package var blank: [String]
    package var runs: [Run] = []
    package var omitted: [Omitted] = []
    /// Nil where only some runs were asked for: then nothing can be said about survivors.
    package var checks: [Check]?
    package var seeds: Seeds?
    package var duration: Int64 = 0

    package var survivors: [Check] { (checks ?? []).filter(\.isSurvivor) }
    package var declared: [Run] { runs.filter { $0.expected != nil } }

    /// 0 proved, 1 disproved, 3 undecided.
    package var exitStatus: ExitStatus {
        let findings = Set(runs.map(\.finding))
        let reference = Set(reference.troubles.map(\.outcome))
        if reference.contains(Verdict.failed.rawValue) || !blank.isEmpty || findings.contains("differs")
            || !survivors.isEmpty || seeds?.troubles.contains(where: { $0.outcome != "machine" }) ?? false
        {
            return .checkFailed
        }
        // Without a wrong run nothing was shown.
        if !reference.isEmpty || runs.isEmpty || !declared.allSatisfy({ $0.finding == "as-declared" })
            || seeds?.troubles.isEmpty == false
        {
            return .inconclusive
        }
        return .passed
    }
}
