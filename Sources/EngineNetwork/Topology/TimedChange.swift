/// Something that becomes different while the network runs.
package enum NetworkChange: Codable, Sendable, Hashable {
    /// A link carries packets again, or no longer. Routes follow at once.
    case link(String, isUp: Bool)
    /// What a link does to packets from its first end to its second, and back; nil leaves a direction as it is.
    case conditions(link: String, there: LinkConditions?, back: LinkConditions?)
    /// A host is there again, or no longer.
    case host(String, Host.Condition)
}

/// A change and when it happens, in nanoseconds after the network began.
package struct TimedChange: Codable, Sendable, Hashable {
    package var at: Int64
    package var change: NetworkChange

    package init(at: Int64, _ change: NetworkChange) {
        self.at = at
        self.change = change
    }
}
