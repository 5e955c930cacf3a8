extension DNSMessage {
    /// The message on the wire, names uncompressed but for those equal to the first question's.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append16(identifier)
        var flags = UInt16(operation & 15) << 11 | UInt16(code.rawValue & 15)
        if isResponse { flags |= 0x8000 }
        if isAuthoritative { flags |= 0x0400 }
        if isTruncated { flags |= 0x0200 }
        if recursionDesired { flags |= 0x0100 }
        if recursionAvailable { flags |= 0x0080 }
        bytes.append16(flags)
        for count in [questions.count, answers.count, authorities.count, additionals.count] {
            bytes.append16(UInt16(clamping: count))
        }
        for question in questions {
            bytes += question.name.bytes
            bytes.append16(question.type.rawValue)
            bytes.append16(question.questionClass)
        }
        for record in answers + authorities + additionals {
            bytes += nameBytes(record.name)
            bytes.append16(record.content.type.rawValue)
            bytes.append16(record.recordClass)
            bytes.append32(record.timeToLive)
            let content = record.content.bytes
            bytes.append16(UInt16(clamping: content.count))
            bytes += content.prefix(0xFFFF)
        }
        return bytes
    }

    /// The first question's name stands at offset 12, directly behind the header.
    private func nameBytes(_ name: DNSName) -> [UInt8] {
        name == questions.first?.name && !name.labels.isEmpty ? [0xC0, 12] : name.bytes
    }

    /// The message when it fits into `limit` bytes; otherwise its head with the truncation bit (RFC 2181 §9).
    package func bytes(limit: Int) -> [UInt8] {
        let whole = bytes
        guard whole.count > limit else { return whole }
        var cut = self
        cut.isTruncated = true
        cut.answers = []
        cut.authorities = []
        return cut.bytes
    }

    /// A question to a recursive resolver.
    package static func query(_ name: DNSName, type: DNSRecordType, identifier: UInt16) -> DNSMessage {
        DNSMessage(identifier: identifier, questions: [Question(name, type: type)])
    }
}

extension DNSRecord.Content {
    fileprivate var bytes: [UInt8] {
        switch self {
        case .a(let address): return address.bytes
        case .aaaa(let address): return address.bytes
        case .cname(let name), .ptr(let name), .ns(let name): return name.bytes
        case .soa(let authority):
            var bytes = authority.primary.bytes + authority.mailbox.bytes
            for number in [
                authority.serial, authority.refresh, authority.retry, authority.expire, authority.minimum,
            ] {
                bytes.append32(number)
            }
            return bytes
        case .other(_, let bytes): return bytes
        }
    }
}
