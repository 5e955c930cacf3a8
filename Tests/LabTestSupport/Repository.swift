/// Where the checkout under test lies, found from this file, so that tests read `Fixtures/` and `Labs/` without bundles.
package enum Repository {
    /// The absolute path of the checkout, without a trailing slash.
    package static let root: String = {
        var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        parts.removeLast(3)
        return parts.joined(separator: "/")
    }()

    /// The absolute path of `Fixtures/NAME`.
    package static func fixture(_ name: String) -> String { root + "/Fixtures/" + name }
}
