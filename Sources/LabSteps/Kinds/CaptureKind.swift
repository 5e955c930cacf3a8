import EngineCapture
import LabModel
import SupportQuestions
import Wire
import WireSessions

/// `capture`: captures packets on a host's interfaces until a `stop` step ends it.
package enum CaptureKind: HostStepKind {
    package static let schema = StepSchema(
        "capture", "captures packets on interfaces of a host until a `stop` step ends it",
        fields: [
            PlanField("interfaces", .list(.string), default: .list(["lo", "eth0"]), "the interfaces"),
            PlanField("only", .string, "a capture filter (BPF), as tcpdump takes it"),
        ],
        shorthand: "interfaces",
        results: [ResultField("file", .string, "the capture file, complete once the capture is stopped")],
        tables: [StepTables.capture],
        isRepeatable: false, guide: .capture)

    static let file = "capture.pcapng"

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let path = try host.artefact(file)
        let interfaces = plan.strings("interfaces")
        let capture = try start(
            CaptureConfiguration(interfaces: interfaces, file: host.absolute(path), filter: plan.string("only")))
        host.resources.keep(capture, for: host.step)
        try host.record(Value.list(interfaces.map { .string($0) }), as: "running.json")
        return StepOutcome(
            results: ["file": .string(path)], notes: ["capturing on \(interfaces.joined(separator: " and "))"])
    }

    /// The runner's own capture of a host, for the packets that steps are judged by.
    static func watch(absolute path: String, resources: HostResources) throws -> StepOutcome {
        resources.keep(
            try start(CaptureConfiguration(interfaces: ["lo", "eth0"], file: path)), for: "runner's capture")
        return StepOutcome()
    }

    static func drain(_ resources: HostResources) throws -> StepOutcome {
        for capture in resources.all(Capture.self) {
            _ = try explained { () throws(CaptureFailure) in try capture.drain() }
        }
        return StepOutcome()
    }

    static func stop(_ step: String, _ resources: HostResources) throws -> StepOutcome {
        guard let capture = resources.resource(of: step, as: Capture.self) else {
            throw StepFailure(.lab, "the step `\(step)` captures nothing")
        }
        let statistics = try explained { () throws(CaptureFailure) in try capture.stop() }
        resources.remove(step)
        var notes = ["\(statistics.written) packets, \(statistics.fileSize) bytes"]
        if statistics.dropped > 0 { notes.append("the kernel dropped \(statistics.dropped) packets") }
        return StepOutcome(results: ["file": .string("evidence/\(step)/\(file)")], notes: notes)
    }

    private static func start(_ configuration: CaptureConfiguration) throws -> Capture {
        try explained { () throws(CaptureFailure) in try Capture.start(configuration) }
    }

    private static func explained<Result>(_ body: () throws(CaptureFailure) -> Result) throws -> Result {
        do { return try body() } catch { throw StepFailure(.machine, error.message) }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        let interfaces = evidence.json([String].self, "running.json") ?? []
        let rows = interfaces.map { name in
            var row = RowBuilder(StepTables.capture)
            row.set("lab.capture.interface", name)
            row.set("lab.capture.running", true)
            return row.row
        }
        return Derived(tables: [TableRows(StepTables.capture, rows, provenance: .attested)])
    }

    /// All frames of a capture file, as they are without any key.
    static func frames(of file: String, _ evidence: StepEvidence) -> Derived {
        guard let bytes = evidence.bytes(file) else { return Derived(explanations: ["the capture file is missing"]) }
        let (rows, report) = Sessions.read(bytes, .frames(.all, keyLog: KeyLog()))
        var explanations: [String] = []
        if rows.frames.isEmpty { explanations.append("the capture holds no packets: was it stopped too early?") }
        if let error = report.captureError { explanations.append("the capture file is damaged: \(error)") }
        return Derived(
            tables: [TableRows(FrameTable.table, rows.frames, provenance: .recomputed)], explanations: explanations)
    }
}
