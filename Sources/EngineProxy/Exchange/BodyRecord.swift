import NIOConcurrencyHelpers
import NIOCore
import SupportCrypto

/// Bytes that all bodies under way may keep together, so that many large exchanges at once cannot fill the memory.
final class BodyBudget: Sendable {
    private let left: NIOLockedValueBox<Int>

    init(bytes: Int) { left = NIOLockedValueBox(bytes) }

    /// As many of the bytes asked for as there are.
    func take(_ wanted: Int) -> Int {
        left.withLockedValue { left in
            let granted = min(wanted, left)
            left -= granted
            return granted
        }
    }

    func giveBack(_ count: Int) { left.withLockedValue { $0 += count } }
}

/// What is kept of a body while it streams by: its beginning, its length, its digest.
final class BodyRecord {
    private var limit: Int
    private let budget: BodyBudget
    private var kept: [UInt8] = []
    private var length: UInt64 = 0
    private var digest: RunningDigest?

    init(limit: Int, budget: BodyBudget) {
        self.limit = limit
        self.budget = budget
    }

    deinit { budget.giveBack(kept.count) }

    func append(_ bytes: ByteBuffer) { bytes.withUnsafeReadableBytes { append($0) } }

    func append(_ bytes: UnsafeRawBufferPointer) {
        let running = digest ?? RunningDigest(.sha256)
        digest = running
        running.update(bytes)
        length &+= UInt64(bytes.count)
        let wanted = min(limit - kept.count, bytes.count)
        guard wanted > 0 else { return }
        let granted = budget.take(wanted)
        kept.append(contentsOf: bytes.prefix(granted))
        // A beginning with holes would be none.
        if granted < wanted { limit = kept.count }
    }

    func finish() -> ProxyBody {
        guard let digest else { return ProxyBody() }
        return ProxyBody(
            bytes: kept, length: length, sha256: hexadecimal(digest.finish()), isCut: length > UInt64(kept.count))
    }
}
