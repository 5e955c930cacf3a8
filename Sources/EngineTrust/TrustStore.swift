import Glibc
import SupportCrypto

/// The store that a Debian-like system's TLS clients trust: installs certificates and removes exactly what it installed.
///
/// Three places change together, as `update-ca-certificates` would change them: a file in the local folder, the bundle, and
/// a link by subject hash. The file in the local folder is written first and removed last and says what was done to the
/// others, so that an interrupted installation can be taken back.
package struct TrustStore: Sendable {
    package let layout: TrustStoreLayout

    package init(_ layout: TrustStoreLayout = .debian) { self.layout = layout }

    /// Makes `certificate` trusted under `name`. Again with the same certificate: repairs what is missing.
    ///
    /// - Parameter now: nanoseconds since 1970, for the journal.
    @discardableResult
    package func install(_ certificate: Certificate, as name: String, now: Int64) throws(TrustError) -> TrustChange {
        let file = try path(for: name)
        return try locked { () throws(TrustError) in
            let sha256 = Self.hex(certificate.sha256)
            var journal: TrustJournal
            if try readIfThere(file) != nil {
                let found = try self.journal(at: file)
                guard found.sha256 == sha256 else { throw TrustError.nameTaken(name: name, sha256: found.sha256) }
                let entry = try self.entry(name, found)
                if entry.isEffective { return .unchanged(entry) }
                journal = found
                try takeBack(journal, name: name, pem: certificate.pem)
            } else {
                journal = TrustJournal(sha256: sha256, since: now, bundle: .present, links: [])
            }
            try plan(&journal, certificate, name: name)
            try write(Array(journal.text.utf8) + certificate.pem, to: file, mode: 0o644)
            try carryOut(journal, certificate, name: name, file: file)
            return .installed(try self.entry(name, journal))
        }
    }

    /// Removes what `install` put there under `name`; the bundle gets its former bytes back, with whatever others added since.
    @discardableResult
    package func remove(_ name: String) throws(TrustError) -> TrustChange {
        let file = try path(for: name)
        return try locked { () throws(TrustError) in
            guard let text = try readIfThere(file) else {
                throw TrustError.notInstalled(name: name, folder: layout.localFolder)
            }
            let journal = try self.journal(at: file)
            let entry = try self.entry(name, journal)
            let pem = CertificateBundle(pem: text).certificates.first?.pem ?? []
            try takeBack(journal, name: name, pem: pem)
            guard unlink(file) == 0 else { throw TrustError.file(.unwritable(path: file, errno: errno)) }
            return .removed(entry)
        }
    }

    /// Everything we installed here, by name.
    package func status() throws(TrustError) -> [TrustEntry] {
        var entries: [TrustEntry] = []
        for file in Self.names(in: layout.localFolder).sorted() where file.hasSuffix(".crt") {
            guard let text = try? readIfThere(layout.localFolder + "/" + file), let journal = TrustJournal(file: text)
            else { continue }
            entries.append(try entry(String(file.dropLast(4)), journal))
        }
        return entries
    }

    /// Whether the bundle holds a certificate with that SHA-256 (of its DER), whoever put it there.
    package func bundleHolds(sha256: [UInt8]) throws(TrustError) -> Bool {
        let text = try readIfThere(layout.bundle) ?? []
        return CertificateBundle(pem: text).certificates.contains { $0.sha256 == sha256 }
    }

    // MARK: - The three places

    /// Decides what will be done, before any of it is.
    private func plan(_ journal: inout TrustJournal, _ certificate: Certificate, name: String) throws(TrustError) {
        if let bundle = try readIfThere(layout.bundle) {
            let isThere = CertificateBundle(pem: bundle).certificates.contains(certificate)
            let endsLine = bundle.last.map { $0 == UInt8(ascii: "\n") } ?? true
            journal.bundle = isThere ? .present : endsLine ? .appended : .appendedWithNewline
        } else {
            journal.bundle = .created
        }
        let taken = Set(Self.names(in: layout.linksFolder))
        let number = (0..<1000).first { !taken.contains("\(certificate.subjectNameHash).\($0)") } ?? 0
        guard !taken.contains(name + ".pem") else { throw .notOurs(path: layout.linksFolder + "/" + name + ".pem") }
        journal.links = [name + ".pem", "\(certificate.subjectNameHash).\(number)"]
    }

    private func carryOut(_ journal: TrustJournal, _ certificate: Certificate, name: String, file: String)
        throws(TrustError)
    {
        if journal.bundle != .present {
            let before = try readIfThere(layout.bundle) ?? []
            let newline: [UInt8] = journal.bundle == .appendedWithNewline ? [UInt8(ascii: "\n")] : []
            try write(before + newline + certificate.pem, to: layout.bundle, mode: mode(of: layout.bundle) ?? 0o644)
        }
        for (index, link) in journal.links.enumerated() {
            let target = index == 0 ? file : journal.links[0]
            let path = layout.linksFolder + "/" + link
            guard symlink(target, path) == 0 else { throw .file(.unwritable(path: path, errno: errno)) }
        }
    }

    private func takeBack(_ journal: TrustJournal, name: String, pem: [UInt8]) throws(TrustError) {
        for link in journal.links.reversed() where leadsToUs(link, journal, name: name) {
            unlink(layout.linksFolder + "/" + link)
        }
        guard journal.bundle != .present, !pem.isEmpty, let bundle = try readIfThere(layout.bundle) else { return }
        let newline: [UInt8] = journal.bundle == .appendedWithNewline ? [UInt8(ascii: "\n")] : []
        // update-ca-certificates, run meanwhile, copies our file into the bundle with its journal in front.
        let forms = [newline + pem, pem].map { Array(journal.text.utf8) + $0 } + [newline + pem, pem]
        guard
            let (range, _) = forms.lazy.compactMap({ form in Self.lastRange(of: form, in: bundle).map { ($0, form) } })
                .first
        else { return }
        var after = bundle
        after.removeSubrange(range)
        if journal.bundle == .created, after.isEmpty {
            unlink(layout.bundle)
        } else {
            try write(after, to: layout.bundle, mode: mode(of: layout.bundle) ?? 0o644)
        }
    }

    /// Whether the link is still the one we made: others may have put something else under its name.
    private func leadsToUs(_ link: String, _ journal: TrustJournal, name: String) -> Bool {
        guard let target = Self.linkTarget(layout.linksFolder + "/" + link) else { return false }
        return target == name + ".pem" || target == layout.localFolder + "/" + name + ".crt"
    }

    private func entry(_ name: String, _ journal: TrustJournal) throws(TrustError) -> TrustEntry {
        let hashed = journal.links.last.flatMap { leadsToUs($0, journal, name: name) ? $0 : nil }
        let bundle = CertificateBundle(pem: try readIfThere(layout.bundle) ?? []).certificates
        return TrustEntry(
            name: name, sha256: journal.sha256, since: journal.since, file: layout.localFolder + "/" + name + ".crt",
            isInBundle: bundle.contains { Self.hex($0.sha256) == journal.sha256 },
            link: hashed.map { layout.linksFolder + "/" + $0 })
    }

    private func journal(at file: String) throws(TrustError) -> TrustJournal {
        guard let text = try readIfThere(file), let journal = TrustJournal(file: text) else {
            throw .notOurs(path: file)
        }
        return journal
    }
}
