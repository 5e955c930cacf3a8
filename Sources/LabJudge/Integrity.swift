import LabModel
import SupportCrypto
import SupportLinux

/// Whether the evidence is still what the run left: the chain of events, and the digests of artefacts.
///
/// A change never improves a verdict: what passes on changed evidence becomes inconclusive, and nothing gets better than
/// the runner itself found it.
struct Integrity {
    private(set) var findings: [String] = []
    private var isChainBroken = false
    private var changed = Set<String>()
    private let main: String
    private let hosts: [String: String]
    /// What the runner itself found, by check; empty where its record is gone.
    private var recorded: [String: CheckResult] = [:]

    /// - Parameter expectsRecord: whether the run is over, so that its record must be there.
    init(run: String, log: EventLog, lab: LabDefinition, expectsRecord: Bool) {
        main = lab.host
        hosts = Dictionary(lab.steps.map { ($0.id, $0.host) }, uniquingKeysWith: { first, _ in first })
        checkChain(log, run: run, expectsRecord: expectsRecord)
        checkArtefacts(log, run: run)
    }

    private mutating func checkChain(_ log: EventLog, run: String, expectsRecord: Bool) {
        let record = (try? Files.read("\(run)/\(RunFolder.record)")).flatMap {
            try? JSON.decode(RunRecord.self, from: $0)
        }
        recorded = Dictionary((record?.checks ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        if let line = log.brokenAt {
            isChainBroken = true
            findings.append(
                "\(RunFolder.events) was changed after the run: line \(line) does not follow from the line before")
            return
        }
        if log.events.last?.event != "run-finished" {
            findings.append("\(RunFolder.events) ends before the run does: it was interrupted, or cut")
        }
        guard let record else {
            if expectsRecord {
                findings.append(
                    "\(RunFolder.record) is missing or damaged: nothing says where \(RunFolder.events) ends")
            }
            return
        }
        if record.chain.head != log.head {
            isChainBroken = true
            findings.append("\(RunFolder.events) is not the one that \(RunFolder.record) was made from")
        }
    }

    private mutating func checkArtefacts(_ log: EventLog, run: String) {
        var digests: [(path: String, sha256: String)] = []
        for event in log.events where event.event == "artefact" {
            if let path = event.data["path"]?.string, let sha256 = event.data["sha256"]?.string {
                digests.append((path, sha256))
            }
        }
        for (path, sha256) in digests {
            guard RunFolder.isInside(path), let bytes = try? Files.read("\(run)/\(path)", limit: 1 << 32) else {
                findings.append("\(path) is missing")
                changed.insert(path)
                continue
            }
            if Hex.string(DigestAlgorithm.sha256.digest(of: bytes)) != sha256 {
                findings.append("\(path) was changed after the run")
                changed.insert(path)
            }
        }
        // What was put there afterwards would be read like the rest: only a run that was cut short has no list of it.
        guard log.events.last?.event == "run-finished" else { return }
        let known = Set(digests.map(\.path))
        for path in Self.files(below: RunFolder.evidence, in: run) where !known.contains(path) {
            findings.append("\(path) was added after the run")
            changed.insert(path)
        }
    }

    private static func files(below folder: String, in run: String) -> [String] {
        let entries = (try? Files.list("\(run)/\(folder)")) ?? []
        return entries.sorted { $0.name < $1.name }.flatMap { entry in
            let path = "\(folder)/\(entry.name)"
            return entry.kind == .directory ? files(below: path, in: run) : [path]
        }
    }

    /// Takes back what passed on changed evidence.
    func withdraw(from steps: inout [StepResult]) {
        guard isChainBroken || !changed.isEmpty else { return }
        for stepIndex in steps.indices {
            for index in steps[stepIndex].checks.indices {
                let check = steps[stepIndex].checks[index]
                if check.verdict == .passed, let reason = doubt(about: check, steps[stepIndex]) {
                    steps[stepIndex].checks[index].verdict = .inconclusive
                    steps[stepIndex].checks[index].cause = .machine
                    steps[stepIndex].checks[index].explain(reason)
                    steps[stepIndex].checks[index].points = 0
                }
                if let before = recorded[check.name], before.rank < steps[stepIndex].checks[index].rank {
                    steps[stepIndex].checks[index] = before
                }
            }
        }
    }

    private func doubt(about check: CheckResult, _ step: StepResult) -> Reason? {
        if isChainBroken { return .recordChanged }
        let shared = [
            "frame": [RunFolder.capture(host: hosts[step.id] ?? main, main: main), RunFolder.clientKeys],
            "visit": [RunFolder.siteLog],
        ]
        let named = step.results.values.compactMap(\.string)
        let used = (shared[check.table] ?? []) + named
        let own = "\(RunFolder.evidence)/\(step.id)/"
        guard let path = changed.sorted().first(where: { path in path.hasPrefix(own) || used.contains(path) }) else {
            return nil
        }
        return .evidenceChanged(path: path)
    }
}

extension CheckResult {
    /// How good a result is for whoever is judged.
    fileprivate var rank: Int {
        switch (verdict, cause) {
        case (.failed, _): 0
        case (.inconclusive, .machine): 2
        case (.inconclusive, _): 1
        case (.passed, _): 3
        }
    }
}
