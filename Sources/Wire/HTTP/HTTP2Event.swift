/// What one direction of an HTTP/2 connection says next.
///
/// Every frame begins with ``frame(_:)`` and ends with ``frameEnd(_:)``; what it means stands between the two (a field
/// block's meaning in its last frame). Slices are valid only as long as the input that was passed in.
package enum HTTP2Event {
    case preface
    case frame(HTTP2FrameHeader)
    case frameEnd(HTTP2FrameHeader)
    case head(HTTP2Head)
    /// Content octets of a stream without padding; content codings are still on (see ``HTTPContentDecoder``).
    case data(stream: UInt32, UnsafeRawBufferPointer)
    /// Octets of a DATA frame that the capture does not have.
    case missing(stream: UInt32, UInt64)
    /// The sender's message on this stream is complete.
    case end(stream: UInt32)
    case reset(stream: UInt32, code: UInt32)
    case settings([HTTP2Setting])
    case settingsAcknowledged
    case windowUpdate(stream: UInt32, increment: UInt32)
    case ping(UInt64, isAcknowledgement: Bool)
    case priority(stream: UInt32, HTTP2Priority)
    case goAway(lastStream: UInt32, code: UInt32, debug: [UInt8])
    case anomaly(HTTP2Anomaly, stream: UInt32)
    /// The octets are no frames that can be followed; what comes is skipped until an input begins like frames.
    case failed(HTTP2Failure)
}

/// A field section of a stream: pseudo-fields (`:method` …) first, as sent.
package struct HTTP2Head: Sendable {
    package enum Kind: Sendable, Hashable {
        case request
        /// 1xx: another response follows.
        case interim
        case response
        case trailers
        /// PUSH_PROMISE: a request that the server makes in the client's name, to be answered on `promised`.
        case push(promised: UInt32)
    }

    package var kind: Kind
    package var stream: UInt32
    package var side: HTTPSide
    package var fields: HTTPFields
    /// The message has no content after this.
    package var isEndStream: Bool
    /// Octets of the compressed field block.
    package var blockLength: Int

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

/// The deprecated priority of RFC 7540 §5.3, as browsers still send it.
package struct HTTP2Priority: Sendable, Hashable {
    package var isExclusive: Bool
    package var dependency: UInt32
    /// 1 to 256.
    package var weight: Int

    init(_ octets: UnsafeRawBufferPointer) {
        let word = octets.http2Word(at: 0)
        isExclusive = word >> 31 == 1
        dependency = word & 0x7fff_ffff
        weight = Int(octets[4]) + 1
    }
}

/// Why frames could not be followed.
package enum HTTP2Failure: Error, Sendable, Hashable {
    case notHTTP2
    case gap(UInt64)
}

/// Something that RFC 9113 forbids, or that we could not read, and after which we go on.
package enum HTTP2Anomaly: Sendable, Hashable {
    case undecodableBlock(HPACKDecoder.Failure)
    /// A field block larger than we hold; its fields are unknown.
    case blockTooLarge(limit: Int)
    /// Another frame stands inside a field block (RFC 9113 §6.10).
    case interruptedBlock
    case continuationWithoutHeaders
    case invalidPadding
    /// A frame of a length that its type does not allow.
    case frameSize(HTTP2FrameType)
    case wrongStream(HTTP2FrameType)
    case frameTooLarge(HTTP2FrameType)
    case uppercaseFieldName
    case pseudoFieldAfterFields
    case connectionSpecificField
    case unknownPseudoField
    case repeatedPseudoField
    case missingPseudoField
    case dataBeforeHead
    /// Frames after the sender had ended the stream.
    case afterEnd(HTTP2FrameType)
    case tooManyStreams(limit: Int)
    case resynchronised
}

/// How much a connection will hold.
package struct HTTP2Limits: Sendable {
    /// Octets of one compressed field block, all its frames together.
    package var blockSize: Int
    /// Octets of all names and values of one field section.
    package var listSize: Int
    /// Streams followed at a time.
    package var streams: Int

    package init(blockSize: Int = 256 << 10, listSize: Int = 1 << 20, streams: Int = 20_000) {
        self.blockSize = blockSize
        self.listSize = listSize
        self.streams = streams
    }
}
