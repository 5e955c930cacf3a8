/// What one direction of an HTTP/1 connection says next.
///
/// The order is: head, then any number of body, chunk and anomaly events, at most one trailers, then exactly one end
/// (or failed). Slices point into the octets that were passed in and are valid only until that call's input goes away.
package enum HTTP1Event {
    case request(HTTP1RequestHead)
    case response(HTTP1ResponseHead)
    /// Content octets with the transfer coding removed; content codings are still on (see ``HTTPContentDecoder``).
    case body(UnsafeRawBufferPointer)
    /// A chunk of this size begins; the last one has size 0.
    case chunk(size: UInt64)
    case trailers(HTTPFields)
    /// Octets of the body that the capture does not have.
    case missing(UInt64)
    case end(HTTP1End)
    /// From here on the direction carries another protocol.
    case switched(HTTP1Switch)
    /// Octets after ``switched(_:)``.
    case tunnel(UnsafeRawBufferPointer)
    case anomaly(HTTP1Anomaly)
    /// The octets are no HTTP/1 that can be followed; what comes is skipped until a start line begins an input.
    case failed(HTTP1Failure)
}

/// How a message ended.
package enum HTTP1End: Sendable, Hashable {
    case complete
    /// The stream ended, and that is how this body says that it is complete.
    case closed
    /// The stream ended too early: by close, by reset or because the capture did. `missing` is nil when nobody can know.
    case truncated(missing: UInt64?)
}

/// Why a direction leaves HTTP/1.
package enum HTTP1Switch: Sendable, Hashable {
    /// 2xx to CONNECT.
    case connect
    /// 101; the `Upgrade` field of the response, as sent.
    case upgrade(String)
}

/// How a stream ended, as far as the capture shows.
package enum HTTPStreamEnd: Sendable, Hashable {
    /// FIN, or TLS close_notify.
    case closed
    /// RST, a fatal TLS alert, or the capture's own end.
    case aborted
}

/// Why the octets of a direction could not be followed as HTTP/1.
package enum HTTP1Failure: Error, Sendable, Hashable {
    case notHTTP
    case startLine
    case unsupportedVersion(HTTP1Version)
    case headTooLarge(limit: Int)
    case tooManyFields(limit: Int)
    case chunkSize
    case chunkLineTooLong(limit: Int)
    case truncatedHead
    /// Octets are missing where their number cannot be skipped: inside a head or across a chunk's border.
    case gap(UInt64)
}

/// Something in a message that recipients read differently, or that RFC 9112 forbids, and that we read leniently.
package enum HTTP1Anomaly: Sendable, Hashable {
    case contentLengthWithTransferEncoding
    case duplicateContentLength
    case conflictingContentLength
    case invalidContentLength
    case unknownTransferCoding
    case chunkedNotFinal
    case chunkedTwice
    case transferEncodingInHTTP10
    case transferEncodingWithoutBody
    case bareLineFeed
    case bareCarriageReturn
    case foldedField
    case whitespaceBeforeColon
    case fieldWithoutColon
    case invalidFieldName
    case nulInField
    case whitespaceInStartLine
    case leadingEmptyLine
    case missingHost
    case severalHosts
    case missingReason
    case chunkExtension
    case chunkWithoutLineEnd
    case responseWithoutRequest
    case resynchronised
}
