import COpenSSL
import Glibc

/// A name a certificate is valid for (RFC 5280, 4.2.1.6).
package enum SubjectAlternativeName: Sendable, Hashable, CustomStringConvertible {
    case dns(String)
    /// 4 or 16 bytes.
    case ip([UInt8])
    case email(String)
    case uri(String)
    /// A kind this reader does not take apart, with OpenSSL's number of the kind.
    case other(Int32)

    /// `.ip` where `host` is an address (brackets around an IPv6 one allowed), otherwise `.dns` in lower case.
    package init(host: String) {
        var bare = host
        if bare.hasPrefix("["), bare.hasSuffix("]") { bare = String(bare.dropFirst().dropLast()) }
        if let address = Self.addressBytes(bare) {
            self = .ip(address)
        } else {
            if bare.hasSuffix("."), bare.count > 1 { bare.removeLast() }
            self = .dns(bare.lowercased())
        }
    }

    /// The four or sixteen bytes of a textual address, nil where `text` is none.
    package static func addressBytes(_ text: String) -> [UInt8]? {
        var v4 = [UInt8](repeating: 0, count: 4)
        if inet_pton(AF_INET, text, &v4) == 1 { return v4 }
        var v6 = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET6, text, &v6) == 1 { return v6 }
        return nil
    }

    /// `dns:www.example.test`, `ip:192.0.2.1`.
    package var description: String {
        switch self {
        case .dns(let name): "dns:\(name)"
        case .ip(let bytes): "ip:\(Self.text(ofAddress: bytes))"
        case .email(let text): "email:\(text)"
        case .uri(let text): "uri:\(text)"
        case .other(let kind): "other:\(kind)"
        }
    }

    static func text(ofAddress bytes: [UInt8]) -> String {
        var text = [CChar](repeating: 0, count: 64)
        let family = bytes.count == 4 ? AF_INET : AF_INET6
        guard bytes.count == 4 || bytes.count == 16, inet_ntop(family, bytes, &text, 64) != nil else {
            return bytes.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The kind and bytes OpenSSL wants, nil for names we do not issue: empty, with bytes outside visible ASCII, or longer
    /// than a DNS name can be.
    var encoded: (kind: Int32, bytes: [UInt8])? {
        switch self {
        case .dns(let name):
            let bytes = Array(name.utf8)
            guard (1...253).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
            return (GEN_DNS, bytes)
        case .ip(let bytes):
            return bytes.count == 4 || bytes.count == 16 ? (GEN_IPADD, bytes) : nil
        case .email(let text):
            return text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ? (GEN_EMAIL, Array(text.utf8)) : nil
        case .uri(let text):
            return text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) ? (GEN_URI, Array(text.utf8)) : nil
        case .other:
            return nil
        }
    }
}
