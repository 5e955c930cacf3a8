import LabJudge
import LabModel
import LabRunner
import LabSteps
import SupportCrypto

/// Many students' variants of a lab, each performed on the model of its network and judged.
package struct SimulatedVariants: Sendable {
    package struct Result: Sendable, Codable, Hashable {
        /// How many were judged.
        package var variants: Int
        /// SHA-256 over all evidence and all verdicts, in hexadecimal: equal where every byte of both is.
        package var digest: String
        /// The first of all that went wrong.
        package var troubles: [ProofResult.Trouble]
        package var troubleCount: Int

        package var exitStatus: LabModel.ExitStatus { troubleCount == 0 ? .passed : .checkFailed }
    }

    let lab: ProofLab
    let version: String
    let jobs: Int

    /// The second that all variants begin at: 2026-01-01 00:00 UTC.
    private static let start: Int64 = 1_767_225_600_000_000_000
    private static let shownTroubles = 20

    package init(lab: ProofLab, version: String, jobs: Int) {
        self.lab = lab
        self.version = version
        self.jobs = max(1, jobs)
    }

    private struct Variant: Sendable {
        var digest: [UInt8]
        var troubles: [ProofResult.Trouble]
    }

    /// Nothing is written: evidence lies in memory until it is judged.
    ///
    /// - Throws: `SimulationRefusal` where the lab cannot be simulated.
    package func judge(_ count: Int) async throws -> Result {
        let own = Structure(lab.lab)
        let loader = LabLoader.standard.forVariants
        return try await withThrowingTaskGroup(of: (Int, Variant).self) { group in
            var variants = [Variant?](repeating: nil, count: count)
            for index in 0..<count {
                if index >= jobs, let (before, done) = try await group.next() { variants[before] = done }
                group.addTask { (index, try await variant(index + 1, own, loader)) }
            }
            while let (before, done) = try await group.next() { variants[before] = done }
            let done = variants.compactMap { $0 }
            let troubles = done.flatMap(\.troubles)
            let digest = DigestAlgorithm.sha256.digest(of: done.flatMap(\.digest))
            return Result(
                variants: done.count, digest: Hex.string(digest),
                troubles: Array(troubles.prefix(Self.shownTroubles)), troubleCount: troubles.count)
        }
    }

    private func variant(_ number: Int, _ own: Structure, _ loader: LabLoader) async throws -> Variant {
        let student = "variant \(number)"
        guard let variant = lab.forStudent(student, loader: loader) else {
            return Variant(
                digest: [],
                troubles: [.init(check: student, outcome: "invalid", reason: "the lab cannot be read")])
        }
        var troubles: [ProofResult.Trouble] = []
        if let difference = own.difference(to: Structure(variant.lab)) {
            troubles.append(.init(check: student, outcome: "different", reason: difference))
        }
        var request = RunRequest(
            loaded: variant.loaded, lab: variant.lab, source: variant.lab.files[0].path, student: student, runs: "",
            only: [], executable: "", version: version,
            environment: RunEnvironment(
                now: { Self.start }, randomBytes: { [UInt8](repeating: 0, count: $0) }))
        request.respondent = KeyRespondent(key: lab.lab.key, instead: [:])
        let evidence = RunEvidence(variant, try await Run.recordInMemory(request))
        var steps = evidence.judge(by: variant)
        // Where the lab lies is no part of what it comes to.
        for step in steps.indices {
            for check in steps[step].checks.indices {
                steps[step].checks[check].file = ""
                steps[step].checks[check].display = ""
            }
        }
        troubles += Proof.troubles(steps).map {
            .init(check: "\(student): \($0.check)", outcome: $0.outcome, reason: $0.reason)
        }
        // The events end with the digest of every file of evidence.
        return Variant(
            digest: Array(evidence.log.head.utf8) + DigestAlgorithm.sha256.digest(of: try JSON.encode(steps)),
            troubles: troubles)
    }
}
