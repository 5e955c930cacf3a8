/// What a lab writes to take a link down or up: the two ends in either order, and what becomes of it.
package struct LinkChange: Sendable, Hashable {
    /// `r1-r2`, as it was written.
    package let link: String
    package let isUp: Bool

    /// Reads `r1-r2 down`; nil where the text is no name and `up` or `down`.
    package init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[1] == "up" || words[1] == "down" else { return nil }
        link = String(words[0])
        isUp = words[1] == "up"
    }
}

extension WorldDefinition {
    /// The link between two ends, named in either order.
    package func link(_ name: String) -> Link? {
        links.first { $0.name == name || "\($0.to)-\($0.from)" == name }
    }
}
