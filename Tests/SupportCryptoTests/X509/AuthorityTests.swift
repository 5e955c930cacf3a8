import Foundation
import LabTestSupport
import SupportCrypto
import Testing

/// 2026-11-23 06:00 UTC.
private let now: Int64 = 1_795_413_600_000_000_000

@Suite("A certificate authority")
struct AuthorityTests {
    @Test("makes a root that says what it is, and its file form reads back the same")
    func root() throws {
        let authority = try CertificateAuthority.create(now: now, days: 120)
        let root = authority.certificate
        #expect(root.subject == "CN=lab interception CA,O=lab")
        #expect(root.issuer == root.subject && root.isSelfIssued && root.isSigned(by: root))
        #expect(root.isAuthority && root.pathLength == nil)
        #expect(root.keyUsage == [.keyCertSign, .cRLSign])
        #expect(root.subjectKeyIdentifier?.count == 20 && root.authorityKeyIdentifier == root.subjectKeyIdentifier)
        #expect(root.notBefore == now - 86_400_000_000_000 && root.notAfter == now + 120 * 86_400_000_000_000)
        #expect(root.serialNumber.count == 16)
        #expect(root.publicKeySHA256 == authority.privateKey.publicKeySHA256)
        #expect(try Certificate(pem: root.pem) == root)
        #expect(try PrivateKey(pem: authority.privateKey.pem()).publicKeySHA256 == root.publicKeySHA256)
    }

    @Test(
        "issues a leaf with a key of its own under the profile every client accepts",
        arguments: [
            PrivateKey.Kind.p256, .rsa2048,
        ])
    func leaf(kind: PrivateKey.Kind) throws {
        let authority = try CertificateAuthority.create(key: kind, now: now)
        let identity = try authority.issue(for: [.dns("www.example.test"), .ip([192, 0, 2, 1])], now: now, days: 45)
        let leaf = identity.certificate
        #expect(leaf.commonName == "www.example.test" && leaf.issuer == authority.certificate.subject)
        #expect(leaf.subjectAlternativeNames == [.dns("www.example.test"), .ip([192, 0, 2, 1])])
        #expect(!leaf.isAuthority && leaf.keyUsage == .digitalSignature)
        #expect(leaf.extendedKeyUsage == ["1.3.6.1.5.5.7.3.1"])
        #expect(leaf.authorityKeyIdentifier == authority.certificate.subjectKeyIdentifier)
        #expect(leaf.publicKeySHA256 != authority.certificate.publicKeySHA256)
        #expect(leaf.isSigned(by: authority.certificate) && identity.intermediates.isEmpty)
    }

    @Test("leaves the subject empty and marks the names critical where a name is too long for it")
    func longName() async throws {
        let authority = try CertificateAuthority.create(now: now)
        let name = String(repeating: "a", count: 63) + ".example.test"
        let leaf = try authority.issue(for: [.dns(name)], now: now).certificate
        #expect(leaf.subject.isEmpty && leaf.subjectAlternativeNames == [.dns(name)])
        let text = try await RealTool("openssl")?.run(["x509", "-noout", "-text"], input: leaf.pem).output ?? ""
        #expect(text.contains("X509v3 Subject Alternative Name: critical"))
    }

    @Test("draws serial numbers from the generator it is given, positive and never short")
    func serials() {
        var zeros = Constant(value: 0)
        var ones = Constant(value: .max)
        #expect(SerialNumber(from: &zeros).bytes == [0x40] + [UInt8](repeating: 0, count: 15))
        #expect(SerialNumber(from: &ones).bytes == [0x7F] + [UInt8](repeating: 0xFF, count: 15))
        #expect(SerialNumber.random() != SerialNumber.random())
    }

    @Test(
        "refuses names that no certificate can carry",
        arguments: [
            "two words.test", "bell\u{7}.test", "ümlaut.test", String(repeating: "a", count: 254),
        ])
    func names(name: String) throws {
        let authority = try CertificateAuthority.create(now: now)
        #expect(throws: CertificateError.unusableName("dns:" + name)) {
            try authority.issue(for: [.dns(name)], now: now)
        }
    }

    @Test("is refused when key and certificate belong to different authorities, or may not sign")
    func mismatch() throws {
        let one = try CertificateAuthority.create(now: now)
        let two = try CertificateAuthority.create(now: now)
        #expect(throws: CertificateError.keyDoesNotMatch(source: "x")) {
            try CertificateAuthority(certificate: one.certificate, privateKey: two.privateKey, source: "x")
        }
        let leaf = try one.issue(for: [.dns("a.test")], now: now)
        #expect(throws: CertificateError.notAnAuthority(subject: "CN=a.test")) {
            try CertificateAuthority(certificate: leaf.certificate, privateKey: leaf.privateKey)
        }
    }

    private struct Constant: RandomNumberGenerator {
        let value: UInt64
        mutating func next() -> UInt64 { value }
    }
}

@Suite("The folder of an authority")
struct AuthorityFolderTests {
    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    @Test("is made once, with mitmproxy's names and modes that keep the key private, and used again afterwards")
    func reuse() throws {
        let folder = TemporaryFolder()
        let files = AuthorityFolder(folder.path + "/deep/.mitmproxy")
        let first = try CertificateAuthority.loadOrCreate(in: files, now: now)
        #expect(try mode(files.path) == 0o700)
        #expect(try mode(files.authority) == 0o600 && mode(files.authorityPKCS12) == 0o600)
        #expect(try mode(files.certificatePEM) == 0o644 && mode(files.certificateCER) == 0o644)
        let second = try CertificateAuthority.loadOrCreate(in: files, now: now + 5)
        #expect(first.certificate == second.certificate)
        let names = try FileManager.default.contentsOfDirectory(atPath: files.path).sorted()
        #expect(
            names == [
                "mitmproxy-ca-cert.cer", "mitmproxy-ca-cert.p12", "mitmproxy-ca-cert.pem", "mitmproxy-ca.p12",
                "mitmproxy-ca.pem",
            ])
    }

    @Test("that holds something else is an error that names the file, never overwritten")
    func garbage() throws {
        let folder = TemporaryFolder()
        let files = AuthorityFolder(folder.path)
        folder.write(Array("hello".utf8), to: "mitmproxy-ca.pem")
        #expect(throws: CertificateError.noCertificate(source: files.authority)) {
            try CertificateAuthority.loadOrCreate(in: files, now: now)
        }
        #expect(folder.read("mitmproxy-ca.pem") == Array("hello".utf8))
    }

    @Test(
        "opens in openssl: PKCS #12 with an empty password, with and without the key",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func pkcs12() async throws {
        let folder = TemporaryFolder()
        let files = AuthorityFolder(folder.path)
        let authority = try CertificateAuthority.loadOrCreate(in: files, now: now)
        let openssl = try #require(RealTool("openssl"))
        let alone = try await openssl.run(["pkcs12", "-in", files.certificatePKCS12, "-passin", "pass:", "-nokeys"])
        #expect(
            alone.status == 0
                && CertificateBundle(pem: Array(alone.output.utf8)).certificates == [authority.certificate])
        let both = try await openssl.run(["pkcs12", "-in", files.authorityPKCS12, "-passin", "pass:", "-nodes"])
        #expect(both.status == 0 && both.output.contains("PRIVATE KEY"))
        let withoutKey = try await openssl.run(["pkcs12", "-in", files.certificatePKCS12, "-passin", "pass:", "-nodes"])
        #expect(!withoutKey.output.contains("PRIVATE KEY"))
    }
}
