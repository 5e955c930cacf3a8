import EngineTrust
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

@Suite("A trust store")
struct TrustStoreTests {
    private let now = Int64(Date().timeIntervalSince1970) * 1_000_000_000
    private let folder = TemporaryFolder()
    private let authority: CertificateAuthority
    private let store: TrustStore
    private let before: [UInt8]

    init() throws {
        authority = try CertificateAuthority.create(now: now)
        store = TrustStore(
            TrustStoreLayout(
                localFolder: folder.path + "/local", bundle: folder.path + "/certs/ca-certificates.crt",
                linksFolder: folder.path + "/certs"))
        let others = try (0..<3).map { _ in try CertificateAuthority.create(now: 1_700_000_000_000_000_000) }
        before = others.flatMap { Array("# a root\n".utf8) + $0.certificate.pem }
        try FileManager.default.createDirectory(atPath: folder.path + "/certs", withIntermediateDirectories: true)
        folder.write(before, to: "certs/ca-certificates.crt")
        #expect(chmod(store.layout.bundle, 0o640) == 0)
    }

    private var everything: [String] {
        ((try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []).sorted()
    }

    private var bundle: [UInt8] { folder.read("certs/ca-certificates.crt") }

    @Test("takes a certificate in three places and gives every byte back")
    func installRemove() throws {
        let names = everything
        guard case .installed(let entry) = try store.install(authority.certificate, as: "lab", now: now) else {
            Issue.record("not installed")
            return
        }
        #expect(entry.isEffective && entry.since == now)
        #expect(try store.status() == [entry])
        #expect(try store.bundleHolds(sha256: authority.certificate.sha256))
        #expect(bundle.count > before.count && bundle.starts(with: before))
        let mode = try FileManager.default.attributesOfItem(atPath: store.layout.bundle)[.posixPermissions] as? Int
        #expect(mode == 0o640)
        #expect(try store.remove("lab") == .removed(entry))
        #expect(bundle == before)
        #expect(everything == (names + ["local"]).sorted())
        #expect(try store.status().isEmpty)
    }

    @Test("a second installation changes nothing; a damaged one is repaired")
    func idempotent() throws {
        try store.install(authority.certificate, as: "lab", now: now)
        let once = bundle
        guard case .unchanged = try store.install(authority.certificate, as: "lab", now: now + 1) else {
            Issue.record("changed")
            return
        }
        #expect(bundle == once)
        folder.write(before, to: "certs/ca-certificates.crt")
        #expect(try store.status().map(\.isEffective) == [false])
        guard case .installed(let entry) = try store.install(authority.certificate, as: "lab", now: now + 2) else {
            Issue.record("not repaired")
            return
        }
        #expect(entry.isEffective && bundle == once)
        try store.remove("lab")
        #expect(bundle == before)
    }

    @Test("restores a bundle that lacked its last newline, and one that was not there")
    func bundleForms() throws {
        let unfinished = Array(before.dropLast())
        folder.write(unfinished, to: "certs/ca-certificates.crt")
        try store.install(authority.certificate, as: "lab", now: now)
        #expect(try store.bundleHolds(sha256: authority.certificate.sha256))
        try store.remove("lab")
        #expect(bundle == unfinished)
        try FileManager.default.removeItem(atPath: store.layout.bundle)
        try store.install(authority.certificate, as: "lab", now: now)
        try store.remove("lab")
        #expect(!FileManager.default.fileExists(atPath: store.layout.bundle))
    }

    @Test("keeps what others added to the bundle meanwhile")
    func others() throws {
        let added = try CertificateAuthority.create(now: now).certificate.pem
        try store.install(authority.certificate, as: "lab", now: now)
        folder.write(bundle + added, to: "certs/ca-certificates.crt")
        try store.remove("lab")
        #expect(bundle == before + added)
    }

    @Test("leaves a certificate in the bundle that stood there before")
    func present() throws {
        folder.write(before + authority.certificate.pem, to: "certs/ca-certificates.crt")
        let full = bundle
        try store.install(authority.certificate, as: "lab", now: now)
        #expect(bundle == full)
        try store.remove("lab")
        #expect(bundle == full)
    }

    @Test("refuses what it did not install, and names that lead elsewhere")
    func refusals() throws {
        try FileManager.default.createDirectory(atPath: folder.path + "/local", withIntermediateDirectories: true)
        let foreign = folder.write(authority.certificate.pem, to: "local/foreign.crt")
        #expect(throws: TrustError.notOurs(path: foreign)) { try store.remove("foreign") }
        #expect(throws: TrustError.notOurs(path: foreign)) {
            try store.install(authority.certificate, as: "foreign", now: now)
        }
        #expect(throws: TrustError.notInstalled(name: "absent", folder: store.layout.localFolder)) {
            try store.remove("absent")
        }
        for name in ["", "../x", ".hidden", "-rf", "a/b", "two words", "ü"] {
            #expect(throws: TrustError.unusableName(name)) { try store.remove(name) }
        }
        try store.install(authority.certificate, as: "lab", now: now)
        let other = try CertificateAuthority.create(now: now).certificate
        #expect(throws: TrustError.self) { try store.install(other, as: "lab", now: now) }
        #expect(folder.read("local/foreign.crt") == authority.certificate.pem && bundle.count > before.count)
    }

    @Test("two certificates of one subject get links of their own")
    func collision() throws {
        let twin = try CertificateAuthority.create(now: now).certificate
        try store.install(authority.certificate, as: "one", now: now)
        try store.install(twin, as: "two", now: now)
        let links = try store.status().compactMap(\.link)
        let hash = authority.certificate.subjectNameHash
        #expect(links.map { $0.suffix(10) } == ["\(hash).0", "\(hash).1"])
        try store.remove("one")
        try store.remove("two")
        #expect(bundle == before)
    }

    @Test("a journal that somebody edited cannot make us remove files elsewhere")
    func hostileJournal() throws {
        try store.install(authority.certificate, as: "lab", now: now)
        let text = String(decoding: folder.read("local/lab.crt"), as: UTF8.self)
        let victim = folder.write([1], to: "victim")
        folder.write(Array(text.replacing("links: lab.pem", with: "links: ../victim").utf8), to: "local/lab.crt")
        #expect(throws: TrustError.notOurs(path: folder.path + "/local/lab.crt")) { try store.remove("lab") }
        #expect(FileManager.default.fileExists(atPath: victim))
    }

    @Test(
        "openssl trusts by the bundle and by the hashed links, and no longer after removal",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func openssl() async throws {
        let openssl = try #require(RealTool("openssl"))
        let leaf = try authority.issue(for: [.dns("a.test")], now: now).certificate
        let file = folder.write(leaf.pem, to: "leaf.pem")
        let byBundle = ["verify", "-no-CApath", "-no-CAstore", "-CAfile", store.layout.bundle, file]
        let byLinks = ["verify", "-no-CAfile", "-no-CAstore", "-CApath", store.layout.linksFolder, file]
        for arguments in [byBundle, byLinks] { #expect(try await openssl.run(arguments).status != 0) }
        try store.install(authority.certificate, as: "lab", now: now)
        for arguments in [byBundle, byLinks] { #expect(try await openssl.run(arguments).status == 0) }
        try store.remove("lab")
        for arguments in [byBundle, byLinks] { #expect(try await openssl.run(arguments).status != 0) }
    }

    @Test(
        "Debian's own update-ca-certificates reads our file and finds our link in place",
        .enabled(if: RealTool.exists("update-ca-certificates"), "update-ca-certificates is not installed"))
    func debian() async throws {
        try store.install(authority.certificate, as: "lab", now: now)
        let hooks = folder.path + "/hooks"
        try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
        let conf = folder.write([], to: "ca-certificates.conf")
        let tool = try #require(RealTool("update-ca-certificates"))
        let outcome = try await tool.run([
            "--certsconf", conf, "--certsdir", folder.path + "/none", "--localcertsdir", store.layout.localFolder,
            "--etccertsdir", store.layout.linksFolder, "--hooksdir", hooks,
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try store.status().map(\.isEffective) == [true])
        try store.remove("lab")
        #expect(try !store.bundleHolds(sha256: authority.certificate.sha256))
    }
}
