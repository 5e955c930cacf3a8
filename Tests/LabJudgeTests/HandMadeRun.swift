import LabJudge
import LabModel
import LabTestSupport

/// A run folder made by hand: a lab of a few steps, events, and artefacts as engines would have left them.
final class HandMadeRun: Sendable {
    private let home = TemporaryFolder()

    /// Two connections through a proxy and what builds on them; `points` are shared as in any lab.
    static let lab = """
        format: 1
        lab: mini
        title: Mini
        steps:
        - id: mitm
          title: Start the proxy
          proxy: 9000
        - id: page
          title: Fetch a page
          request: https://www.example.test/
          points: 5
          expect:
            joined: { is: lab.http.body contains "token" and lab.tls.client_random in $mitm.client_randoms, points: 3 }
            body: lab.http.body contains "token"
            known: lab.tls.client_random in $mitm.client_randoms
        - id: after
          title: Use what was saved
          trust: { install: $page.file }
          expect:
            installed: lab.trust.installed == true
          forbid:
            error: { is: lab.trust.installed == false, control: page.joined }
        """

    static let randomA = String(repeating: "aa", count: 32)
    static let randomB = String(repeating: "bb", count: 32)

    struct Step {
        var id: String
        var plan: [String: Value] = [:]
        var results: [String: Value] = [:]
        var failure: StepFailure?
        var skipped: StepResult.Status?
    }

    init(_ steps: [Step], evidence: [String: String], lab: String = HandMadeRun.lab) throws {
        try write(lab, "lab/mini.yml")
        for (path, text) in evidence { try write(text, "evidence/" + path) }
        var events: [(name: String, step: String?, data: Value)] = [
            ("run-started", nil, ["file": "mini.yml", "student": "", "seed": "1", "variables": [:]])
        ]
        for step in steps {
            if let status = step.skipped {
                events.append(
                    ("step-skipped", step.id, ["status": .string(status.rawValue), "reason": "for a reason"]))
                continue
            }
            events.append(("step-started", step.id, ["kind": "", "host": "", "plan": .map(step.plan)]))
            var data: [String: Value] = ["results": .map(step.results)]
            if let failure = step.failure {
                data["fault"] = .string(failure.fault.rawValue)
                data["message"] = .string(failure.message)
            }
            events.append(("step-finished", step.id, .map(data)))
        }
        try write(log(events), "events.jsonl")
    }

    private func log(_ events: [(name: String, step: String?, data: Value)]) throws -> String {
        var previous = Event.start
        var text = ""
        for (index, event) in events.enumerated() {
            let line = try JSON.encode(
                Event(
                    seq: index, time: Int64(index) * 1000, actor: .runner, step: event.step, event: event.name,
                    data: event.data, previous: previous))
            previous = Event.hash(of: line)
            text += String(decoding: line, as: UTF8.self) + "\n"
        }
        return text
    }

    private func write(_ text: String, _ path: String) throws {
        let folders = path.split(separator: "/").dropLast()
        for index in folders.indices {
            try Folder.make(home.path + "/" + folders[...index].joined(separator: "/"))
        }
        home.write(Array(text.utf8), to: path)
    }

    /// What people are told of each step.
    func notes() throws -> [String: [String]] {
        let steps = try RunJudgement.judge(run: home.path).steps
        return Dictionary(steps.map { ($0.id, $0.notes) }, uniquingKeysWith: { first, _ in first })
    }

    func judge() throws -> [String: CheckResult] {
        let steps = try RunJudgement.judge(run: home.path).steps
        return Dictionary(steps.flatMap(\.checks).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: Artefacts

    /// One exchange of the runner's client with its body, as the `request` kind records it.
    static func exchange(_ number: Int, random: String) -> String {
        """
        {"url":"https://www.example.test/","method":"GET","host":"www.example.test","path":"/","code":200,\
        "headers":[],"body":"evidence/page/body-\(number).bin","bodyLength":9,"isVerified":false,"duration":1,\
        "tls":{"version":"TLSv1.3","cipher":"TLS_AES_128_GCM_SHA256","clientRandom":"\(random)"}}

        """
    }

    /// A handshake of a client with the proxy, as the proxy records it.
    static func handshake(random: String) -> String {
        """
        {"event":"handshake","at":1,"connection":1,"leg":"client","peer":{"address":"127.0.0.1","port":40000},\
        "host":"www.example.test","port":443,"tls":{"version":"TLSv1.3","cipher":"TLS_AES_128_GCM_SHA256",\
        "sni":"www.example.test","client_random":"\(random)"}}

        """
    }

    /// Both steps done, the page read over connection A beside another one over connection B.
    static func twoConnections(known random: String, body: String = "a token") throws -> HandMadeRun {
        try HandMadeRun(
            [Step(id: "mitm"), Step(id: "page", plan: ["url": "https://www.example.test/"])],
            evidence: [
                "mitm/events.jsonl": handshake(random: random), "page/body-1.bin": body, "page/body-2.bin": "not it",
                "page/exchanges.jsonl": exchange(1, random: randomA) + exchange(2, random: randomB),
            ])
    }
}
