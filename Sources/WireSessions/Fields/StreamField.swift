import SupportQuestions

/// The fields of the `stream` table: one row per TLS connection, also for those inside a CONNECT tunnel.
///
/// The row says how far the connection could be opened and, where it could not, what stands in the way.
package enum StreamField: Int, CaseIterable, Sendable {
    case streamTransport
    case streamIndex
    case streamClientAddr
    case streamClientPort
    case streamServerAddr
    case streamServerPort
    case streamTunnel
    case streamFrame
    case tlsStatus
    case tlsReason
    case tlsClientRandom
    case tlsVersion
    case tlsCipher
    case tlsSni
    case tlsAlpn
    case tlsAlertClient
    case tlsAlertServer
    case tlsRecords
    case tlsRecordsOpened
    case tlsLost

    /// The field's position in `table`.
    package var slot: Int { rawValue }

    package static let table = Table(
        "stream", "TLS connections and how far they could be opened", fields: allCases.map(\.field))

    package var field: Field {
        switch self {
        case .streamTransport:
            Field("lab.stream.transport", .string, "`tcp` or `quic`")
        case .streamIndex:
            Field(
                "lab.stream.index", .unsigned,
                "number of the connection among those of its transport, as tcp.stream and quic.connection.number")
        case .streamClientAddr:
            Field("lab.stream.client.addr", .string, "address of the side that opened the connection")
        case .streamClientPort:
            Field("lab.stream.client.port", .unsigned, "its port")
        case .streamServerAddr:
            Field("lab.stream.server.addr", .string, "address of the other side, which is a proxy's for a tunnel")
        case .streamServerPort:
            Field("lab.stream.server.port", .unsigned, "its port")
        case .streamTunnel:
            Field(
                "lab.stream.tunnel", .string,
                "authority of the CONNECT tunnel that the connection ran in; absent outside one")
        case .streamFrame:
            Field("lab.stream.frame", .unsigned, "number of the first frame of the TLS connection")
        case .tlsStatus:
            Field("lab.tls.status", .string, "how far the connection could be opened")
        case .tlsReason:
            Field("lab.tls.reason", .string, "why, and what to do about it")
        case .tlsClientRandom:
            Field(
                "lab.tls.client_random", .bytes, "random of the client's hello, which names the connection in a key log"
            )
        case .tlsVersion:
            Field("lab.tls.version", .string, "\"TLS 1.2\" or \"TLS 1.3\"")
        case .tlsCipher:
            Field("lab.tls.cipher", .string, "name of the cipher suite")
        case .tlsSni:
            Field("lab.tls.sni", .string, "name of the server that the client asked for")
        case .tlsAlpn:
            Field(
                "lab.tls.alpn", .string,
                "application protocol that was agreed, or offered where the agreement is encrypted")
        case .tlsAlertClient:
            Field(
                "lab.tls.alert.client", .unsigned, "description of the alert that the client sent",
                valueNames: ValueNames.tlsAlerts, aliases: ValueNames.tlsAlertAliases)
        case .tlsAlertServer:
            Field(
                "lab.tls.alert.server", .unsigned, "description of the alert that the server sent",
                valueNames: ValueNames.tlsAlerts, aliases: ValueNames.tlsAlertAliases)
        case .tlsRecords:
            Field("lab.tls.records", .unsigned, "encrypted records of both directions")
        case .tlsRecordsOpened:
            Field("lab.tls.records.opened", .unsigned, "those of them that were decrypted and authenticated")
        case .tlsLost:
            Field("lab.tls.lost", .unsigned, "bytes missing from the capture")
        }
    }
}
