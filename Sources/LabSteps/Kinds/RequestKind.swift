import EngineWeb
import LabModel
import NIOCore
import SupportCrypto
import SupportQuestions
import SupportTransport
import WireSessions

/// `request`: asks for a web page as a browser would, with the host's own trust store and proxy setting.
package enum RequestKind: HostStepKind {
    package static let schema = StepSchema(
        "request", "asks for web pages as a browser would, with the trust store and the proxy setting of its host",
        fields: [
            PlanField("url", .string, required: true, "the page's address"),
            PlanField(
                "pages", .list(.string), default: .list([]),
                "paths on the same site to ask for, in place of the URL's own"),
            PlanField(
                "via", .string, default: .string("system"), "the proxy as HOST:PORT or `$step`; `none` for no proxy"),
            PlanField("method", .string, default: .string("GET"), "the method"),
            PlanField("version", .choice(["auto", "1.1", "2"]), default: .string("auto"), "the HTTP version to offer"),
            PlanField("family", .choice(["any", "ipv4", "ipv6"]), default: .string("any"), "the address family"),
            PlanField("save", .string, "a file name for the body, in the folder of this step"),
            PlanField("keylog", .string, "a key log that the client adds its secrets to"),
            PlanField("within", .duration, default: .int(15_000_000_000), "how long one exchange may take"),
        ],
        shorthand: "url",
        results: [
            ResultField("code", .unsigned, "the status code"),
            ResultField("file", .string, "the saved body"),
            ResultField("client_randoms", .bytes, list: true, "client randoms of the TLS connections"),
        ],
        tables: [ExchangeField.table, StepTables.certificate, StepTables.file],
        guide: .request)

    private static let artefact = "exchanges.jsonl"

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let keys = try KeyRecorder(plan, host)
        var outcome = StepOutcome()
        var lines: [UInt8] = []
        for (index, url) in urls(plan).enumerated() {
            host.progress("\(plan.string("method") ?? "GET") \(url)")
            let exchange = await WebClient().exchange(try request(url, plan, host, keys))
            let record = try record(exchange, number: index + 1, host)
            lines += try JSON.encode(record) + [UInt8(ascii: "\n")]
            outcome.notes.append(words(record))
            if let code = record.code { outcome.results["code"] = .int(Int64(code)) }
            if let name = plan.string("save"), let response = exchange.response {
                guard !name.contains("/"), !name.hasPrefix(".") else {
                    throw StepFailure(.lab, "`save` is a bare file name, found `\(name)`")
                }
                outcome.results["file"] = .string(try host.record(response.body, as: name))
            }
        }
        try host.record(lines, as: artefact)
        return outcome
    }

    private static func urls(_ plan: StepPlan) -> [String] {
        guard let url = plan.string("url") else { return [] }
        let pages = plan.strings("pages")
        guard !pages.isEmpty, let base = HTTPURL(url) else { return [url] }
        return pages.map { HTTPURL(scheme: base.scheme, authority: base.authority, path: $0).description }
    }

    private static func request(
        _ url: String, _ plan: StepPlan, _ host: HostContext, _ keys: KeyRecorder
    ) throws -> WebRequest {
        var request = WebRequest(plan.string("method") ?? "GET", url: url)
        request.version = plan.string("version").flatMap(WebRequest.Version.init(rawValue:)) ?? .automatic
        request.family = plan.string("family").flatMap(WebRequest.Family.init(rawValue:)) ?? .any
        request.trust = .init(files: [host.facts.bundle])
        request.timeout = .nanoseconds(plan.duration("within") ?? 15_000_000_000)
        request.tls.keyLog = { keys.append($0) }
        if let proxy = proxy(for: url, plan, host.facts.environment) {
            guard let authority = HTTPAuthority(proxy) else {
                throw StepFailure(.lab, "`via` is HOST:PORT, found `\(proxy)`")
            }
            request.proxy = authority
        }
        return request
    }

    /// The proxy that a browser on this host would use.
    private static func proxy(for url: String, _ plan: StepPlan, _ environment: [String: String]) -> String? {
        switch plan.string("via") ?? "system" {
        case "none": return nil
        case "system":
            let name = url.lowercased().hasPrefix("https:") ? "https_proxy" : "http_proxy"
            let except = (environment["no_proxy"] ?? "").split(separator: ",").map(String.init)
            if let name = HTTPURL(url)?.authority.host, except.contains(name) { return nil }
            return environment[name].map { value in
                value.hasPrefix("http://") ? String(value.dropFirst(7)) : value
            }
        case let given: return given
        }
    }

    // MARK: Recording

    private static func record(_ exchange: WebExchange, number: Int, _ host: HostContext) throws -> ExchangeRecord {
        var record = ExchangeRecord(url: exchange.request.url, method: exchange.request.method)
        if let url = HTTPURL(exchange.request.url) {
            record.host = url.authority.host
            record.path = url.path
        }
        record.proxy = exchange.proxy
        if let response = exchange.response {
            record.version = response.version
            record.code = response.code
            record.reason = response.reason
            record.headers = response.fields.map { .init(name: $0.name, value: $0.value) }
            record.bodyLength = UInt64(clamping: response.bodyCount)
            if !response.body.isEmpty { record.body = try host.record(response.body, as: "body-\(number).bin") }
        }
        record.remoteAddress = exchange.remote?.address
        record.remotePort = exchange.remote.map { Int($0.port) }
        record.localAddress = exchange.local?.address
        record.localPort = exchange.local.map { Int($0.port) }
        if let tls = exchange.tls { add(tls, to: &record) }
        if let failure = exchange.failure {
            record.error = failure.reason.rawValue
            record.errorText = failure.text
            record.alert = (failure.alertSent ?? failure.alertReceived).map { Int($0.number) }
        }
        record.duration = exchange.timings.total
        return record
    }

    private static func add(_ tls: WebExchange.TLS, to record: inout ExchangeRecord) {
        if let random = tls.clientRandom {
            record.tls = ExchangeRecord.TLS(
                version: tls.version ?? "", cipher: tls.cipher ?? "", sni: tls.serverName, alpn: tls.alpn,
                clientRandom: random)
        }
        record.isVerified = !tls.verifiedChain.isEmpty
        let chain = record.isVerified ? tls.verifiedChain : tls.presentedChain
        let pem = chain.compactMap { try? Certificate(der: $0) }.flatMap(\.pem)
        record.chain = pem.isEmpty ? nil : String(decoding: pem, as: UTF8.self)
    }

    private static func words(_ record: ExchangeRecord) -> String {
        let via = record.proxy.map { " via \($0)" } ?? ""
        if let text = record.errorText { return "\(record.url)\(via): \(text)" }
        let tls = record.tls.map { " over \($0.version)" } ?? ""
        let status = [record.code.map(String.init), record.reason].compactMap { $0 }.filter { !$0.isEmpty }
        return "\(record.url)\(via): \(status.joined(separator: " ")), \(record.bodyLength) bytes\(tls)"
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        let records = evidence.lines(ExchangeRecord.self, at: evidence.artefact(artefact))
        var derived = Derived()
        derived.tables.append(
            TableRows(ExchangeField.table, records.map { ExchangeRows.row($0, evidence) }, provenance: .attested))
        // What was shown in a handshake, and what was downloaded as a file.
        var certificates = records.flatMap(ExchangeRows.certificates)
        for body in records.compactMap(\.body).compactMap(evidence.bytes) where body.count < 1 << 16 {
            certificates += CertificateBundle(pem: body).certificates
        }
        derived.tables.append(
            TableRows(StepTables.certificate, certificates.map(CertificateRows.row), provenance: .recomputed))
        let saved = evidence.plan.string("save").map { FileRows.rows([$0], of: evidence) } ?? []
        derived.tables.append(TableRows(StepTables.file, saved, provenance: .recomputed))
        derived.columns["client_randoms"] = records.compactMap { $0.tls.map { .string($0.clientRandom) } }
        derived.explanations = records.compactMap(\.errorText)
        return derived
    }
}
