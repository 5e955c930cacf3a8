/// What a frame is (RFC 6455 §5.2, "Opcode").
package enum WebSocketOpcode: UInt8, Sendable, Hashable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may stand between the pieces of a message (§5.5).
    package var isControl: Bool { rawValue & 0x8 != 0 }
}

/// What one side of a WebSocket connection said, in order.
package enum WebSocketEvent {
    /// A message begins; control frames may come before its end.
    case began(isText: Bool, isCompressed: Bool)
    /// The next octets of the message, unmasked and inflated; valid only during the call.
    case content(UnsafeRawBufferPointer)
    case ended(WebSocketMessageEnd)
    case ping([UInt8])
    case pong([UInt8])
    case close(WebSocketClose)
    /// Nothing that this side says from here on can be read.
    case failed(WebSocketFailure)
}

/// What is known of a message once it is whole.
package struct WebSocketMessageEnd: Sendable, Hashable {
    /// Frames that it was sent in.
    package var frames: UInt64
    /// Octets of all their payloads, compressed where the message was.
    package var wireLength: UInt64
    /// Whether it is UTF-8 where it should be: receivers must not take a text message that is not (§8.1).
    package var isValid: Bool
}

/// The payload of a Close frame (RFC 6455 §5.5.1).
package struct WebSocketClose: Sendable, Hashable {
    /// Nil where the frame is empty.
    package var code: UInt16?
    /// U+FFFD stands for octets that are no UTF-8.
    package var reason: String
    /// Whether code and reason may stand there (§7.4).
    package var isValid: Bool

    init(_ payload: [UInt8]) {
        guard payload.count >= 2 else {
            reason = ""
            isValid = payload.isEmpty
            return
        }
        let code = UInt16(payload[0]) << 8 | UInt16(payload[1])
        self.code = code
        reason = String(decoding: payload[2...], as: UTF8.self)
        var check = UTF8Check()
        payload[2...].withUnsafeBytes { check.read($0) }
        isValid = Self.maySend(code) && check.isWhole
    }

    /// Codes that may be sent (RFC 6455 §7.4.1, and the registry it began): 1005, 1006 and 1015 stand for what was never sent.
    package static func maySend(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}

/// Why one side's frames cannot be read any further.
package enum WebSocketFailure: Error, Sendable, Hashable {
    /// Reserved bits are set, which no agreed extension explains (RFC 6455 §5.2).
    case reservedBits
    case unknownOpcode(UInt8)
    /// A client's frame without a mask (§5.1).
    case unmasked
    /// A server's frame with one (§5.1).
    case masked
    /// A length in more octets than it needs, or of 2^63 and more (§5.2).
    case length
    /// A control frame in pieces, or with more than 125 octets (§5.5).
    case control
    /// A continuation of nothing (§5.4).
    case continuation
    /// A message begins before the one before it has ended (§5.4).
    case interrupted
    /// Anything behind a Close frame (§5.5.1).
    case afterClose
    /// A compressed message that is no DEFLATE (RFC 7692 §7.2.2).
    case compression
    /// A compressed message that grows beyond so many octets.
    case tooLarge(limit: Int)

    /// The rest of “… because”, for people.
    package var sentence: String {
        switch self {
        case .reservedBits: "a frame has reserved bits that no agreed extension explains"
        case .unknownOpcode(let code): "a frame has the opcode \(code), which RFC 6455 does not define"
        case .unmasked: "a frame of the client is not masked"
        case .masked: "a frame of the server is masked"
        case .length: "the length of a frame is not written in the shortest form"
        case .control: "a control frame is in pieces or has more than 125 bytes"
        case .continuation: "a frame continues a message that never began"
        case .interrupted: "a message begins before the one before it has ended"
        case .afterClose: "a frame follows the Close frame"
        case .compression: "a compressed message is no DEFLATE"
        case .tooLarge(let limit): "a compressed message grows beyond \(limit) bytes"
        }
    }
}
