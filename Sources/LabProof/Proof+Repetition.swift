import LabModel

extension Proof {
    /// Makes a declared run that came out differently once more, alone: where the second run comes out as declared or in
    /// a third way, verdicts depend on something that the lab does not hold steady, and nothing is decided.
    package func repeatUnexpected(_ result: inout ProofResult, _ evidence: Evidence) async {
        for (index, performed) in evidence.runs.enumerated() where result.runs[index].finding == "differs" {
            guard !performed.run.isReplayed,
                let again = try? await runner.perform(
                    performed.run, number: evidence.runs.count + index, reference: evidence.reference,
                    earlier: evidence.earlier)
            else { continue }
            var second = evidence
            second.runs = [again]
            let judged = await assess(second, by: lab)
            guard let run = judged.runs.first else { continue }
            if run.failed != result.runs[index].failed {
                result.runs[index].finding = ProofResult.Finding.unsteady.word
                result.runs[index].reason =
                    "one run fails \(text(result.runs[index].failed)), another \(text(run.failed))"
            }
        }
    }

    private func text(_ names: [String]) -> String {
        names.isEmpty ? "nothing" : names.map { "`\($0)`" }.joined(separator: ", ")
    }
}
