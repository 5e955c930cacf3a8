import SupportQuestions
import Wire

extension FrameDissector {
    /// A DNS message; one that cannot be parsed leaves the frame a UDP datagram.
    func dns(_ bytes: UnsafeRawBufferPointer, isQuoted: Bool) {
        guard
            frame.wantsSummary || frame.wanted.containsAny(.dns ... .dnsCname)
                || frame.wanted.contains(.frameProtocols) || frame.wanted.contains(.dnsBytes),
            let message = Self.parse(bytes)
        else { return }
        frame.enter(.dns, "dns")
        frame.add(.dnsBytes, .bytes(Array(bytes)))
        frame.add(.dnsId, .unsigned(UInt64(message.identifier)))
        frame.add(.dnsFlagsResponse, .boolean(message.isResponse))
        if message.isResponse { frame.add(.dnsFlagsRcode, .unsigned(UInt64(message.code.rawValue))) }
        frame.add(.dnsCountAnswers, .unsigned(UInt64(message.answers.count)))
        for question in message.questions {
            frame.add(.dnsQryName, .string(question.name.description))
            frame.add(.dnsQryType, .unsigned(UInt64(question.type.rawValue)))
        }
        for record in message.answers { add(record) }
        for record in message.authorities { add(record) }
        for record in message.additionals { add(record) }
        if !isQuoted { frame.describe("DNS", Self.text(message)) }
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer) -> DNSMessage? {
        do throws(DNSError) { return try DNSMessage(parsing: bytes) } catch { return nil }
    }

    private func add(_ record: DNSRecord) {
        frame.add(.dnsRespName, .string(record.name.labels.isEmpty ? "<Root>" : record.name.description))
        frame.add(.dnsRespType, .unsigned(UInt64(record.content.type.rawValue)))
        switch record.content {
        case .a(let address): frame.add(.dnsA, .ipv4(address.rawValue))
        case .aaaa(let address): frame.add(.dnsAaaa, .ipv6(address.high, address.low))
        case .cname(let name): frame.add(.dnsCname, .string(name.description))
        default: break
        }
    }

    private static func text(_ message: DNSMessage) -> String {
        var text = "Standard query"
        if message.isResponse { text += " response" }
        text += " 0x" + String(message.identifier, radix: 16)
        if message.isResponse {
            switch message.code {
            case .noError: break
            case .nameError: text += " No such name"
            case .refused: text += " Refused"
            case .serverFailure: text += " Server failure"
            default: text += " rcode \(message.code.rawValue)"
            }
        }
        for question in message.questions { text += " \(typeName(question.type.rawValue)) \(question.name)" }
        for record in message.answers {
            text += " \(typeName(record.content.type.rawValue))"
            switch record.content {
            case .a(let address): text += " \(address)"
            case .aaaa(let address): text += " \(address)"
            case .cname(let name): text += " \(name)"
            case .ptr(let name): text += " \(name)"
            default: break
            }
        }
        return text
    }

    private static func typeName(_ number: UInt16) -> String {
        ValueNames.dnsTypes.first { $0.value == UInt64(number) }?.key ?? "TYPE\(number)"
    }
}
