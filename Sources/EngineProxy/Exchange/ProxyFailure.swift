/// Why an origin server could not be reached or did not answer properly, and the sentence that the client is shown.
package enum ProxyFailure: Error, Sendable, Hashable {
    case nameNotFound(host: String)
    case connectionRefused(ProxyAuthority)
    case timedOut(ProxyAuthority)
    case unreachable(ProxyAuthority, detail: String)
    /// The destination is this proxy: passing the request on would never end.
    case loop(ProxyAuthority)
    /// The origin's certificate was rejected: OpenSSL's number and our sentence.
    case certificate(host: String, code: Int, text: String)
    case tls(host: String, text: String)
    case closedWithoutAnswer(ProxyAuthority)
    /// The response ended before its end.
    case truncated
    /// The response cannot be passed on safely.
    case badResponse(String)
    /// The client went away before the exchange was over.
    case clientGone
    /// The client's message broke off or was damaged halfway.
    case badRequest(String)

    /// A stable word for machines.
    package var kind: String {
        switch self {
        case .nameNotFound: "name-not-found"
        case .connectionRefused: "connection-refused"
        case .timedOut: "timed-out"
        case .unreachable: "unreachable"
        case .loop: "loop"
        case .certificate: "certificate"
        case .tls: "tls"
        case .closedWithoutAnswer: "closed-without-answer"
        case .truncated: "truncated"
        case .badResponse: "bad-response"
        case .clientGone: "client-gone"
        case .badRequest: "bad-request"
        }
    }

    package var sentence: String {
        switch self {
        case .nameNotFound(let host): "The name “\(host)” could not be resolved to an address."
        case .connectionRefused(let to): "\(to) refused the connection: nothing listens there."
        case .timedOut(let to): "\(to) did not answer in time."
        case .unreachable(let to, let detail): "\(to) could not be reached: \(detail)."
        case .loop(let to): "\(to) is this proxy itself; the request would go round for ever."
        case .certificate(let host, _, let text):
            "The certificate of \(host) was not accepted: \(text). The proxy checks origins as a browser would."
        case .tls(let host, let text): "No TLS connection to \(host) could be made: \(text)"
        case .closedWithoutAnswer(let to): "\(to) closed the connection without answering."
        case .truncated: "The connection to the origin ended in the middle of its response."
        case .badResponse(let flaw): "The response of the origin cannot be passed on: \(flaw)."
        case .clientGone: "The client closed the connection before the exchange was over."
        case .badRequest(let text): text
        }
    }

    package var flowError: ProxyFlowError { ProxyFlowError(kind: kind, text: sentence) }
}
