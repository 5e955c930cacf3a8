/// Why bytes are not a DNS message.
package enum DNSError: Error, Hashable, Sendable {
    case truncated
    /// A name longer than 255 bytes, or a label of a kind nobody uses.
    case badName
    /// A compression pointer that does not point backwards, or one of too many.
    case badPointer
    case badRecord(DNSRecordType)
    /// More records than a message of 64 KiB can be for.
    case tooManyRecords
}

extension DNSMessage {
    /// Far above what a stub resolver sees, far below what a crafted header promises.
    package static let recordLimit = 512

    package init(parsing bytes: UnsafeRawBufferPointer) throws(DNSError) {
        var reader = DNSReader(bytes: bytes)
        let identifier = try reader.read16()
        let flags = try reader.read16()
        let counts = [try reader.read16(), try reader.read16(), try reader.read16(), try reader.read16()].map {
            Int($0)
        }
        guard counts.reduce(0, +) <= DNSMessage.recordLimit else { throw .tooManyRecords }
        self.init(
            identifier: identifier, isResponse: flags & 0x8000 != 0,
            operation: UInt8(truncatingIfNeeded: flags >> 11 & 15), isAuthoritative: flags & 0x0400 != 0,
            isTruncated: flags & 0x0200 != 0, recursionDesired: flags & 0x0100 != 0,
            recursionAvailable: flags & 0x0080 != 0,
            code: ResponseCode(rawValue: UInt8(truncatingIfNeeded: flags & 15)))
        for _ in 0..<counts[0] {
            let name = try reader.readName()
            let type = DNSRecordType(rawValue: try reader.read16())
            questions.append(Question(name, type: type, questionClass: try reader.read16()))
        }
        for _ in 0..<counts[1] { answers.append(try reader.readRecord()) }
        for _ in 0..<counts[2] { authorities.append(try reader.readRecord()) }
        for _ in 0..<counts[3] { additionals.append(try reader.readRecord()) }
    }

    package init(parsing bytes: [UInt8]) throws(DNSError) {
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(DNSError) in try DNSMessage(parsing: bytes) }
        }
        self = try result.get()
    }
}

/// A position in a message; names may refer back to anything before it.
private struct DNSReader {
    let bytes: UnsafeRawBufferPointer
    var offset = 0

    mutating func read16() throws(DNSError) -> UInt16 {
        guard bytes.count - offset >= 2 else { throw .truncated }
        defer { offset += 2 }
        return bytes.be16(offset)
    }

    mutating func read32() throws(DNSError) -> UInt32 {
        guard bytes.count - offset >= 4 else { throw .truncated }
        defer { offset += 4 }
        return bytes.be32(offset)
    }

    /// Reads a name, following compression pointers (RFC 1035 §4.1.4). Each must point before the part it was found in, so
    /// that a chain of them ends.
    mutating func readName() throws(DNSError) -> DNSName {
        var labels: [[UInt8]] = []
        var length = 1
        var position = offset
        var partStart = offset
        var end: Int?
        while true {
            guard position < bytes.count else { throw .truncated }
            let first = bytes[position]
            switch first >> 6 {
            case 0 where first == 0:
                offset = end ?? position + 1
                return DNSName(checked: labels)
            case 0:
                let next = position + 1 + Int(first)
                guard next <= bytes.count else { throw .truncated }
                length += Int(first) + 1
                guard length <= 255 else { throw .badName }
                labels.append(Array(bytes[(position + 1)..<next]))
                position = next
            case 3:
                guard bytes.count - position >= 2 else { throw .truncated }
                let target = Int(bytes.be16(position) & 0x3FFF)
                guard target < partStart else { throw .badPointer }
                if end == nil { end = position + 2 }
                position = target
                partStart = target
            default: throw .badName
            }
        }
    }

    mutating func readRecord() throws(DNSError) -> DNSRecord {
        let name = try readName()
        let type = DNSRecordType(rawValue: try read16())
        let recordClass = try read16()
        let timeToLive = try read32()
        let length = Int(try read16())
        guard bytes.count - offset >= length else { throw .truncated }
        let end = offset + length
        let content = try readContent(type, recordClass, end: end)
        offset = end
        return DNSRecord(name, timeToLive: timeToLive, content: content, recordClass: recordClass)
    }

    private mutating func readContent(
        _ type: DNSRecordType, _ recordClass: UInt16, end: Int
    ) throws(DNSError) -> DNSRecord.Content {
        let start = offset
        guard recordClass == 1 else { return .other(type, Array(bytes[start..<end])) }
        let content: DNSRecord.Content
        switch type {
        case .a:
            guard end - start == 4 else { throw .badRecord(type) }
            return .a(IPv4Address(rawValue: bytes.be32(start)))
        case .aaaa:
            guard end - start == 16 else { throw .badRecord(type) }
            return .aaaa(bytes.ipv6(start))
        case .cname: content = .cname(try readName())
        case .ptr: content = .ptr(try readName())
        case .ns: content = .ns(try readName())
        case .soa:
            content = .soa(
                DNSAuthority(
                    primary: try readName(), mailbox: try readName(), serial: try read32(), refresh: try read32(),
                    retry: try read32(), expire: try read32(), minimum: try read32()))
        default: return .other(type, Array(bytes[start..<end]))
        }
        guard offset == end else { throw .badRecord(type) }
        return content
    }
}
