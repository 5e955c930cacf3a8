/// A link of a world whose packets are written down.
package struct PlannedTap: Codable, Sendable {
    /// As the topology names it.
    package var link: String
    /// What its directions are called in the file.
    package var name: String
    package var backName: String
    /// The pcapng file, absolute.
    package var path: String

    package init(link: String, name: String, backName: String, path: String) {
        self.link = link
        self.name = name
        self.backName = backName
        self.path = path
    }
}
