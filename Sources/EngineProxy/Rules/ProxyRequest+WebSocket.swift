import NIOHPACK
import Wire

extension ProxyRequest {
    /// The WebSocket that an extended CONNECT asks for (RFC 8441, section 4), as the request of HTTP/1 that asks a site for the
    /// same (RFC 6455, section 4.1); nil for every other request.
    ///
    /// - Parameter key: 16 random bytes in Base64, which HTTP/2 does without.
    static func webSocket(
        _ headers: HPACKHeaders, endsStream: Bool, in tunnel: Tunnel?, key: () -> String
    ) throws(RequestRejection) -> ProxyRequest? {
        guard let kind = headers.first(name: ":protocol") else { return nil }
        guard headers.first(name: ":method") == "CONNECT" else { throw RequestRejection(.startLine) }
        guard kind.lowercased() == "websocket", !endsStream else { throw RequestRejection(.nestedConnect) }
        var get: HPACKHeaders = [":method": "GET"]
        for (name, value, indexing) in headers where name != ":protocol" && name != ":method" {
            get.add(name: name, value: value, indexing: indexing)
        }
        let request = try ProxyRequest(get, endsStream: true, in: tunnel)
        var head = request.head
        head.fields.remove("sec-websocket-key")
        head.fields.append("Sec-WebSocket-Key", key())
        return ProxyRequest(
            head: head, destination: request.destination, expectsContinue: request.expectsContinue,
            upgrade: "websocket")
    }
}
