import SupportCrypto
import Wire

/// The key with which a client of HTTP/1 sees that a server means WebSocket (RFC 6455, section 1.3).
enum WebSocketKey {
    /// Sixteen random bytes in Base64.
    static func random(_ generator: inout some RandomNumberGenerator) -> String {
        Base64Bytes((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }).text
    }

    /// What the server must answer to a key.
    static func answer(to key: String) -> String {
        let bytes = Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        return Base64Bytes(DigestAlgorithm.sha1.digest(of: bytes)).text
    }

    /// Whether the response fits the request.
    static func fits(_ response: HTTPFields, _ request: HTTPFields) -> Bool {
        guard let key = request.first("sec-websocket-key") else { return false }
        return response.values("sec-websocket-accept") == [answer(to: key)]
            && response.first("upgrade")?.lowercased() == "websocket"
    }
}
