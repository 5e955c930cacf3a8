/// Tells HTTP from other protocols by its first octets, and finds where its sections end.
package enum HTTP1Signature {
    /// What the first octets of a stream look like.
    package enum Verdict: Sendable, Hashable {
        case request, response
        /// The client's connection preface of HTTP/2 (RFC 9113 §3.4).
        case http2Preface
        case other
        /// Fits so far, but is too short to say.
        case undecided
    }

    /// Judges a stream by its beginning, whatever its ports are.
    package static func judge(_ octets: UnsafeRawBufferPointer) -> Verdict {
        if octets.isEmpty { return .undecided }
        let preface = HTTP2Preface.octets
        if octets.starts(with: preface) { return .http2Preface }
        if octets.count < preface.count, preface.starts(with: octets) { return .undecided }
        if isStartLine(octets, .response) { return .response }
        if octets.count < 9, mayBeStartLine(octets, .response) { return .undecided }
        if isStartLine(octets, .request) { return .request }
        let line = octets.prefix { $0 != 0x0a }
        if line.count == octets.count, octets.count < 16 << 10, mayBeStartLine(octets, .request) {
            return line.allSatisfy({ $0 >= 0x20 || $0 == 0x0d || $0 == 0x09 }) ? .undecided : .other
        }
        return .other
    }

    /// Whether the octets begin with a whole start line, or with so much of one that nothing else is likely.
    static func isStartLine(_ octets: UnsafeRawBufferPointer, _ role: HTTP1Parser.Role) -> Bool {
        switch role {
        case .response:
            return octets.count >= 9 && octets.starts(with: "HTTP/1.".utf8) && octets[8] == 0x20
        case .request:
            let method = octets.prefix { $0.isHTTPToken }
            guard !method.isEmpty, method.count <= 32, method.count < octets.count, octets[method.count] == 0x20 else {
                return false
            }
            guard let feed = octets.firstIndex(of: 0x0a, from: 0) else { return false }
            let line = octets[..<feed].trimmedLineEnd
            return line.count > 9 && line.suffix(9).starts(with: " HTTP/1.".utf8)
        }
    }

    /// Whether more octets could still make a start line of these.
    static func mayBeStartLine(_ octets: UnsafeRawBufferPointer, _ role: HTTP1Parser.Role) -> Bool {
        switch role {
        case .response: return octets.prefix(5).elementsEqual("HTTP/".utf8.prefix(octets.count))
        case .request:
            let method = octets.prefix(65).prefix { $0.isHTTPToken }
            if method.count == octets.count { return method.count <= 64 }
            guard !method.isEmpty, method.count <= 64 else { return false }
            return octets[method.count] == 0x20 || octets[method.count] == 0x09
        }
    }

    /// The octets up to and with the first empty line.
    static func headEnd(_ octets: UnsafeRawBufferPointer, from start: Int) -> (end: Int?, scanned: Int) {
        var from = start
        while let feed = octets.firstIndex(of: 0x0a, from: from) {
            guard feed + 1 < octets.count else { return (nil, feed) }
            if octets[feed + 1] == 0x0a { return (feed + 2, 0) }
            if octets[feed + 1] == 0x0d {
                guard feed + 2 < octets.count else { return (nil, feed) }
                if octets[feed + 2] == 0x0a { return (feed + 3, 0) }
            }
            from = feed + 1
        }
        return (nil, octets.count)
    }

    /// As ``headEnd(_:from:)``, for a section that may hold nothing but the empty line.
    static func trailerEnd(_ octets: UnsafeRawBufferPointer, from start: Int) -> (end: Int?, scanned: Int) {
        if octets.first == 0x0a { return (1, 0) }
        if octets.first == 0x0d {
            if octets.count == 1 { return (nil, 0) }
            if octets[1] == 0x0a { return (2, 0) }
        }
        return headEnd(octets, from: start)
    }
}

extension Slice where Base == UnsafeRawBufferPointer {
    /// Without CR and blanks at the end.
    fileprivate var trimmedLineEnd: Self {
        var end = endIndex
        while end > startIndex, [0x0d, 0x20, 0x09].contains(self[end - 1]) { end -= 1 }
        return self[startIndex..<end]
    }
}
