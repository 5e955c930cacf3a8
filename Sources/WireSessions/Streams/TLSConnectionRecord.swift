import SupportCrypto
import SupportQuestions
import Wire

/// What is said of one TLS connection in the end: a row of the `stream` table, and the fields that its exchanges carry.
final class TLSConnectionRecord {
    let place: ChannelPlace
    let frame: Int
    /// Of the first frame, in nanoseconds since 1970.
    let time: Int64
    private(set) var clientRandom: [UInt8]?
    private(set) var version: UInt16?
    private(set) var suite: CipherSuite?
    private(set) var serverName: String?
    private(set) var offeredProtocol: String?
    private(set) var applicationProtocol: String?
    private(set) var leafDigest: [UInt8]?
    private(set) var client = TLSHalf()
    private(set) var server = TLSHalf()
    var wasCut = false
    var isFinished = false

    /// TLS within QUIC: what was encrypted is packets, not records.
    let isQUIC: Bool

    init(place: ChannelPlace, frame: Int, time: Int64, isQUIC: Bool = false) {
        self.place = place
        self.isQUIC = isQUIC
        self.frame = frame
        self.time = time
    }

    func noteHandshake(_ message: TLSHandshakeMessage) {
        switch message.content {
        case .clientHello(let hello):
            // The first hello names the connection; one of a renegotiation comes under its protection.
            // A QUIC client begins anew, with another random, after a Version Negotiation.
            guard clientRandom == nil || (isQUIC && version == nil) else { return }
            clientRandom = hello.random
            serverName = hello.extensions.serverName
            offeredProtocol = hello.extensions.applicationProtocols.first
        case .serverHello(let hello):
            version = hello.version
            suite = CipherSuite(code: hello.cipherSuite)
            if let name = hello.extensions.applicationProtocols.first { applicationProtocol = name }
        case .encryptedExtensions(let name):
            if let name { applicationProtocol = name }
        case .certificate(let chain):
            // Of the two sides' chains the server's comes first.
            if leafDigest == nil, let leaf = chain.first { leafDigest = DigestAlgorithm.sha256.digest(of: leaf) }
        case .other: break
        }
    }

    /// Takes over the counts when the connection is over.
    func note(client: TLSHalf, server: TLSHalf) {
        self.client = client.withoutWorkingState
        self.server = server.withoutWorkingState
    }

    var versionName: String? {
        guard let version else { return nil }
        return ValueNames.tlsVersions.first { $0.value == UInt64(version) }?.key ?? "TLS version \(version)"
    }

    /// The fields that an exchange shares with its connection.
    func addFields(to row: inout Row) {
        if let clientRandom { row.append(.bytes(clientRandom), at: ExchangeField.tlsClientRandom.slot) }
        if let versionName { row.append(.string(versionName), at: ExchangeField.tlsVersion.slot) }
        if let suite { row.append(.string(suite.name), at: ExchangeField.tlsCipher.slot) }
        if let serverName { row.append(.string(serverName), at: ExchangeField.tlsSni.slot) }
        if let applicationProtocol { row.append(.string(applicationProtocol), at: ExchangeField.tlsAlpn.slot) }
        if let leafDigest { row.append(.bytes(leafDigest), at: ExchangeField.tlsLeafSha256.slot) }
    }

    func row(keyLog: KeyLog, matchedRandoms: Int) -> Row {
        let verdict = TLSVerdict(self, keyLog: keyLog, matchedRandoms: matchedRandoms)
        var row = Row()
        func add(_ field: StreamField, _ value: FieldValue?) {
            if let value { row.append(value, at: field.slot) }
        }
        add(.streamTransport, .string(isQUIC ? "quic" : "tcp"))
        add(.streamIndex, .unsigned(UInt64(place.stream)))
        add(.streamClientAddr, .string(place.client.addressText))
        add(.streamClientPort, .unsigned(UInt64(place.client.port)))
        add(.streamServerAddr, .string(place.server.addressText))
        add(.streamServerPort, .unsigned(UInt64(place.server.port)))
        add(.streamTunnel, place.tunnel.map(FieldValue.string))
        add(.streamFrame, .unsigned(UInt64(frame)))
        add(.tlsStatus, .string(verdict.status.rawValue))
        add(.tlsReason, .string(verdict.reason))
        add(.tlsClientRandom, clientRandom.map(FieldValue.bytes))
        add(.tlsVersion, versionName.map(FieldValue.string))
        add(.tlsCipher, (suite?.name).map(FieldValue.string))
        add(.tlsSni, serverName.map(FieldValue.string))
        add(.tlsAlpn, (applicationProtocol ?? offeredProtocol).map(FieldValue.string))
        add(.tlsAlertClient, client.alert.map { FieldValue.unsigned(UInt64($0)) })
        add(.tlsAlertServer, server.alert.map { FieldValue.unsigned(UInt64($0)) })
        add(.tlsRecords, .unsigned(UInt64(client.encryptedRecords + server.encryptedRecords)))
        add(.tlsRecordsOpened, .unsigned(UInt64(client.openedRecords + server.openedRecords)))
        add(.tlsLost, .unsigned(UInt64(client.lostBytes + server.lostBytes)))
        return row
    }
}
