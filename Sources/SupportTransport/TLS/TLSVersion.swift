/// A version of TLS, by its number on the wire.
package enum TLSVersion: UInt16, Sendable, Hashable, Codable, Comparable, CaseIterable, CustomStringConvertible {
    case tls10 = 0x0301
    case tls11 = 0x0302
    case tls12 = 0x0303
    case tls13 = 0x0304

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// As OpenSSL and curl write it: `TLSv1.3`.
    package var description: String {
        switch self {
        case .tls10: "TLSv1"
        case .tls11: "TLSv1.1"
        case .tls12: "TLSv1.2"
        case .tls13: "TLSv1.3"
        }
    }
}
