import LabModel
import SupportCrypto
import SupportQuestions
import WireSessions

/// One exchange as the runner's own client had it: the artefact behind rows of the `exchange` table.
struct ExchangeRecord: Sendable, Codable {
    struct Header: Sendable, Codable {
        var name: String
        var value: String
    }

    struct TLS: Sendable, Codable {
        var version: String
        var cipher: String
        var sni: String?
        var alpn: String?
        var clientRandom: String
    }

    var url: String
    var method: String
    var host = ""
    var path = ""
    var proxy: String?
    var version: String?
    var code: Int?
    var reason: String?
    var headers: [Header] = []
    /// The artefact with the decoded body, below the run folder; nil where there was none.
    var body: String?
    var bodyLength: UInt64 = 0
    var remoteAddress: String?
    var remotePort: Int?
    var localAddress: String?
    var localPort: Int?
    var tls: TLS?
    /// The verified chain, leaf first and root last, PEM; where verifying failed, the chain as it was presented.
    var chain: String?
    var isVerified = false
    /// A stable word such as `certificate-untrusted`; nil where there is a response.
    var error: String?
    var errorText: String?
    /// The alert that the client sent, by number.
    var alert: Int?
    var duration: Int64 = 0

    init(url: String, method: String) {
        self.url = url
        self.method = method
    }
}

/// Exchange artefacts as rows.
enum ExchangeRows {
    static func row(_ record: ExchangeRecord, _ evidence: StepEvidence) -> Row {
        var row = RowBuilder(ExchangeField.table)
        row.set("lab.http.url", record.url)
        row.set("lab.http.method", record.method)
        row.set("lab.http.host", record.host)
        row.set("lab.http.path", record.path)
        row.set("lab.http.proxy", record.proxy)
        row.set("lab.http.version", record.version)
        row.set("lab.http.code", number: record.code)
        row.set("lab.http.reason", record.reason)
        for header in record.headers { row.set("lab.http.header", "\(header.name): \(header.value)") }
        row.set(
            "lab.http.content_type", record.headers.first { $0.name.lowercased() == "content-type" }?.value)
        if let path = record.body, let bytes = evidence.bytes(path) {
            row.set("lab.http.body", .bytes(bytes))
            row.set("lab.http.body_sha256", .bytes(DigestAlgorithm.sha256.digest(of: bytes)))
            row.set("lab.http.body_length", number: record.bodyLength)
        }
        row.set("lab.http.client.addr", record.localAddress)
        row.set("lab.http.client.port", number: record.localPort)
        row.set("lab.http.server.addr", record.remoteAddress)
        row.set("lab.http.server.port", number: record.remotePort)
        row.set("lab.http.time", .duration(record.duration))
        row.set("lab.http.error", record.error)
        setTLS(record, &row)
        return row.row
    }

    private static func setTLS(_ record: ExchangeRecord, _ row: inout RowBuilder) {
        row.set("lab.tls.alert", number: record.alert)
        if let tls = record.tls {
            row.set("lab.tls.version", tls.version)
            row.set("lab.tls.cipher", tls.cipher)
            row.set("lab.tls.sni", tls.sni)
            row.set("lab.tls.alpn", tls.alpn)
            row.set("lab.tls.client_random", Hex.bytes(tls.clientRandom).map { .bytes($0) })
        }
        let chain = certificates(record)
        if let leaf = chain.first {
            row.set("lab.tls.leaf.sha256", .bytes(leaf.sha256))
            row.set("lab.tls.issuer", leaf.issuer)
            row.set("lab.tls.subject", leaf.subject)
        }
        // Only a chain that was verified has a root: what a stranger sends along proves nothing.
        if record.isVerified, let root = chain.last { row.set("lab.tls.root.sha256", .bytes(root.sha256)) }
    }

    static func certificates(_ record: ExchangeRecord) -> [Certificate] {
        record.chain.map { CertificateBundle(pem: Array($0.utf8)).certificates } ?? []
    }
}
