/// What an HTTP/3 connection says next. Slices are valid only as long as the input that was passed in.
package enum HTTP3Event {
    /// A unidirectional stream said what it is (RFC 9114 §6.2).
    case streamType(stream: UInt64, HTTP3StreamType)
    /// The header of a frame was read.
    case frame(HTTP3FrameHeader)
    case head(HTTP3Head)
    /// Content octets; content codings are still on.
    case data(stream: UInt64, UnsafeRawBufferPointer)
    /// Octets of content that the capture does not have.
    case missing(stream: UInt64, Int)
    /// The sender's message on this stream is complete.
    case end(stream: UInt64)
    case settings([(identifier: UInt64, value: UInt64)])
    case anomaly(HTTP3Anomaly, stream: UInt64)
}

/// RFC 9114 §7.1.
package struct HTTP3FrameHeader: Sendable, Hashable {
    package let stream: UInt64
    package let type: UInt64
    package let length: UInt64

    /// The registry's name; nil for others, such as the reserved ones that are to be ignored.
    package var name: String? {
        switch type {
        case 0x00: "DATA"
        case 0x01: "HEADERS"
        case 0x03: "CANCEL_PUSH"
        case 0x04: "SETTINGS"
        case 0x05: "PUSH_PROMISE"
        case 0x07: "GOAWAY"
        case 0x0d: "MAX_PUSH_ID"
        case 0xf0700: "PRIORITY_UPDATE"
        default: nil
        }
    }
}

/// RFC 9114 §6.2, RFC 9204 §4.2.
package enum HTTP3StreamType: Sendable, Hashable {
    case control
    case push
    case qpackEncoder
    case qpackDecoder
    case other(UInt64)

    init(_ number: UInt64) {
        switch number {
        case 0: self = .control
        case 1: self = .push
        case 2: self = .qpackEncoder
        case 3: self = .qpackDecoder
        default: self = .other(number)
        }
    }

    package var number: UInt64 {
        switch self {
        case .control: 0
        case .push: 1
        case .qpackEncoder: 2
        case .qpackDecoder: 3
        case .other(let number): number
        }
    }
}

/// A field section: pseudo-fields (`:method` …) first, as sent.
package struct HTTP3Head: Sendable {
    package enum Kind: Sendable, Hashable {
        case request
        /// 1xx: another response follows.
        case interim
        case response
        case trailers
        /// PUSH_PROMISE: a request that the server makes in the client's name; its response comes on a push stream.
        case push(UInt64)
    }

    package var kind: Kind
    package var stream: UInt64
    package var side: HTTPSide
    package var fields: HTTPFields

    package var method: String? { fields.first(":method") }
    package var scheme: String? { fields.first(":scheme") }
    package var authority: String? { fields.first(":authority") ?? fields.first("host") }
    package var path: String? { fields.first(":path") }
    package var status: UInt16? { fields.first(":status").flatMap(UInt16.init) }
    /// Whether some field's text stands in a part of the connection that the capture lacks.
    package var isPartlyUnknown: Bool {
        fields.entries.contains { !$0.marks.isDisjoint(with: [.unknownName, .unknownValue]) }
    }
}

/// Something that RFC 9114 forbids, or that we could not read, and after which we go on.
package enum HTTP3Anomaly: Sendable, Hashable {
    case undecodableSection(QPACKDecoder.Failure)
    case encoderStream(QPACKDecoder.Failure)
    /// A field section larger than we hold; its fields are unknown.
    case sectionTooLarge(limit: Int)
    case dataBeforeHead
    /// A frame on a stream of the wrong kind (RFC 9114 §7.2).
    case unexpectedFrame(UInt64)
    case malformedFrame(UInt64)
    /// The stream ended within a frame.
    case truncatedFrame
    case tooManyStreams(limit: Int)
}
