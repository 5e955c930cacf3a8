/// A record type of the DNS (RFC 1035 §3.2.2 and later).
package struct DNSRecordType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let a = DNSRecordType(rawValue: 1)
    package static let ns = DNSRecordType(rawValue: 2)
    package static let cname = DNSRecordType(rawValue: 5)
    package static let soa = DNSRecordType(rawValue: 6)
    package static let ptr = DNSRecordType(rawValue: 12)
    package static let txt = DNSRecordType(rawValue: 16)
    package static let aaaa = DNSRecordType(rawValue: 28)
    package static let opt = DNSRecordType(rawValue: 41)
    package static let https = DNSRecordType(rawValue: 65)
    package static let any = DNSRecordType(rawValue: 255)
}

/// One resource record.
package struct DNSRecord: Sendable, Hashable {
    package enum Content: Sendable, Hashable {
        case a(IPv4Address)
        case aaaa(IPv6Address)
        case cname(DNSName)
        case ptr(DNSName)
        case ns(DNSName)
        case soa(DNSAuthority)
        /// The payload of a record of another type, or of another class than IN.
        case other(DNSRecordType, [UInt8])

        package var type: DNSRecordType {
            switch self {
            case .a: .a
            case .aaaa: .aaaa
            case .cname: .cname
            case .ptr: .ptr
            case .ns: .ns
            case .soa: .soa
            case .other(let type, _): type
            }
        }
    }

    package var name: DNSName
    /// 1 is IN; an OPT record holds the sender's buffer size here.
    package var recordClass: UInt16
    /// In seconds; an OPT record holds flags here.
    package var timeToLive: UInt32
    package var content: Content

    package init(_ name: DNSName, timeToLive: UInt32, content: Content, recordClass: UInt16 = 1) {
        self.name = name
        self.recordClass = recordClass
        self.timeToLive = timeToLive
        self.content = content
    }
}

/// What a SOA record says (RFC 1035 §3.3.13); times in seconds.
package struct DNSAuthority: Sendable, Hashable {
    package var primary: DNSName
    package var mailbox: DNSName
    package var serial: UInt32
    package var refresh: UInt32
    package var retry: UInt32
    package var expire: UInt32
    /// How long a negative answer may be kept (RFC 2308).
    package var minimum: UInt32

    package init(
        primary: DNSName, mailbox: DNSName, serial: UInt32, refresh: UInt32, retry: UInt32, expire: UInt32,
        minimum: UInt32
    ) {
        self.primary = primary
        self.mailbox = mailbox
        self.serial = serial
        self.refresh = refresh
        self.retry = retry
        self.expire = expire
        self.minimum = minimum
    }
}
