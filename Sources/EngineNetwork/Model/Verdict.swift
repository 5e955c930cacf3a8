import Wire

extension NetworkModel {
    /// What became of a packet, for logs and for graders that replay a run.
    package struct Verdict: Sendable, Hashable {
        package enum Outcome: Sendable, Hashable {
            case delivered
            /// The node took it: it is the destination, and lives in the model.
            case received
            case expired
            case noRoute
            case hostUnreachable
            case hostSilent
            case tooBig(mtu: Int)
            case malformed
            case lost(link: String)
            case queueFull(link: String)
            /// By the router's rule of this number, from 0.
            case filtered(rule: Int)
            /// A static route leads nowhere.
            case discarded
            /// A report that was due, and not made: the router had made too many.
            case rateLimited
        }

        package let at: Int64
        /// Where it happened; for what happens on a link, the node that sent the packet into it.
        package let node: String
        package let source: IPAddress
        package let destination: IPAddress
        package let proto: IPProtocol
        package let outcome: Outcome
    }
}
