import NIOConcurrencyHelpers
import OrderedCollections
import SupportCrypto

/// The certificates shown to clients: one per set of names, each with a key of its own, issued when first asked for and kept for a
/// bounded number of names.
final class LeafStore: Sendable {
    private struct Leaf {
        var identity: ServerIdentity
        var notAfter: Int64
    }

    let authority: CertificateAuthority
    private let limit: Int
    private let now: @Sendable () -> Int64
    private let leaves = NIOLockedValueBox(OrderedDictionary<[SubjectAlternativeName], Leaf>())
    /// Names of one certificate; shared ones of large sites have hundreds.
    private static let nameLimit = 500
    private static let day: Int64 = 86_400_000_000_000

    init(authority: CertificateAuthority, limit: Int = 512, now: @escaping @Sendable () -> Int64) {
        self.authority = authority
        self.limit = limit
        self.now = now
    }

    /// - Parameters:
    ///   - name: what the client asked for.
    ///   - origin: the origin's certificate; all that it is for is copied, and nothing else.
    /// - Throws: for names that no certificate can carry.
    func identity(for name: SubjectAlternativeName, as origin: Certificate? = nil) throws(CertificateError)
        -> ServerIdentity
    {
        guard let origin else { return try identity(for: [name]) }
        let copied = origin.subjectAlternativeNames.prefix(Self.nameLimit)
        // An origin whose certificate is for another name was refused before it came here.
        return try identity(for: copied.isEmpty ? [name] : Array(copied))
    }

    private func identity(for names: [SubjectAlternativeName]) throws(CertificateError) -> ServerIdentity {
        let now = now()
        let kept = leaves.withLockedValue { leaves -> ServerIdentity? in
            guard let leaf = leaves[names], leaf.notAfter - now > Self.day else { return nil }
            return leaf.identity
        }
        if let kept { return kept }
        let identity = try authority.issue(for: names, now: now, days: 30)
        return leaves.withLockedValue { leaves in
            // Another loop may have been faster; whoever came first stays, so that a name has one certificate.
            if let leaf = leaves[names], leaf.notAfter - now > Self.day { return leaf.identity }
            leaves[names] = Leaf(identity: identity, notAfter: identity.certificate.notAfter)
            if leaves.count > limit { leaves.removeFirst() }
            return identity
        }
    }
}
