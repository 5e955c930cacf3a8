/// A message of the DNS (RFC 1035 §4): one question as a rule, and what is known about it.
package struct DNSMessage: Sendable, Hashable {
    package struct Question: Sendable, Hashable {
        package var name: DNSName
        package var type: DNSRecordType
        package var questionClass: UInt16

        package init(_ name: DNSName, type: DNSRecordType, questionClass: UInt16 = 1) {
            self.name = name
            self.type = type
            self.questionClass = questionClass
        }
    }

    package struct ResponseCode: RawRepresentable, Hashable, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let noError = ResponseCode(rawValue: 0)
        package static let formatError = ResponseCode(rawValue: 1)
        package static let serverFailure = ResponseCode(rawValue: 2)
        package static let nameError = ResponseCode(rawValue: 3)
        package static let notImplemented = ResponseCode(rawValue: 4)
        package static let refused = ResponseCode(rawValue: 5)
    }

    package var identifier: UInt16
    package var isResponse: Bool
    /// 0 is a standard query.
    package var operation: UInt8
    package var isAuthoritative: Bool
    package var isTruncated: Bool
    package var recursionDesired: Bool
    package var recursionAvailable: Bool
    package var code: ResponseCode
    package var questions: [Question]
    package var answers: [DNSRecord]
    package var authorities: [DNSRecord]
    package var additionals: [DNSRecord]

    package init(
        identifier: UInt16, isResponse: Bool = false, operation: UInt8 = 0, isAuthoritative: Bool = false,
        isTruncated: Bool = false, recursionDesired: Bool = true, recursionAvailable: Bool = false,
        code: ResponseCode = .noError, questions: [Question] = [], answers: [DNSRecord] = [],
        authorities: [DNSRecord] = [], additionals: [DNSRecord] = []
    ) {
        self.identifier = identifier
        self.isResponse = isResponse
        self.operation = operation
        self.isAuthoritative = isAuthoritative
        self.isTruncated = isTruncated
        self.recursionDesired = recursionDesired
        self.recursionAvailable = recursionAvailable
        self.code = code
        self.questions = questions
        self.answers = answers
        self.authorities = authorities
        self.additionals = additionals
    }

    /// The EDNS record (RFC 6891), when the sender has one.
    package var edns: DNSRecord? { additionals.first { $0.content.type == .opt } }

    /// The largest UDP answer the sender takes, in bytes: 512 unless EDNS says more.
    package var bufferSize: Int { max(512, edns.map { Int($0.recordClass) } ?? 512) }
}
