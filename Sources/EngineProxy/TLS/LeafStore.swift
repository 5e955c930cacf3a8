import NIOConcurrencyHelpers
import OrderedCollections
import SupportCrypto

/// The certificates shown to clients: one per name, each with a key of its own, issued when first asked for and kept for a
/// bounded number of names.
final class LeafStore: Sendable {
    private struct Leaf {
        var identity: ServerIdentity
        var notAfter: Int64
    }

    let authority: CertificateAuthority
    private let limit: Int
    private let now: @Sendable () -> Int64
    private let leaves = NIOLockedValueBox(OrderedDictionary<SubjectAlternativeName, Leaf>())
    private static let day: Int64 = 86_400_000_000_000

    init(authority: CertificateAuthority, limit: Int = 512, now: @escaping @Sendable () -> Int64) {
        self.authority = authority
        self.limit = limit
        self.now = now
    }

    /// Throws for names that no certificate can carry.
    func identity(for name: SubjectAlternativeName) throws(CertificateError) -> ServerIdentity {
        let now = now()
        let kept = leaves.withLockedValue { leaves -> ServerIdentity? in
            guard let leaf = leaves[name], leaf.notAfter - now > Self.day else { return nil }
            return leaf.identity
        }
        if let kept { return kept }
        let identity = try authority.issue(for: [name], now: now, days: 30)
        return leaves.withLockedValue { leaves in
            // Another loop may have been faster; whoever came first stays, so that a name has one certificate.
            if let leaf = leaves[name], leaf.notAfter - now > Self.day { return leaf.identity }
            leaves[name] = Leaf(identity: identity, notAfter: identity.certificate.notAfter)
            if leaves.count > limit { leaves.removeFirst() }
            return identity
        }
    }
}
