import Wire

/// Why a request is refused before anything of it is passed on: whatever two readers could understand differently is how
/// requests are smuggled past a proxy (CVE-2021-39214, CVE-2022-24766, SQUID-2023:1).
package struct RequestRejection: Error, Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        case contentLengthWithTransferEncoding = "content-length-with-transfer-encoding"
        case duplicateContentLength = "duplicate-content-length"
        case invalidContentLength = "invalid-content-length"
        case transferEncoding = "transfer-encoding"
        case lineEnd = "line-end"
        case fieldName = "field-name"
        case fieldValue = "field-value"
        case foldedField = "folded-field"
        case startLine = "start-line"
        case missingHost = "missing-host"
        case severalHosts = "several-hosts"
        case invalidHost = "invalid-host"
        case hostMismatch = "host-mismatch"
        case target = "target"
        case unknownDestination = "unknown-destination"
        case chunk = "chunk"
        case headTooLarge = "head-too-large"
        case notHTTP = "not-http"
        case version = "version"
        case nestedConnect = "nested-connect"
        case expectation = "expectation"
        case connectionField = "connection-field"
        case timeout
    }

    package let reason: Reason

    package init(_ reason: Reason) { self.reason = reason }

    package var status: Int {
        switch reason {
        case .headTooLarge: 431
        case .version: 505
        case .timeout: 408
        case .expectation: 417
        default: 400
        }
    }

    /// What is wrong, in one sentence for the error page and the log.
    package var sentence: String {
        switch reason {
        case .contentLengthWithTransferEncoding:
            "The request has both Content-Length and Transfer-Encoding, so two servers could disagree on where it ends."
        case .duplicateContentLength: "The request says its Content-Length more than once."
        case .invalidContentLength: "The Content-Length of the request is not a plain decimal number."
        case .transferEncoding:
            "The Transfer-Encoding of the request is not exactly “chunked”, the only one that a proxy can pass on safely."
        case .lineEnd: "A line of the request does not end in CR LF."
        case .fieldName: "The request has a header field whose name is not a token followed by a colon."
        case .fieldValue: "The request has a header field with a character that no field may hold."
        case .foldedField: "The request has a header field that goes on over several lines."
        case .startLine: "The first line of the request is not “METHOD TARGET HTTP/1.1”."
        case .missingHost: "The request has no Host field."
        case .severalHosts: "The request has more than one Host field."
        case .invalidHost: "The Host field of the request is not a host name with an optional port."
        case .hostMismatch: "The Host field of the request names another host than its target."
        case .target: "The target of the request is not one that its method allows."
        case .unknownDestination:
            "This is a proxy, and the request does not say where it wants to go. Browsers say so once they are told to "
                + "use the proxy; do not open its address directly."
        case .chunk: "The chunked body of the request is damaged."
        case .headTooLarge: "The header fields of the request are too large."
        case .notHTTP: "What arrived is no HTTP/1 request."
        case .version: "The request uses a version of HTTP that is not spoken here."
        case .timeout: "The request did not come to the end of its header fields in time."
        case .nestedConnect: "The request asks for a tunnel inside a tunnel that is already open."
        case .expectation: "The request expects something other than 100-continue."
        case .connectionField: "The request has a header field of HTTP/1 connections, which HTTP/2 forbids."
        }
    }
}

extension RequestRejection {
    /// The first anomaly that forbids passing the message on; nil for the harmless ones.
    static func reason(of anomaly: HTTP1Anomaly) -> Reason? {
        switch anomaly {
        case .contentLengthWithTransferEncoding: .contentLengthWithTransferEncoding
        case .duplicateContentLength, .conflictingContentLength: .duplicateContentLength
        case .invalidContentLength: .invalidContentLength
        case .unknownTransferCoding, .chunkedNotFinal, .chunkedTwice, .transferEncodingInHTTP10: .transferEncoding
        case .bareLineFeed, .bareCarriageReturn: .lineEnd
        case .foldedField: .foldedField
        case .whitespaceBeforeColon, .fieldWithoutColon, .invalidFieldName: .fieldName
        case .nulInField: .fieldValue
        case .whitespaceInStartLine: .startLine
        case .missingHost: .missingHost
        case .severalHosts: .severalHosts
        case .chunkWithoutLineEnd: .chunk
        case .resynchronised: .notHTTP
        // One empty line before a request is to be ignored (RFC 9112, section 2.2), and so are chunk extensions (7.1.1).
        case .leadingEmptyLine, .chunkExtension, .missingReason, .responseWithoutRequest, .transferEncodingWithoutBody:
            nil
        }
    }

    static func reason(of failure: HTTP1Failure) -> Reason {
        switch failure {
        case .notHTTP, .gap, .truncatedHead: .notHTTP
        case .startLine: .startLine
        case .unsupportedVersion: .version
        case .headTooLarge, .tooManyFields: .headTooLarge
        case .chunkSize, .chunkLineTooLong: .chunk
        }
    }
}
