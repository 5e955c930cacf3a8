import EngineTrust
import LabModel
import SupportQuestions
import SupportCrypto
import SupportLinux

/// `trust`: installs a root into the store that a host's clients read, or removes it.
package enum TrustKind: HostStepKind {
    package static let trust = Table(
        "trust", "a root in the store of the host",
        fields: [
            Field("lab.trust.name", .string, "the name under which it was installed"),
            Field("lab.trust.installed", .boolean, "whether clients of this store trust it"),
            Field("lab.trust.sha256", .bytes, "the fingerprint of the certificate"),
            Field("lab.trust.subject", .string, "whom it names"),
        ])

    package static let schema = StepSchema(
        "trust", "installs a root certificate into the store of a host, or removes it",
        fields: [
            PlanField("install", .string, "the certificate file to install, PEM, as an earlier step gave it"),
            PlanField("remove", .string, "the name of the certificate to remove"),
            PlanField("name", .string, default: .string("lab-interception"), "the name to install it under"),
        ],
        results: [ResultField("name", .string, "the name under which it was installed")],
        tables: [trust, StepTables.certificate],
        isRepeatable: false, guide: .trust)

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let store = TrustStore()
        let name = plan.string("remove") ?? plan.string("name") ?? "lab-interception"
        var subject = ""
        var fingerprint: [UInt8] = []
        do {
            if let file = plan.string("install") {
                guard RunFolder.isInside(file) else {
                    throw StepFailure(.lab, "`\(file)` is not a file of this run")
                }
                let certificate = try Certificate(pem: try Files.read(host.absolute(file)), source: file)
                _ = try store.install(certificate, as: name, now: Int64(clamping: Clocks.realtime()))
                try host.record(certificate.pem, as: "installed.pem")
                subject = certificate.subject
                fingerprint = certificate.sha256
            } else {
                fingerprint = try store.status().first { $0.name == name }.flatMap { Hex.bytes($0.sha256) } ?? []
                _ = try store.remove(name)
            }
            let isTrusted = try store.bundleHolds(sha256: fingerprint)
            // The store itself is the evidence: what clients read, as they read it.
            try host.record(try Files.read(host.facts.bundle), as: "ca-certificates.crt")
            try host.record(
                Value.map(["name": .string(name), "sha256": .string(Hex.string(fingerprint))]), as: "trust.json")
            return StepOutcome(
                results: ["name": .string(name)],
                notes: [isTrusted ? "trusted now: \(subject)" : "no longer trusted: \(name)"])
        } catch let error as TrustError {
            throw StepFailure(.subject, "\(error)")
        } catch let error as CertificateError {
            throw StepFailure(.subject, "the file is no certificate that can be installed: \(error)")
        }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let change = evidence.json(Value.self, "trust.json"),
            let fingerprint = change["sha256"]?.string.flatMap({ Hex.bytes($0) })
        else { return Derived() }
        let bundle = evidence.bytes(evidence.artefact("ca-certificates.crt")).map { CertificateBundle(pem: $0) }
        let held = bundle?.certificates.first { $0.sha256 == fingerprint }
        var row = RowBuilder(trust)
        row.set("lab.trust.name", change["name"]?.string)
        row.set("lab.trust.installed", held != nil)
        row.set("lab.trust.sha256", .bytes(fingerprint))
        row.set("lab.trust.subject", held?.subject)
        let installed = evidence.bytes(evidence.artefact("installed.pem")).flatMap { try? Certificate(pem: $0) }
        return Derived(tables: [
            TableRows(trust, [row.row], provenance: .recomputed),
            TableRows(
                StepTables.certificate, installed.map { [CertificateRows.row($0)] } ?? [], provenance: .recomputed),
        ])
    }
}
