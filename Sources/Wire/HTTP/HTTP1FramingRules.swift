/// Decides how a body ends (RFC 9112 §6.3) and names what is dangerous about the fields that say so.
struct HTTP1FramingRules {
    private(set) var length: UInt64?
    private(set) var hasLength = false
    private(set) var hasTransferCoding = false
    private(set) var chunkedIsFinal = false

    init(_ fields: HTTPFields, version: HTTP1Version, reader: inout HTTP1HeadReader) {
        var chunkedSeen = false
        for index in 0..<fields.count {
            if fields.isNamed("content-length", at: index) {
                fields.withValue(at: index) { takeLength($0, &reader) }
            } else if fields.isNamed("transfer-encoding", at: index) {
                for coding in httpList(fields[index].value) where coding != "identity" {
                    hasTransferCoding = true
                    if coding == "chunked" {
                        if chunkedSeen { reader.note(.chunkedTwice) }
                        chunkedSeen = true
                        chunkedIsFinal = true
                    } else {
                        chunkedIsFinal = false
                        if !["gzip", "x-gzip", "deflate", "compress", "x-compress"].contains(coding) {
                            reader.note(.unknownTransferCoding)
                        }
                    }
                }
            }
        }
        if chunkedSeen, !chunkedIsFinal { reader.note(.chunkedNotFinal) }
        if hasTransferCoding, hasLength { reader.note(.contentLengthWithTransferEncoding) }
        if hasTransferCoding, version == .http10 { reader.note(.transferEncodingInHTTP10) }
    }

    /// A list of equal lengths is one length said twice; of different ones the first counts.
    private mutating func takeLength(_ value: UnsafeRawBufferPointer, _ reader: inout HTTP1HeadReader) {
        for part in value.split(separator: 0x2c, omittingEmptySubsequences: false) {
            if hasLength { reader.note(.duplicateContentLength) }
            hasLength = true
            guard let number = Self.decimal(part.trimmed) else {
                reader.note(.invalidContentLength)
                continue
            }
            if let length, length != number { reader.note(.conflictingContentLength) }
            length = length ?? number
        }
    }

    private static func decimal(_ digits: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        guard !digits.isEmpty else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            let (tens, over) = number.multipliedReportingOverflow(by: 10)
            let (sum, carry) = tens.addingReportingOverflow(UInt64(digit & 0x0f))
            guard !over, !carry else { return nil }
            number = sum
        }
        return number
    }

    func request() -> HTTP1Framing {
        if hasTransferCoding { return chunkedIsFinal ? .chunked : .untilClose }
        if let length { return length == 0 ? .none : .length(length) }
        return hasLength ? .untilClose : .none
    }

    func response(status: UInt16, to method: HTTP1Expectation?, reader: inout HTTP1HeadReader) -> HTTP1Framing {
        if status == 101 || (method == .connect && (200..<300).contains(status)) { return .tunnel }
        if method == .head || (100..<200).contains(status) || status == 204 || status == 304 {
            if hasTransferCoding, method != .head, status != 304 { reader.note(.transferEncodingWithoutBody) }
            return .none
        }
        if hasTransferCoding { return chunkedIsFinal ? .chunked : .untilClose }
        if let length { return length == 0 ? .none : .length(length) }
        return .untilClose
    }
}

/// What a response parser has to know about the request it answers.
package enum HTTP1Expectation: UInt8, Sendable {
    case head, connect, other

    /// Methods are case-sensitive (RFC 9110 §9.1).
    package init(method: String) {
        switch method {
        case "HEAD": self = .head
        case "CONNECT": self = .connect
        default: self = .other
        }
    }
}

/// The elements of a comma-separated field value, in lower case, parameters cut off, empty ones left out.
func httpList(_ value: String) -> [String] {
    value.utf8.split(separator: 0x2c).compactMap { element in
        let name = element.prefix { $0 != 0x3b }.drop { $0 == 0x20 || $0 == 0x09 }
        var text = String(decoding: name.map(\.lowercasedASCII), as: UTF8.self)
        while text.hasSuffix(" ") || text.hasSuffix("\t") { text.removeLast() }
        return text.isEmpty ? nil : text
    }
}
