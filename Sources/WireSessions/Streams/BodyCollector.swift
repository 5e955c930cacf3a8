import SupportCrypto
import Wire

/// Decodes, counts, digests and keeps the bytes of a body, as far as each is wanted.
struct BodyCollector {
    private(set) var bytes: [UInt8] = []
    /// Of the whole decoded body, kept or not.
    private(set) var count: UInt64 = 0
    /// The content coding is unknown, or its bytes are damaged; what was decoded before stays.
    private(set) var isUndecodable = false
    private let limit: Int
    private let running: RunningDigest?
    private var decoder: HTTPContentDecoder?

    /// Decoded bytes after which a body is given up: small files can decode to very large ones.
    private static let mostDecodedBytes = 1 << 28

    /// `keeping` 0 keeps nothing.
    init(keeping limit: Int, digesting: Bool) {
        self.limit = limit
        running = digesting ? RunningDigest(.sha256) : nil
    }

    /// The head of the message says how the body is coded.
    mutating func expect(_ fields: HTTPFields) {
        do throws(HTTPContentFailure) {
            let codings = try HTTPContentCoding.codings(of: fields)
            if !codings.isEmpty { decoder = try HTTPContentDecoder(codings, limit: Self.mostDecodedBytes) }
        } catch { isUndecodable = true }
    }

    mutating func append(_ more: UnsafeRawBufferPointer) {
        guard let decoder else { return keep(more) }
        guard !isUndecodable else { return }
        var decoded = Self(keeping: 0, digesting: false)
        swap(&decoded, &self)
        defer { swap(&decoded, &self) }
        do throws(HTTPContentFailure) {
            try decoder.decode(more) { decoded.keep($0) }
        } catch { decoded.isUndecodable = true }
    }

    private mutating func keep(_ more: UnsafeRawBufferPointer) {
        count &+= UInt64(more.count)
        running?.update(more)
        let room = limit - bytes.count
        if room > 0 { bytes.append(contentsOf: more.prefix(room)) }
    }

    /// Of everything so far; asked once.
    var digest: [UInt8]? { running?.finish() }
}
