/// Reads one complete head or trailer section into fields, leniently, and writes down what it was lenient about.
struct HTTP1HeadReader {
    let octets: UnsafeRawBufferPointer
    let limits: HTTP1Limits
    var position = 0
    var anomalies: [HTTP1Anomaly] = []

    init(octets: UnsafeRawBufferPointer, limits: HTTP1Limits) {
        self.octets = octets
        self.limits = limits
    }

    mutating func note(_ anomaly: HTTP1Anomaly) {
        if !anomalies.contains(anomaly) { anomalies.append(anomaly) }
    }

    /// The next line without its end; nil after the last one. A line that has no end is taken as it is.
    mutating func line() -> Range<Int>? {
        guard position < octets.count else { return nil }
        let start = position
        var end = octets.count
        if let feed = octets.firstIndex(of: 0x0a, from: start) {
            position = feed + 1
            end = feed
            if end > start, octets[end - 1] == 0x0d {
                end -= 1
            } else {
                note(.bareLineFeed)
            }
        } else {
            position = octets.count
        }
        return start..<end
    }

    func text(_ range: Range<Int>) -> String { String(decoding: octets[range], as: UTF8.self) }

    /// `method SP target SP version`; some senders put more blanks, and some targets hold blanks.
    mutating func requestLine() -> (method: String, target: String, version: HTTP1Version)? {
        guard let line = line(), let methodEnd = octets[line].firstIndex(where: isBlank), methodEnd > line.lowerBound,
            octets[line.lowerBound..<methodEnd].allSatisfy(\.isHTTPToken),
            let versionStart = octets[line].trimmedEnd.lastIndex(where: isBlank)
        else { return nil }
        let lineEnd = octets[line].trimmedEnd.endIndex
        guard let version = version(versionStart + 1..<lineEnd) else { return nil }
        let target = octets[methodEnd..<max(methodEnd, versionStart)].trimmed
        guard !target.isEmpty else { return nil }
        let blanks = methodEnd + 1 != target.startIndex || versionStart != target.endIndex || lineEnd != line.upperBound
        let hasTab = octets[methodEnd] == 0x09 || octets[versionStart] == 0x09
        if blanks || hasTab || target.contains(where: isBlank) { note(.whitespaceInStartLine) }
        return (text(line.lowerBound..<methodEnd), text(target.startIndex..<target.endIndex), version)
    }

    /// `version SP status SP [reason]`.
    mutating func statusLine() -> (status: UInt16, reason: String, version: HTTP1Version)? {
        guard let line = line(), let versionEnd = octets[line].firstIndex(where: isBlank),
            let version = version(line.lowerBound..<versionEnd)
        else { return nil }
        let rest = octets[versionEnd..<line.upperBound].trimmedStart
        if rest.startIndex != versionEnd + 1 { note(.whitespaceInStartLine) }
        guard rest.count >= 3 else { return nil }
        let digits = rest.prefix(3)
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        let status = digits.reduce(UInt16(0)) { $0 * 10 + UInt16($1 & 0x0f) }
        let after = rest.dropFirst(3)
        if after.isEmpty {
            note(.missingReason)
            return (status, "", version)
        }
        guard isBlank(after[after.startIndex]) else { return nil }
        let reason = after.dropFirst()
        return (status, text(reason.startIndex..<reason.endIndex), version)
    }

    private func version(_ range: Range<Int>) -> HTTP1Version? {
        guard range.count == 8, octets[range].prefix(5).elementsEqual("HTTP/".utf8) else { return nil }
        let major = octets[range.lowerBound + 5]
        let minor = octets[range.lowerBound + 7]
        guard octets[range.lowerBound + 6] == 0x2e, (0x30...0x39).contains(major), (0x30...0x39).contains(minor) else {
            return nil
        }
        return HTTP1Version(major: major & 0x0f, minor: minor & 0x0f)
    }

    /// The field lines up to the empty one; nil when there are more than the limit.
    mutating func fields() -> HTTPFields? {
        var fields = HTTPFields(octets: [UInt8](octets), entries: [])
        fields.entries.reserveCapacity(16)
        while let line = line(), !line.isEmpty {
            guard fields.entries.count < limits.fieldCount else { return nil }
            if octets[line].contains(0x0d) { note(.bareCarriageReturn) }
            if octets[line].contains(0) { note(.nulInField) }
            if isBlank(octets[line.lowerBound]), !fields.entries.isEmpty {
                note(.foldedField)
                fold(octets[line].trimmed, into: &fields)
            } else {
                field(line, into: &fields)
            }
        }
        return fields
    }

    private mutating func field(_ line: Range<Int>, into fields: inout HTTPFields) {
        guard let colon = octets[line].firstIndex(of: 0x3a) else {
            note(.fieldWithoutColon)
            return
        }
        let name = octets[line.lowerBound..<colon].trimmed
        if name.endIndex != colon || name.startIndex != line.lowerBound { note(.whitespaceBeforeColon) }
        if name.isEmpty || !name.allSatisfy(\.isHTTPToken) { note(.invalidFieldName) }
        let value = octets[colon + 1..<line.upperBound].trimmed
        fields.entries.append(
            HTTPFields.Entry(
                nameStart: UInt32(truncatingIfNeeded: name.startIndex),
                nameCount: UInt32(truncatingIfNeeded: name.count),
                valueStart: UInt32(truncatingIfNeeded: value.startIndex),
                valueCount: UInt32(truncatingIfNeeded: value.count), marks: []))
    }

    /// The joined value is written anew behind the head's octets; the first part stays where it was.
    private func fold(_ more: Slice<UnsafeRawBufferPointer>, into fields: inout HTTPFields) {
        var entry = fields.entries[fields.entries.count - 1]
        let old = Int(entry.valueStart)..<Int(entry.valueStart) + Int(entry.valueCount)
        if !entry.marks.contains(.folded) || old.upperBound != fields.octets.count {
            entry.valueStart = UInt32(truncatingIfNeeded: fields.octets.count)
            fields.octets.append(contentsOf: fields.octets[old])
        }
        fields.octets.append(0x20)
        fields.octets.append(contentsOf: more)
        entry.valueCount = UInt32(truncatingIfNeeded: fields.octets.count) - entry.valueStart
        entry.marks.insert(.folded)
        fields.entries[fields.entries.count - 1] = entry
    }
}

/// SP and HTAB, the two blanks of HTTP (RFC 9110 §5.6.3).
@inline(__always)
private func isBlank(_ octet: UInt8) -> Bool { octet == 0x20 || octet == 0x09 }

extension Slice where Base == UnsafeRawBufferPointer {
    var trimmedStart: Self { self[(firstIndex { !isBlank($0) } ?? endIndex)...] }

    var trimmedEnd: Self {
        var end = endIndex
        while end > startIndex, isBlank(self[end - 1]) { end -= 1 }
        return self[startIndex..<end]
    }

    var trimmed: Self { trimmedStart.trimmedEnd }
}
