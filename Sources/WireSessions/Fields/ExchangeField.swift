import SupportQuestions

/// The fields of the `exchange` table: a request with its response, whatever the version of HTTP.
///
/// Shared by whoever sees exchanges: the decryptor fills what packets tell, a client of ours adds what only it knows
/// (`lab.http.proxy`, `lab.http.error`, the certificates).
package enum ExchangeField: Int, CaseIterable, Sendable {
    case httpMethod
    case httpUrl
    case httpHost
    case httpPath
    case httpVersion
    case httpCode
    case httpReason
    case httpHeader
    case httpRequestHeader
    case httpBody
    case httpBodyLength
    case httpBodySha256
    case httpComplete
    case httpContentType
    case httpRequestBody
    case httpClientAddr
    case httpClientPort
    case httpServerAddr
    case httpServerPort
    case httpStream
    case httpTunnel
    case httpTime
    case httpFrame
    case httpRequestFrame
    case httpDecrypted
    case httpProxy
    case httpError
    case tlsClientRandom
    case tlsVersion
    case tlsCipher
    case tlsSni
    case tlsAlpn
    case tlsRootSha256
    case tlsLeafSha256
    case tlsIssuer
    case tlsSubject
    case tlsAlert

    /// The field's position in `table`.
    package var slot: Int { rawValue }

    package static let table = Table(
        "exchange", "HTTP requests with their responses", fields: allCases.map(\.field))

    package var field: Field {
        switch self {
        case .httpMethod:
            Field("lab.http.method", .string, "the method")
        case .httpUrl:
            Field("lab.http.url", .string, "the absolute URL, with its default port left out")
        case .httpHost:
            Field("lab.http.host", .string, "name of the server in the URL, without port")
        case .httpPath:
            Field("lab.http.path", .string, "path and query")
        case .httpVersion:
            Field("lab.http.version", .string, "\"1.0\", \"1.1\", \"2\" or \"3\"")
        case .httpCode:
            Field("lab.http.code", .unsigned, "status code of the response")
        case .httpReason:
            Field("lab.http.reason", .string, "reason phrase of the response; HTTP/2 has none")
        case .httpHeader:
            Field(
                "lab.http.header", .string, "a header field of the response, as \"name: value\"; occurs once per field",
                isMany: true)
        case .httpRequestHeader:
            Field(
                "lab.http.request_header", .string,
                "a header field of the request, as \"name: value\"; occurs once per field", isMany: true)
        case .httpBody:
            Field(
                "lab.http.body", .bytes,
                "body of the response, without its transfer and content coding, as far as it was kept")
        case .httpBodyLength:
            Field("lab.http.body_length", .unsigned, "bytes of the whole decoded body")
        case .httpBodySha256:
            Field("lab.http.body_sha256", .bytes, "SHA-256 of the whole decoded body")
        case .httpComplete:
            Field("lab.http.complete", .boolean, "the body arrived whole")
        case .httpContentType:
            Field("lab.http.content_type", .string, "Content-Type of the response")
        case .httpRequestBody:
            Field("lab.http.request_body", .bytes, "body of the request, as far as it was kept")
        case .httpClientAddr:
            Field("lab.http.client.addr", .string, "address the request came from")
        case .httpClientPort:
            Field("lab.http.client.port", .unsigned, "port the request came from")
        case .httpServerAddr:
            Field(
                "lab.http.server.addr", .string,
                "address the request went to, which is a proxy's where one stood between")
        case .httpServerPort:
            Field("lab.http.server.port", .unsigned, "port the request went to")
        case .httpStream:
            Field("lab.http.stream", .unsigned, "number of the TCP connection, as tcp.stream")
        case .httpTunnel:
            Field(
                "lab.http.tunnel", .string,
                "authority of the CONNECT tunnel the exchange went through; absent outside one")
        case .httpTime:
            Field("lab.http.time", .duration, "from the first frame of the request to the last of the response")
        case .httpFrame:
            Field("lab.http.frame", .unsigned, "number of the frame that completed the response")
        case .httpRequestFrame:
            Field("lab.http.request_frame", .unsigned, "number of the frame that completed the request")
        case .httpDecrypted:
            Field("lab.http.decrypted", .boolean, "the exchange came out of TLS")
        case .httpProxy:
            Field("lab.http.proxy", .string, "the proxy that the client was told to use; absent without one")
        case .httpError:
            Field("lab.http.error", .string, "why there is no response; absent where there is one")
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
            Field("lab.tls.alpn", .string, "application protocol that was agreed")
        case .tlsRootSha256:
            Field("lab.tls.root.sha256", .bytes, "SHA-256 of the root certificate that the server's chain ends in")
        case .tlsLeafSha256:
            Field("lab.tls.leaf.sha256", .bytes, "SHA-256 of the server's certificate")
        case .tlsIssuer:
            Field("lab.tls.issuer", .string, "issuer of the server's certificate")
        case .tlsSubject:
            Field("lab.tls.subject", .string, "subject of the server's certificate")
        case .tlsAlert:
            Field(
                "lab.tls.alert", .unsigned, "description of the alert that ended the handshake",
                valueNames: ValueNames.tlsAlerts, aliases: ValueNames.tlsAlertAliases)
        }
    }
}
