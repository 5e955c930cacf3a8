import LabModel
import LabSteps
import Synchronization

/// What the steps of one run came to, derived once each: for judges that are made again and again while the run goes on.
///
/// Only steps whose kind looks at nothing but its own artefacts are remembered: to all else something may still be added.
package final class DerivedSteps: Sendable {
    private struct Known: Sendable {
        let attempt: Int
        let finishedAt: Int64
        /// The tables that were asked about.
        let wanted: Set<String>
        let derived: Derived
    }

    private let known = Mutex<[String: Known]>([:])

    package init() {}

    func derived(
        of record: PerformedStep, by kind: any StepKind.Type, wanted: Set<String>,
        from evidence: @autoclosure () -> StepEvidence
    ) -> Derived {
        guard kind.isDerivedAlone, record.finishedAt != Int64.max else { return kind.derive(evidence()) }
        let before = known.withLock { $0[record.step] }
        if let before, before.attempt == record.attempt, before.finishedAt == record.finishedAt,
            before.wanted.isSuperset(of: wanted)
        {
            return before.derived
        }
        let derived = kind.derive(evidence())
        known.withLock {
            $0[record.step] = Known(
                attempt: record.attempt, finishedAt: record.finishedAt, wanted: wanted, derived: derived)
        }
        return derived
    }
}
