import LabModel
import LabSteps
import SupportCrypto
import SupportDiagnostics
import SupportLinux

/// A run judged again from nothing but its folder.
package struct RunJudgement: Sendable {
    package var lab: LabDefinition
    package var log: EventLog
    package var steps: [StepResult]
    package var language: LanguageTag
    package var title: String
    /// What is wrong with the evidence itself.
    package var findings: [String]

    /// - Parameters:
    ///   - run: the run folder, absolute; `Labs/` is not looked at.
    ///   - expectsRecord: false only while the runner is about to write its record.
    ///   - key: the instructor's key file, for a run that holds none; nil: the one in the run, if it holds one.
    /// - Throws: `RunFolderError` where the folder holds no run, `Diagnostics` where its lab cannot be read.
    ///   - language: of the lab's texts and the runner's words; nil: the one that the run was shown in.
    package static func judge(
        run: String, language: LanguageTag? = nil, expectsRecord: Bool = true, key: String? = nil
    ) throws -> RunJudgement {
        guard let bytes = try? Files.read("\(run)/\(RunFolder.events)") else { throw RunFolderError.noEvents(run) }
        let log = EventLog.parse(bytes)
        guard let start = log.events.first, start.event == "run-started", let file = start.data["file"]?.string,
            RunFolder.isInside(file)
        else { throw RunFolderError.noStart(run) }
        let settings = LabSettings(
            student: start.data["student"]?.string ?? "",
            seed: start.data["seed"]?.string.flatMap(UInt64.init), overrides: overrides(start.data["variables"]),
            language: language ?? start.data["language"]?.string.flatMap { LanguageTag($0) } ?? .english)
        let folder = "\(run)/\(RunFolder.lab)/"
        if let key { try KeyOwnership.lab(of: key) }
        let loaded = LabLoader.standard.load(
            folder + file, shownAs: start.data["source"]?.string, settings: settings, key: key, edits: LabEdits())
        guard let lab = loaded.lab, !loaded.hasErrors else { throw Diagnostics(loaded.problems) }
        if let key { try KeyOwnership.verify(lab, key: key) }
        let judge = Judge(
            lab: lab, run: run, references: loaded.judgedReferences, events: log, isLive: false,
            redaction: loaded.redaction)
        var judgement = RunJudgement(
            lab: lab, log: log, steps: judge.judge(), language: settings.language ?? .english,
            title: lab.title.rendered(loaded.judgedReferences), findings: [])
        let integrity = Integrity(run: run, log: log, lab: lab, expectsRecord: expectsRecord)
        judgement.findings = integrity.findings
        integrity.withdraw(from: &judgement.steps)
        return judgement
    }

    private static func overrides(_ variables: Value?) -> [String: String] {
        guard case .map(let values)? = variables else { return [:] }
        return values.mapValues(\.text)
    }
}

/// Why a folder cannot be judged.
package enum RunFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    case noEvents(String)
    case noStart(String)

    package var description: String {
        switch self {
        case .noEvents(let run): "`\(run)` is no run: it has no \(RunFolder.events)"
        case .noStart(let run):
            "`\(run)` cannot be judged: its \(RunFolder.events) does not begin with the start of a run"
        }
    }
}

extension LabLoader {
    /// With every kind and table there is, reading from the file system.
    package static let standard = LabLoader(
        catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
        readFile: { Confinement.isRegularFile($0) ? try? Files.prefix($0, limit: LabLoader.mostBytes) : nil },
        fileSize: { Files.size(of: $0) },
        listFolder: { ((try? Files.list($0.isEmpty ? "." : $0)) ?? []).filter { $0.kind == .file }.map(\.name) },
        examineWorld: { WorldExamination.problems(of: $0) },
        isInside: { Confinement.isInside($1, of: $0) })
}
