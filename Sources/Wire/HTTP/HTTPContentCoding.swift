/// A content coding of HTTP (RFC 9110 §8.4.1) that can be taken off.
package enum HTTPContentCoding: String, Sendable, Hashable {
    case gzip, deflate
    /// Brotli (RFC 7932).
    case brotli = "br"
    /// Zstandard (RFC 9659).
    case zstd

    /// By its name in lower case, the historic aliases included.
    package init?(name: String) {
        switch name {
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        case "br": self = .brotli
        case "zstd": self = .zstd
        default: return nil
        }
    }

    /// The codings of a message in the order in which they were applied, `identity` left out.
    package static func codings(of fields: HTTPFields) throws(HTTPContentFailure) -> [HTTPContentCoding] {
        var codings: [HTTPContentCoding] = []
        for name in fields.values("content-encoding").flatMap(httpList) where name != "identity" {
            guard let coding = HTTPContentCoding(name: name) else { throw .unknownCoding(name) }
            guard codings.count < most else { throw .tooManyCodings(limit: most) }
            codings.append(coding)
        }
        return codings
    }

    /// Nobody needs more, and each costs memory.
    private static let most = 4
}

/// Why coded content could not be read to its end. What was decoded before stays good.
package enum HTTPContentFailure: Error, Sendable, Hashable {
    case unknownCoding(String)
    case tooManyCodings(limit: Int)
    case corrupt(HTTPContentCoding)
    /// The content ended before the coding said so.
    case truncated(HTTPContentCoding)
    /// More octets would come out than the caller takes.
    case tooLarge(limit: Int)
    /// The library could not get memory.
    case exhausted
}
