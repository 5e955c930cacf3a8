/// Packets of a host or of a link that somebody wants as a file of their own, from a shell or from a run.
package struct WantedCapture: Sendable, Hashable {
    package enum Place: Sendable, Hashable {
        case host(String)
        /// By its name in the world.
        case link(String)
    }

    package var place: Place
    /// Absolute.
    package var file: String

    package init(_ place: Place, file: String) {
        self.place = place
        self.file = file
    }
}
