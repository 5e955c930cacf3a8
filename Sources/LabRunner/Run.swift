import LabJudge
import LabModel
import LabSteps
import LabWorld
import SupportCrypto
import SupportLinux
import SupportQuestions

/// One run of a lab by the runner: the world comes up, every step is performed and judged, everything is recorded.
package struct Run: Sendable {
    let request: RunRequest
    private let redaction: Redaction
    private let observer: any RunObserver
    let path: String
    private let id: String
    let recorder: EventRecorder
    var references: [String: Value]
    private var performed: [String: PerformedStep] = [:]
    private var skipped: [String: SkippedStep] = [:]
    /// The network in the place of a world, where the run is simulated.
    let simulation: SimulatedNetwork?
    /// Nanoseconds since 1970 as the run has them: virtual in a simulated one.
    let clock: @Sendable () -> Int64
    var captures: RunCaptures?
    /// The evidence, where there is no run folder.
    let memory: EvidenceMemory?
    let derived = DerivedSteps()
    /// Whether verdicts are given, while the run goes on and at its end.
    private let isJudged: Bool

    /// Performs a lab from its first step to its last.
    ///
    /// - Returns: the record and the run folder, absolute.
    /// - Throws: `PreflightError` before any step ran; `SystemError` where the folder cannot be written.
    package static func perform(
        _ request: RunRequest, observer: any RunObserver
    ) async throws -> (record: RunRecord, folder: String) {
        try preflight(request)
        var run = try Run(request, observer: observer, isJudged: true, memory: nil)
        return try await run.perform()
    }

    /// Performs a lab and keeps the evidence, without a verdict: for whoever judges many runs of one lab.
    ///
    /// - Returns: the run folder, absolute.
    /// - Throws: as `perform`.
    package static func record(_ request: RunRequest) async throws -> String {
        try await recorded(request, memory: nil).path
    }

    /// Performs a lab on the model of its network and keeps the evidence in memory: not a file is written.
    ///
    /// - Throws: `SimulationRefusal` where the lab cannot be simulated.
    package static func recordInMemory(_ request: RunRequest) async throws -> RecordedRun {
        var request = request
        request.isSimulated = true
        let memory = EvidenceMemory()
        let run = try await recorded(request, memory: memory)
        return RecordedRun(memory: memory, log: run.recorder.log, derived: run.derived)
    }

    private static func recorded(_ request: RunRequest, memory: EvidenceMemory?) async throws -> Run {
        struct Nobody: RunObserver {
            func handle(_ update: RunUpdate) {}
        }
        try preflight(request)
        var run = try Run(request, observer: Nobody(), isJudged: false, memory: memory)
        try await run.record(startedAt: run.clock())
        return run
    }

    private static func preflight(_ request: RunRequest) throws {
        if request.isSimulated {
            if let refusal = SimulationRefusal(of: request) { throw refusal }
        } else if request.lab.world != nil, case .failure(let refusal) = WorldMode.probe() {
            throw PreflightError(refusal: refusal)
        }
    }

    private init(_ request: RunRequest, observer: any RunObserver, isJudged: Bool, memory: EvidenceMemory?) throws {
        self.request = request
        self.memory = memory
        redaction = request.loaded.redaction
        self.observer = redaction.isEmpty ? observer : RedactingObserver(observer, redaction)
        self.isJudged = isJudged
        let now = request.environment.now
        if request.isSimulated, let world = request.lab.world {
            let network = try SimulatedNetwork(
                world, seed: request.loaded.seed.number, startedAt: now(),
                captured: Set(request.lab.steps.map(\.host)))
            simulation = network
            clock = { network.readClock() }
        } else {
            simulation = nil
            clock = now
        }
        references = request.loaded.references
        guard memory == nil else {
            (path, id) = ("", FolderCreation.id(at: now(), request.environment.randomBytes(3)))
            recorder = try EventRecorder(path: nil, clock: clock, redaction: redaction)
            return
        }
        (path, id) = try FolderCreation.create(
            below: request.runs, lab: request.lab, carriesKey: request.carriesKey, now: now(),
            randomness: request.environment.randomBytes(3))
        if !request.inputs.isEmpty { try Files.createDirectories(path + "/" + RunFolder.inputs) }
        for file in request.inputs { try Files.write(file.bytes, to: "\(path)/\(RunFolder.inputs)/\(file.path)") }
        recorder = try EventRecorder(path: path + "/" + RunFolder.events, clock: clock, redaction: redaction)
    }

    var lab: LabDefinition { request.lab }

    private mutating func perform() async throws -> (record: RunRecord, folder: String) {
        let startedAt = clock()
        try await record(startedAt: startedAt)
        let record = try finish(startedAt: startedAt)
        observer.handle(.finished(record, folder: path))
        return (record, path)
    }

    private mutating func record(startedAt: Int64) async throws {
        observer.handle(
            .started(
                .init(
                    lab: lab.name, title: lab.title.rendered(references), student: request.student,
                    seed: request.loaded.seed.number, folder: path, steps: lab.steps.count, maxPoints: lab.maxPoints,
                    language: .shown(for: request.language.text))))
        try recorder.record(
            "run-started",
            [
                "lab": .string(lab.name), "id": .string(id), "student": .string(request.student),
                "seed": .string(String(request.loaded.seed.number)), "file": .string(lab.files[0].path),
                "source": .string(request.source), "digest": .string(LabDigests.text(of: lab.files)),
                "version": .string(request.version), "language": .string(request.language.text),
                "variables": .map(request.loaded.recordedVariables),
                "only": .list(request.only.map { .string($0) }),
            ])
        let stage = try await openStage()
        do {
            try await performSteps(on: stage)
        } catch {
            await close(stage)
            throw error
        }
        await close(stage)
        if let memory {
            memory.mask(RunFolder.evidence, redaction)
        } else {
            try SecretMasking.maskAll(in: path, redaction)
        }
        try recordDigests()
        try recorder.record("run-finished")
    }

    // MARK: The steps

    private mutating func performSteps(on stage: (any Stage)?) async throws {
        for (index, step) in lab.steps.enumerated() {
            observer.handle(
                .stepStarted(
                    id: step.id, title: step.title.rendered(references), section: step.section, position: index + 1))
            if let skip = reasonToSkip(step) {
                try recorder.record("step-skipped", step: step.id, StepEvents.skipped(skip))
                skipped[step.id] = skip
            } else {
                try await perform(step, on: stage)
            }
            if isJudged { await show(step, on: stage) }
        }
    }

    private func reasonToSkip(_ step: StepDefinition) -> SkippedStep? {
        if request.skipped.contains(step.id) { return SkippedStep(status: .notDone, reason: "left out") }
        if !request.only.isEmpty, !StepSelection(request.only, in: lab).contains(step.id) {
            return SkippedStep(status: .notDone, .notSelected)
        }
        if !step.conditions.isEmpty, let unmet = judge().unmetCondition(of: step) {
            // Points that nobody could earn in this variant are no loss; others are.
            let status: StepResult.Status = unmet.isKnownBeforeRun || step.isOptional ? .notOffered : .notDone
            return SkippedStep(status: status, .notTaken(condition: unmet.text))
        }
        for need in step.needs {
            if let failure = performed[need]?.failure {
                return SkippedStep(status: .blocked, .waitingOnFailed(step: need, because: failure.message))
            }
            if let other = skipped[need] {
                return SkippedStep(status: .blocked, .waitingOnSkipped(step: need, status: other.status))
            }
        }
        if step.isOptional, let missing = OptionalNeeds.missing(for: step, references: references) {
            return SkippedStep(status: .notOffered, missing)
        }
        return nil
    }

    /// Performs a step, and where it may be retried once more after each attempt that did not do.
    private mutating func perform(_ step: StepDefinition, on stage: (any Stage)?) async throws {
        let began = clock()
        var attempt = 1
        var received = try await receive(step, attempt: attempt)
        if case .nothing(let why) = received {
            let skip = SkippedStep(status: step.isOptional ? .notOffered : .notDone, why)
            try recorder.record("step-skipped", step: step.id, StepEvents.skipped(skip))
            skipped[step.id] = skip
            return
        }
        while true {
            try await perform(step, attempt: attempt, received, on: stage)
            guard let retry = step.retry, retry.allows(attempt: attempt + 1, after: clock() &- began),
                let reason = await reasonToRetry(step, on: stage)
            else { return }
            // To a student who is asked again the reason would tell the answer.
            if case .notAsked = received {
                observer.handle(.progress(step: step.id, text: "once more: \(reason)"))
            }
            received = try await receive(step, attempt: attempt + 1)
            // What was given before stands.
            if case .nothing = received { return }
            try recorder.record(
                "step-retried", step: step.id,
                ["attempt": .int(Int64(attempt)), "reason": .string(reason), "because": .string(retry.because)])
            try setAside(of: step.id, attempt: attempt)
            try await stage?.pass(retry.pause)
            attempt += 1
        }
    }

    /// Asks the student for what the step takes, before the step begins: how long they think is no part of it.
    private func receive(_ step: StepDefinition, attempt: Int) async throws -> Received {
        guard let kind = StepCatalog.kind(named: step.kind) as? any StudentStepKind.Type,
            let plan = try? PlanResolution.resolve(step, references: references)
        else { return .notAsked }
        let student = StepStudent(
            definition: step, attempt: attempt, language: .shown(for: request.language.text), references: references,
            respondent: request.respondent, willAsk: { [observer, id = step.id] in observer.handle(.asking(step: id)) })
        do {
            return try await kind.receive(plan, from: student).map { .given($0) } ?? .nothing(kind.nothing(plan))
        } catch let failure as StepFailure {
            return .refused(failure)
        }
    }

    /// Why an attempt was not good enough; nil where it was, and where another one would be no better.
    private func reasonToRetry(_ step: StepDefinition, on stage: (any Stage)?) async -> String? {
        if let failure = performed[step.id]?.failure { return failure.fault == .subject ? failure.message : nil }
        let failed = await settledResult(of: step, on: stage).checks.first { $0.verdict == .failed }
        return failed.map { "`\($0.check)`: \($0.reason)" }
    }

    private mutating func perform(
        _ step: StepDefinition, attempt: Int, _ received: Received, on stage: (any Stage)?
    ) async throws {
        let actor: Actor = StepCatalog.kind(named: step.kind) is any StudentStepKind.Type ? .student : .runner
        var record = PerformedStep(
            step: step.id, kind: step.kind, host: step.host, plan: StepPlan([:]), actor: actor,
            startedAt: clock())
        record.attempt = attempt
        do {
            record.plan = try PlanResolution.resolve(step, references: references)
            var start: [String: Value] = [
                "kind": .string(step.kind), "host": .string(step.host), "plan": .map(record.plan.values),
            ]
            if attempt > 1 { start["attempt"] = .int(Int64(attempt)) }
            let started = try recorder.record("step-started", step: step.id, actor: actor, .map(start))
            record.startedAt = started.time
            let outcome = try await carryOut(step, record.plan, received, on: stage)
            try await stage?.settle()
            record.results = outcome.results
            record.notes = outcome.notes
            record.waited = outcome.waited
        } catch let failure as StepFailure {
            record.failure = failure
            try? await stage?.settle()
        }
        if StepCatalog.kind(named: step.kind)?.schema.isRepeatable ?? false {
            // Nothing writes there any more.
            try maskArtefacts(of: step.id, redaction)
        }
        record.artefacts = try artefacts(of: step.id)
        let finished = try recorder.record(
            "step-finished", step: step.id, actor: actor, StepEvents.finished(record))
        record.finishedAt = finished.time
        performed[step.id] = record
        if record.failure == nil { learn(record.results, of: step) }
    }

    private func carryOut(
        _ step: StepDefinition, _ plan: StepPlan, _ received: Received, on stage: (any Stage)?
    ) async throws -> StepOutcome {
        switch received {
        case .given(let submission): return try keep(submission, of: step)
        case .refused(let failure): throw failure
        case .nothing, .notAsked: break
        }
        guard let stage else { throw StepFailure(.machine, "the lab has no world to perform this in") }
        let report: @Sendable (String) -> Void = { [observer, id = step.id] text in
            observer.handle(.progress(step: id, text: text))
        }
        // To a run that nobody watches nothing is told a thousand times.
        let progress = isJudged ? report : nil
        switch StepCatalog.kind(named: step.kind) {
        case let kind as any HostStepKind.Type:
            // What came to grief before is another step's.
            if kind.watchesFates { _ = await stage.takeFates(of: step.host) }
            let outcome = try await stage.ask(
                .perform(kind: step.kind, step: step.id, plan: plan), on: step.host, progress: progress)
            if kind.watchesFates {
                let fates = await stage.takeFates(of: step.host)
                if !fates.isEmpty { try keep(fates, as: FateRows.artefact, of: step) }
            }
            return outcome
        case let kind as any RunnerStepKind.Type:
            return try await kind.perform(
                plan,
                by: StepContext(
                    step: step.id, host: step.host, run: path, executable: request.executable, stage: stage,
                    performed: performed, memory: memory, report: report))
        default: throw StepFailure(.machine, "there is no step kind `\(step.kind)`")
        }
    }

    private mutating func learn(_ results: [String: Value], of step: StepDefinition) {
        guard let schema = StepCatalog.kind(named: step.kind)?.schema else { return }
        for (name, value) in StepReferences.values(of: results, step: step.id, schema: schema) {
            references[name] = value
        }
    }

    // MARK: Judging

    private func judge() -> Judge {
        Judge(
            lab: lab, run: path, references: request.loaded.judgedReferences, events: EventLog(recorder.events),
            isLive: true, redaction: redaction, memory: memory, known: derived)
    }

    private func show(_ step: StepDefinition, on stage: (any Stage)?) async {
        observer.handle(.stepFinished(await settledResult(of: step, on: stage)))
    }

    /// What a step came to. What proxies record may still be on its way to us; a verdict that it could change is not told
    /// before it had the time to come.
    private func settledResult(of step: StepDefinition, on stage: (any Stage)?) async -> StepResult {
        var marks = stage?.eventMarks ?? [:]
        var result = judge().judge(step)
        let late = [SharedTables.flow.name, SharedTables.handshake.name]
        while let stage, result.checks.contains(where: { $0.verdict == .failed && late.contains($0.table) }),
            await stage.waitForEvents(beyond: marks, within: 500_000_000)
        {
            marks = stage.eventMarks
            result = judge().judge(step)
        }
        return result
    }

    private func recordDigests() throws {
        for artefact in try memory?.artefacts(below: RunFolder.evidence) ?? Artefacts.all(in: path) {
            try recorder.record(
                "artefact", ["path": .string(artefact.path), "sha256": .string(artefact.sha256)])
        }
    }

    private func finish(startedAt: Int64) throws -> RunRecord {
        let judgement = try RunJudgement.judge(run: path, expectsRecord: false)
        let finishedAt = clock()
        var record = RunRecord(
            id: id,
            lab: .init(
                name: lab.name, title: lab.title.rendered(references), file: lab.files[0].path,
                judgingDigest: LabDigests.judging(of: lab), textDigest: LabDigests.text(of: lab.files),
                publishedFrom: lab.edition?.publishedFrom),
            runner: .init(version: request.version, kernel: Kernel.release()), student: request.student,
            seed: request.loaded.seed.number, credit: lab.credit, startedAt: startedAt,
            finishedAt: finishedAt, sessions: [.init(startedAt: startedAt, finishedAt: finishedAt, actor: .runner)],
            capabilities: [:], variables: request.loaded.recordedVariables,
            chain: recorder.chain, steps: judgement.steps, findings: judgement.findings)
        record.isSimulated = simulation == nil ? nil : true
        record.language = request.language.text
        record = try redaction.record(record)
        try Files.writeAtomically(try JSON.encode(record, pretty: true), to: path + "/" + RunFolder.record)
        try FolderCreation.markLatest(id: id, lab: lab.name, below: request.runs)
        return record
    }
}

extension Run {
    /// Names given to `--only` that stand for no step and no check of the lab.
    package static func unknownSelections(_ names: [String], in lab: LabDefinition) -> [String] {
        StepSelection.unknown(names, in: lab)
    }
}
