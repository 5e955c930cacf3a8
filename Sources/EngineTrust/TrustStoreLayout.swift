/// Where a Debian-like system keeps what its TLS clients trust. Paths are absolute, without a trailing slash.
package struct TrustStoreLayout: Sendable, Hashable {
    /// Certificates the administrator added, one `.crt` each.
    package var localFolder: String
    /// All trusted certificates in one PEM file: what curl, Python and git read.
    package var bundle: String
    /// Links named by subject hash: what OpenSSL reads as a folder.
    package var linksFolder: String

    package init(localFolder: String, bundle: String, linksFolder: String) {
        self.localFolder = localFolder
        self.bundle = bundle
        self.linksFolder = linksFolder
    }

    package static let debian = TrustStoreLayout(
        localFolder: "/usr/local/share/ca-certificates", bundle: "/etc/ssl/certs/ca-certificates.crt",
        linksFolder: "/etc/ssl/certs")
}
