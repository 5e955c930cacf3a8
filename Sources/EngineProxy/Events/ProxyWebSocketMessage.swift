/// One message or control frame of a WebSocket connection (RFC 6455), as soon as it was whole.
package struct ProxyWebSocketMessage: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        case text
        case binary
        case ping
        case pong
        case close
        /// Nothing that this side sends from here on could be read; it was passed on all the same.
        case unreadable
    }

    /// Who sent it.
    package enum Sender: String, Sendable, Hashable, Codable {
        case client
        case server
    }

    /// When its last byte came, in nanoseconds since 1970.
    package var at: Int64
    /// The id of the flow that asked for the upgrade, and of the tunnel that ends it.
    package var flow: UInt64
    package var connection: UInt64
    package var client: ProxyAddress
    package var host: String
    package var port: Int
    package var path: String
    /// Counts from 1, both directions and control frames together, in the order in which they became whole.
    package var number: UInt64
    package var sender: Sender
    package var kind: Kind
    /// Frames that it was sent in.
    package var frames: UInt64
    /// Whether permessage-deflate was on it (RFC 7692); `body` holds it without.
    package var isCompressed: Bool
    /// Bytes of its payloads as they were sent.
    package var wireLength: UInt64
    /// The payload without masks and compression.
    package var body: ProxyBody
    /// Of a Close frame that has one.
    package var closeCode: Int?
    package var closeReason: String?
    /// What is wrong with it: `not-utf8`, `close-code`, `truncated` or, of `unreadable`, `protocol`.
    package var error: ProxyFlowError?

    enum CodingKeys: String, CodingKey {
        case at, flow, connection, client, host, port, path, number
        case sender = "from"
        case kind, frames
        case isCompressed = "compressed"
        case wireLength = "wire_length"
        case body
        case closeCode = "close_code"
        case closeReason = "close_reason"
        case error
    }

    /// The payload's beginning as text, where it is some.
    package var text: String? {
        switch kind {
        case .text: String(decoding: body.bytes.bytes, as: UTF8.self)
        case .close: closeReason
        case .binary, .ping, .pong: nil
        case .unreadable: error?.text
        }
    }
}
