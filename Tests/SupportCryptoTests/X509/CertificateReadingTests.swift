import Foundation
import LabTestSupport
import SupportCrypto
import Testing

private let now: Int64 = 1_795_413_600_000_000_000

@Suite("Reading certificates")
struct CertificateReadingTests {
    @Test(
        "agrees with openssl on fingerprint, serial number and subject",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func openssl() async throws {
        let leaf = try CertificateAuthority.create(now: now).issue(for: [.dns("a.test")], now: now).certificate
        let openssl = try #require(RealTool("openssl"))
        let text = try await openssl.run(
            ["x509", "-noout", "-fingerprint", "-sha256", "-serial", "-subject", "-nameopt", "RFC2253"], input: leaf.pem
        ).output
        let fingerprint = leaf.sha256.map { String(format: "%02X", $0) }.joined(separator: ":")
        #expect(text.contains("sha256 Fingerprint=\(fingerprint)"))
        #expect(text.contains("serial=" + leaf.serialNumber.map { String(format: "%02X", $0) }.joined()))
        #expect(text.contains("subject=CN=a.test"))
    }

    @Test("never traps on damaged bytes: every byte of a certificate changed in turn, and every prefix of it")
    func damaged() throws {
        let leaf = try CertificateAuthority.create(now: now)
            .issue(for: [.dns("a.test"), .ip([192, 0, 2, 7])], now: now).certificate
        for index in leaf.der.indices {
            for bits: UInt8 in [0x01, 0x80, 0xFF] {
                var bytes = leaf.der
                bytes[index] ^= bits
                _ = (try? Certificate(der: bytes)).map { $0.pem.count + $0.subject.count }
            }
            #expect(throws: CertificateError.self) { try Certificate(der: Array(leaf.der[..<index])) }
        }
        #expect(throws: CertificateError.malformedCertificate(reason: "1 bytes follow it")) {
            try Certificate(der: leaf.der + [0])
        }
    }

    @Test("escapes control characters in names, so that none reaches a terminal")
    func hostileNames() throws {
        let authority = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "\u{1B}[2Jevil\u{7}", organization: "Ünï"), now: now)
        #expect(authority.certificate.subject == "CN=\\1B[2Jevil\\07,O=Ünï")
    }

    @Test("finds every certificate of a bundle and reports the line of what is none")
    func bundle() throws {
        let one = try CertificateAuthority.create(now: now).certificate
        let two = try CertificateAuthority.create(now: now).certificate
        let text =
            Array("# a comment\n".utf8) + one.pem
            + Array("-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n".utf8)
            + [0xFF, 0x00, 0x0A] + two.pem + Array("-----BEGIN CERTIFICATE-----\nMIIB".utf8)
        let bundle = CertificateBundle(pem: text)
        #expect(bundle.certificates == [one, two])
        #expect(bundle.garbage.map(\.reason).last == "its END line is missing")
        let lines = one.pem.count { $0 == UInt8(ascii: "\n") }
        #expect(bundle.garbage.map(\.line) == [lines + 2, 2 * lines + 6])
        #expect(CertificateBundle(pem: []).certificates.isEmpty)
    }

    @Test(
        "reads a host into a name or an address",
        arguments: [
            ("WWW.Example.Test.", SubjectAlternativeName.dns("www.example.test")), ("192.0.2.1", .ip([192, 0, 2, 1])),
            ("[::1]", .ip([UInt8](repeating: 0, count: 15) + [1])), ("256.1.1.1", .dns("256.1.1.1")),
        ])
    func hosts(text: String, expected: SubjectAlternativeName) {
        #expect(SubjectAlternativeName(host: text) == expected)
    }

    @Test(
        "an encrypted key is an error, not a prompt",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func encryptedKey() async throws {
        let key = try PrivateKey.generate()
        let openssl = try #require(RealTool("openssl"))
        let encrypted = try await openssl.run(["pkcs8", "-topk8", "-passout", "pass:x"], input: key.pem())
        #expect(encrypted.output.contains("ENCRYPTED PRIVATE KEY"))
        #expect(throws: CertificateError.noPrivateKey(source: "k")) {
            try PrivateKey(pem: encrypted.outputBytes, source: "k")
        }
    }
}
