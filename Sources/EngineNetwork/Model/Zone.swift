import Wire

/// The names of a topology as a resolver answers for them: authoritative for everything, so that no question leaves the lab.
struct Zone: Sendable {
    private enum Entry {
        case addresses([IPAddress])
        case alias(DNSName)
        case failure(NameRecord.Failure)
    }

    /// An answer, and how long it takes.
    struct Reply {
        /// Nil where nothing is said.
        var bytes: [UInt8]?
        /// In nanoseconds.
        var delay: Int64 = 0
    }

    /// In seconds; short, since a lab may be run again with other addresses.
    static let timeToLive: UInt32 = 60
    private static let aliasLimit = 8

    private var entries: [DNSName: Entry] = [:]
    private var pointers: [DNSName: DNSName] = [:]
    private var timesToLive: [DNSName: UInt32] = [:]
    private var delays: [DNSName: Int64] = [:]
    /// Names that exist because others stand below them (RFC 8020): they have no data, but are no NXDOMAIN.
    private var ancestors: Set<DNSName> = []

    init(_ records: [NameRecord]) {
        for record in records {
            guard let name = DNSName(record.name), entries[name] == nil else { continue }
            timesToLive[name] = record.timeToLive
            delays[name] = record.delay
            if let failure = record.failure {
                entries[name] = .failure(failure)
            } else if let alias = record.alias.flatMap({ DNSName($0) }) {
                entries[name] = .alias(alias)
            } else {
                entries[name] = .addresses(record.addresses)
                for address in record.addresses {
                    guard let reverse = DNSName(address.reverseName), pointers[reverse] == nil else { continue }
                    pointers[reverse] = name
                }
            }
        }
        for name in Array(entries.keys) + Array(pointers.keys) {
            for count in 1..<max(1, name.labels.count) {
                // Whatever stands above one that is known is known, too.
                guard let ancestor = DNSName(labels: Array(name.labels.dropFirst(count))),
                    ancestors.insert(ancestor).inserted
                else { break }
            }
        }
    }

    /// The answer to a datagram; nil for what is no query, so that two resolvers cannot answer each other for ever.
    func answer(_ datagram: UnsafeRawBufferPointer) -> Reply? {
        let query: DNSMessage
        do {
            query = try DNSMessage(parsing: datagram)
        } catch {
            guard datagram.count >= 12, datagram[2] & 0x80 == 0 else { return nil }
            let identifier = UInt16(datagram[0]) << 8 | UInt16(datagram[1])
            return Reply(bytes: DNSMessage(identifier: identifier, isResponse: true, code: .formatError).bytes)
        }
        guard !query.isResponse else { return nil }
        var answer = DNSMessage(
            identifier: query.identifier, isResponse: true, operation: query.operation, isAuthoritative: true,
            recursionDesired: query.recursionDesired, recursionAvailable: true, questions: query.questions)
        if query.edns != nil {
            answer.additionals = [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 1232)]
        }
        var reply = Reply()
        if query.operation != 0 {
            answer.code = .notImplemented
        } else if query.questions.count != 1 || query.questions[0].questionClass != 1 {
            answer.code = query.questions.count == 1 ? .refused : .formatError
        } else {
            guard fill(&answer, for: query.questions[0], &reply.delay) else { return reply }
        }
        reply.bytes = answer.bytes(limit: min(query.bufferSize, 1232))
        return reply
    }

    /// False where nothing is said.
    ///
    /// - Parameter delay: grows by what each name on the way takes.
    private func fill(_ answer: inout DNSMessage, for question: DNSMessage.Question, _ delay: inout Int64) -> Bool {
        var name = question.name
        for _ in 0..<Zone.aliasLimit {
            delay = delay.advanced(by: delays[name] ?? 0)
            // What is said of an address's name by hand comes before what follows from the addresses.
            if case .failure(let failure) = entries[name] {
                switch failure {
                case .servfail: answer.code = .serverFailure
                case .refused: answer.code = .refused
                case .noAnswer: return false
                }
                // Nothing was found out, so nothing is said: neither the way there nor who would know.
                (answer.answers, answer.isAuthoritative) = ([], false)
                return true
            }
            if let target = pointers[name] {
                if [.ptr, .any].contains(question.type) { answer.answers.append(record(name, .ptr(target))) }
                break
            }
            guard let entry = entries[name] else {
                if !ancestors.contains(name) { answer.code = .nameError }
                break
            }
            if case .alias(let target) = entry {
                answer.answers.append(record(name, .cname(target)))
                if question.type == .cname { break }
                name = target
                continue
            }
            guard case .addresses(let addresses) = entry else { break }
            for address in addresses {
                switch address {
                case .v4(let address) where [.a, .any].contains(question.type):
                    answer.answers.append(record(name, .a(address)))
                case .v6(let address) where [.aaaa, .any].contains(question.type):
                    answer.answers.append(record(name, .aaaa(address)))
                default: break
                }
            }
            break
        }
        if answer.answers.isEmpty || answer.code != .noError { answer.authorities = [authority(above: name)] }
        return true
    }

    private func record(_ name: DNSName, _ content: DNSRecord.Content) -> DNSRecord {
        DNSRecord(name, timeToLive: timesToLive[name] ?? Zone.timeToLive, content: content)
    }

    /// The record that lets resolvers keep a negative answer (RFC 2308): a zone cut is assumed at the top-level domain.
    private func authority(above name: DNSName) -> DNSRecord {
        let top = DNSName(labels: Array(name.labels.suffix(1))) ?? .root
        return DNSRecord(
            top, timeToLive: Zone.timeToLive,
            content: .soa(
                DNSAuthority(
                    primary: top, mailbox: top, serial: 1, refresh: 3600, retry: 600, expire: 86400,
                    minimum: Zone.timeToLive)))
    }
}
