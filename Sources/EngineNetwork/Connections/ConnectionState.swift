/// What a firewall that tracks connections knows of a packet, in the words of nftables (`ct state`).
package enum ConnectionState: String, Codable, Sendable, CaseIterable {
    /// It would begin a connection, or belongs to one that nobody has answered yet.
    case new
    /// It belongs to a connection that has been answered, or is the answer.
    case established
    /// It reports about a packet of a connection that is tracked.
    case related
    /// It belongs to none and cannot begin one, or is damaged.
    case invalid
}
