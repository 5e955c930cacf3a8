import SupportCrypto

/// A certificate in a trust store that we put there: the journal of its installation, and whether it still is in effect.
package struct TrustEntry: Sendable, Hashable {
    package let name: String
    /// 64 hexadecimal digits: SHA-256 of the DER.
    package let sha256: String
    /// Nanoseconds since 1970.
    package let since: Int64
    /// The file in the local folder.
    package let file: String
    /// Whether the bundle holds the certificate now.
    package let isInBundle: Bool
    /// The hashed link, where it is there now and leads to the certificate.
    package let link: String?

    /// Whether every client of the store sees the certificate.
    package var isEffective: Bool { isInBundle && link != nil }
}

/// What install or remove did.
package enum TrustChange: Sendable, Hashable {
    case installed(TrustEntry)
    /// It was there already; nothing was written.
    case unchanged(TrustEntry)
    case removed(TrustEntry)
}

/// The journal in front of the PEM of an installed certificate: what to undo, written before anything else is done.
struct TrustJournal: Hashable {
    enum BundleChange: String {
        case appended
        /// The bundle did not end with a newline, so one was added with the certificate.
        case appendedWithNewline = "appended-with-newline"
        case created
        /// The certificate stood in the bundle before.
        case present
    }

    var sha256: String
    var since: Int64
    var bundle: BundleChange
    /// Names of the links made in the links folder.
    var links: [String]

    private static let title = "# installed by lab trust, format 1"

    var text: String {
        """
        \(Self.title)
        # sha256: \(sha256)
        # since: \(since)
        # bundle: \(bundle.rawValue)
        # links: \(links.joined(separator: " "))

        """
    }

    init(sha256: String, since: Int64, bundle: BundleChange, links: [String]) {
        self.sha256 = sha256
        self.since = since
        self.bundle = bundle
        self.links = links
    }

    /// Nil for a file that carries no journal of ours.
    init?(file: [UInt8]) {
        let lines = String(decoding: file.prefix(4096), as: UTF8.self).split(separator: "\n")
        guard lines.first.map(String.init) == Self.title else { return nil }
        func value(_ key: String) -> String? {
            let prefix = "# \(key): "
            return lines.first { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        }
        guard let sha256 = value("sha256"), let since = value("since").flatMap(Int64.init),
            let bundle = value("bundle").flatMap(BundleChange.init(rawValue:))
        else { return nil }
        let links = (value("links") ?? "").split(separator: " ").map(String.init)
        // A journal somebody edited must not make us remove files elsewhere.
        guard links.allSatisfy({ !$0.contains("/") && $0 != "." && $0 != ".." }) else { return nil }
        self.init(sha256: sha256, since: since, bundle: bundle, links: links)
    }
}
