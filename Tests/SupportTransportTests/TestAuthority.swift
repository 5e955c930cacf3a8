import SupportCrypto

/// Certificates for tests: two roots that do not know each other, and leaves of the first.
enum TestAuthority {
    /// 2026-11-23, in nanoseconds. OpenSSL verifies by the machine's clock, so what has to be valid lasts for decades.
    static let now: Int64 = 1_795_392_000_000_000_000

    static let shared = try? CertificateAuthority.create(
        subject: DistinguishedName(commonName: "Test Root"), now: now, days: 9000)
    static let stranger = try? CertificateAuthority.create(
        subject: DistinguishedName(commonName: "A Stranger"), now: now, days: 9000)

    static let site = try? shared?.issue(
        for: [.init(host: "www.example.test"), .init(host: "127.0.0.1")], now: now, days: 9000)

    static func roots(_ authority: CertificateAuthority? = shared) throws -> CertificateStore {
        try CertificateStore(roots: authority.map { [$0.certificate] } ?? [])
    }
}
