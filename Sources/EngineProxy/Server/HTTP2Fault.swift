import NIOHTTP2

/// What a peer did against RFC 9113, as NIOHTTP2 tells the handlers behind it.
enum HTTP2Fault {
    /// Whether a stream that the peer did not reset was reset for the peer's fault, not for reasons of ours.
    static func isFault(_ code: HTTP2ErrorCode) -> Bool {
        [.protocolError, .flowControlError, .streamClosed, .frameSizeError].contains(code)
    }

    /// Whether only one stream is at fault (section 5.4.2), which was reset; all other streams go on. A fault that could be either
    /// kind counts as the connection's.
    static func isOfStream(_ error: any Error) -> Bool {
        switch error {
        case is NIOHTTP2Errors.ForbiddenHeaderField, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldName,
            is NIOHTTP2Errors.MissingPseudoHeader, is NIOHTTP2Errors.DuplicatePseudoHeader,
            is NIOHTTP2Errors.PseudoHeaderAfterRegularHeader, is NIOHTTP2Errors.UnknownPseudoHeader,
            is NIOHTTP2Errors.InvalidPseudoHeaders, is NIOHTTP2Errors.InvalidStatusValue,
            is NIOHTTP2Errors.EmptyPathHeader, is NIOHTTP2Errors.InvalidHTTP2HeaderFieldValue,
            is NIOHTTP2Errors.ContentLengthViolated, is NIOHTTP2Errors.ContentLengthHeadersMismatch,
            is NIOHTTP2Errors.ContentLengthHeaderNegative, is NIOHTTP2Errors.ContentLengthHeaderMalformedValue:
            true
        default: false
        }
    }
}
