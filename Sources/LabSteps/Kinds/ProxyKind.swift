import EngineProxy
import LabModel
import SupportCrypto
import SupportLinux
import SupportQuestions

/// `proxy`: starts the intercepting proxy as a student would, as a program on a terminal of its own.
package enum ProxyKind: RunnerStepKind {
    package static let schema = StepSchema(
        "proxy", "starts the intercepting proxy on a terminal of its own; it runs until a `stop` step",
        fields: [
            PlanField("listen", .port, default: .int(9000), "the port it listens on"),
            PlanField("address", .string, default: .string("127.0.0.1"), "the address it listens on"),
            PlanField("keylog", .string, "a file name for `SSLKEYLOGFILE`, in the folder of this step"),
        ],
        shorthand: "listen",
        results: [
            ResultField("endpoint", .string, "HOST:PORT, as `via` and `system-proxy` want it"),
            ResultField("port", .unsigned, "the port"),
            ResultField("address", .string, "the address"),
            ResultField("ca.sha256", .bytes, "the fingerprint of its certificate authority"),
            ResultField("keylog", .string, "the key log file"),
            ResultField("client_randoms", .bytes, list: true, "client randoms of its clients' TLS connections"),
            ResultField("server_randoms", .bytes, list: true, "client randoms of its own TLS connections to sites"),
        ],
        tables: [StepTables.listen, StepTables.file],
        isRepeatable: false, guide: .proxy)

    static let events = "events.jsonl"

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let port = plan.int("listen") ?? 9000
        let address = plan.string("address") ?? "127.0.0.1"
        let home = try runner.home()
        var environment = runner.facts.environment.filter { !$0.key.lowercased().hasSuffix("_proxy") }
        let folder = "evidence/\(runner.step)"
        try runner.record([], as: events)
        var keylog: String?
        if let name = plan.string("keylog") {
            guard !name.contains("/"), !name.hasPrefix(".") else {
                throw StepFailure(.lab, "`keylog` is a bare file name, found `\(name)`")
            }
            keylog = "\(folder)/\(name)"
            environment["SSLKEYLOGFILE"] = "\(runner.run)/\(folder)/\(name)"
        }
        let program = try await runner.start(
            ProgramStart(
                arguments: [
                    runner.executable, "proxy", "--listen-port", String(port), "--listen-host", address,
                    "--confdir", home + "/.mitmproxy", "--events", "3",
                ],
                environment: environment, workingDirectory: home, onTerminal: true, eventsArtefact: events))
        guard let listening = await program.waitForEvent("listening", within: 10_000_000_000) else {
            let said = TerminalText.plain(await program.output().output)
            try runner.record(Array(said.utf8), as: "terminal.txt")
            await program.terminate()
            throw StepFailure(
                .subject,
                "the proxy did not start: " + (said.split(separator: "\n").last.map(String.init) ?? "it said nothing"))
        }
        _ = try await runner.ask(.probeListener(port: port, step: runner.step), on: runner.host)
        var results: [String: Value] = [
            "endpoint": .string("\(address):\(port)"), "port": .int(Int64(port)), "address": .string(address),
            "ca.sha256": listening["authority_sha256"] ?? .null,
        ]
        if let keylog {
            results["keylog"] = .string(keylog)
            let name = plan.string("keylog") ?? ""
            let mode = Files.permissions(of: "\(runner.run)/\(keylog)").map { [name: $0] } ?? [:]
            try runner.record(try JSON.encode(mode), as: FileRows.modes)
        }
        return StepOutcome(results: results, notes: ["listening on \(address), port \(port)"])
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        var derived = Derived()
        derived.tables.append(
            TableRows(StepTables.listen, ListenerProbe.rows(evidence), provenance: .attested))
        if let name = evidence.plan.string("keylog") {
            derived.tables.append(
                TableRows(StepTables.file, FileRows.rows([name], of: evidence), provenance: .recomputed))
        }
        let handshakes = ProxyRecords.events(of: evidence.step, in: evidence).compactMap { event -> ProxyHandshake? in
            if case .handshake(let handshake) = event { handshake } else { nil }
        }
        derived.columns["client_randoms"] = handshakes.filter { $0.leg == .client }.map { .string($0.tls.clientRandom) }
        derived.columns["server_randoms"] = handshakes.filter { $0.leg == .server }.map { .string($0.tls.clientRandom) }
        return derived
    }
}
