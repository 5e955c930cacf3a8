import COpenSSL
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

private let day: Int64 = 86_400_000_000_000

@Suite("Verifying a chain")
struct ChainTests {
    private let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000

    @Test("trusts a leaf under its root, directly and through an intermediate, and shows the chain")
    func trusted() throws {
        let root = try CertificateAuthority.create(now: now)
        let between = try root.issueAuthority(subject: DistinguishedName(commonName: "between"), now: now)
        let store = try CertificateStore(roots: [root.certificate])
        let direct = try root.issue(for: [.dns("a.test")], now: now)
        #expect(
            store.verify(direct.certificate, host: .dns("a.test"), now: now, strict: true)
                == .trusted(chain: [direct.certificate, root.certificate]))
        let below = try between.issue(for: [.dns("b.test"), .ip([127, 0, 0, 1])], now: now)
        #expect(below.intermediates == [between.certificate])
        let verdict = store.verify(
            below.certificate, intermediates: below.intermediates, host: .ip([127, 0, 0, 1]), now: now, strict: true)
        #expect(verdict == .trusted(chain: [below.certificate, between.certificate, root.certificate]))
    }

    @Test("rejects for the reason that OpenSSL gives, and says it plainly")
    func rejected() throws {
        let root = try CertificateAuthority.create(now: now, days: 400)
        let other = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "somebody else"), now: now)
        let leaf = try root.issue(for: [.dns("a.test")], now: now, days: 30).certificate
        let mine = try CertificateStore(roots: [root.certificate])
        let theirs = try CertificateStore(roots: [other.certificate])
        #expect(
            code(theirs.verify(leaf, host: .dns("a.test"), now: now)) == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)
        #expect(
            code(theirs.verify(leaf, intermediates: [root.certificate], host: nil, now: now))
                == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN)
        #expect(code(mine.verify(leaf, host: .dns("b.test"), now: now)) == X509_V_ERR_HOSTNAME_MISMATCH)
        #expect(code(mine.verify(leaf, host: .ip([127, 0, 0, 1]), now: now)) == X509_V_ERR_IP_ADDRESS_MISMATCH)
        #expect(code(mine.verify(leaf, host: nil, now: now + 31 * day)) == X509_V_ERR_CERT_HAS_EXPIRED)
        #expect(code(mine.verify(leaf, host: nil, now: now - 2 * day)) == X509_V_ERR_CERT_NOT_YET_VALID)
        guard case .rejected(let why) = theirs.verify(leaf, host: nil, now: now) else { return }
        #expect(
            why.description == "nobody that is trusted here issued the certificate “CN=a.test” "
                + "(unable to get local issuer certificate)")
        #expect(why.depth == 0)
    }

    @Test("holds an intermediate to its name constraints")
    func constraints() throws {
        let root = try CertificateAuthority.create(now: now)
        let fenced = try root.issueAuthority(
            subject: DistinguishedName(commonName: "fenced"), now: now, permittedNames: ["example.test"])
        let store = try CertificateStore(roots: [root.certificate])
        let inside = try fenced.issue(for: [.dns("www.example.test")], now: now)
        let outside = try fenced.issue(for: [.dns("bank.test")], now: now)
        let verdict = store.verify(inside.certificate, intermediates: inside.intermediates, host: nil, now: now)
        #expect(code(verdict) == nil)
        let refused = store.verify(outside.certificate, intermediates: outside.intermediates, host: nil, now: now)
        #expect(code(refused) == X509_V_ERR_PERMITTED_VIOLATION)
    }

    @Test(
        "openssl verify accepts the chains, strictly, and rejects the leaf under another root",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func openssl() async throws {
        let folder = TemporaryFolder()
        let openssl = try #require(RealTool("openssl"))
        for kind in [PrivateKey.Kind.p256, .rsa2048] {
            let root = try CertificateAuthority.create(key: kind, now: now)
            let between = try root.issueAuthority(subject: DistinguishedName(commonName: "between"), now: now)
            let identity = try between.issue(for: [.dns("a.test")], now: now)
            let rootFile = folder.write(root.certificate.pem, to: "root.pem")
            let betweenFile = folder.write(between.certificate.pem, to: "between.pem")
            let leafFile = folder.write(identity.certificate.pem, to: "leaf.pem")
            let rules = ["verify", "-x509_strict", "-purpose", "sslserver", "-verify_hostname", "a.test", "-no-CApath"]
            let good = try await openssl.run(rules + ["-CAfile", rootFile, "-untrusted", betweenFile, leafFile])
            #expect(good.status == 0, "\(good.errors)")
            let alone = try await openssl.run(rules + ["-CAfile", rootFile, leafFile])
            #expect(alone.status != 0 && alone.errors.contains("unable to get local issuer certificate"))
        }
    }

    @Test(
        "Python's strict TLS accepts the chain and refuses it without the root",
        .enabled(if: RealTool.exists("python3"), "python3 is not installed"))
    func python() async throws {
        let folder = TemporaryFolder()
        let root = try CertificateAuthority.create(now: now)
        let identity = try root.issue(for: [.dns("localhost")], now: now)
        let rootFile = folder.write(root.certificate.pem, to: "root.pem")
        let pair = folder.write(try identity.privateKey.pem() + identity.certificate.pem, to: "pair.pem")
        let script = """
            import ssl, sys
            server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); server.load_cert_chain(sys.argv[1])
            client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            client.verify_flags |= ssl.VERIFY_X509_STRICT
            if len(sys.argv) > 2: client.load_verify_locations(sys.argv[2])
            a, b, c, d = (ssl.MemoryBIO() for _ in range(4))
            left = server.wrap_bio(a, b, server_side=True)
            right = client.wrap_bio(c, d, server_hostname="localhost")
            def step(side):
                try: side.do_handshake(); return True
                except ssl.SSLWantReadError: return False
            for _ in range(4):
                done = step(right); a.write(d.read()); step(left); c.write(b.read())
            print(done)
            """
        let python = try #require(RealTool("python3"))
        let good = try await python.run(["-c", script, pair, rootFile])
        #expect(good.status == 0 && good.output == "True\n", "\(good.errors)")
        let bad = try await python.run(["-c", script, pair])
        #expect(bad.status == 1 && bad.errors.contains("CERTIFICATE_VERIFY_FAILED"))
    }

    private func code(_ verdict: ChainVerdict) -> Int32? {
        guard case .rejected(let rejection) = verdict else { return nil }
        return rejection.code
    }
}
