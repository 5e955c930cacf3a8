import Wire

/// Why a probe run could not begin or go on; what happened to single probes stands in their rows.
package enum ProbeError: Error, Hashable, Sendable {
    case invalidConfiguration(String)
    case nameNotFound(String)
    /// The name exists without an address of the family asked for; nil: of any.
    case noAddress(String, IPFamily?)
    /// The resolver failed or did not answer in time; the text is the C library's.
    case resolverFailed(String, reason: String)
    /// No kind of socket that would do may be opened; errno of the last try.
    case notPermitted(code: Int32)
    /// This machine has no route; nothing was sent.
    case networkUnreachable(IPAddress)
    /// The kernel refused to send; `code` is errno.
    case sendFailed(IPAddress, code: Int32)
    /// Larger than a link it would take, and not to be cut up; nothing was sent. 0: the MTU is not known.
    case messageTooBig(IPAddress, mtu: Int)
    /// An interface or address to send from that this host does not have; `code` is errno.
    case noSuchSource(String, code: Int32)
    case receiveFailed(code: Int32)
}

extension ProbeError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidConfiguration(let text): text
        case .nameNotFound(let name):
            "The name '\(printable(name))' is not known to the resolver; check its spelling, or the DNS that this host asks."
        case .noAddress(let name, let family):
            "The name '\(printable(name))' has no \(family.map { $0 == .v4 ? "IPv4" : "IPv6" } ?? "") address."
        case .resolverFailed(let name, let reason):
            "The resolver could not look up '\(printable(name))': \(reason). Is its DNS server reachable?"
        case .notPermitted(let code):
            "This host permits no probe socket (errno \(code)): it takes a net.ipv4.ping_group_range that includes the user's group, "
                + "or CAP_NET_RAW."
        case .networkUnreachable(let address):
            "This host has no route to \(address): the network is unreachable from here, and nothing was sent."
        case .sendFailed(let address, let code): "The kernel refused to send a probe to \(address) (errno \(code))."
        case .messageTooBig(let address, let mtu):
            "The probe to \(address) is larger than the MTU\(mtu > 0 ? " of \(mtu)" : "") and must not be cut up; nothing was sent."
        case .noSuchSource(let name, let code):
            "This host cannot send from '\(printable(name))' (errno \(code)): it takes the name of an interface, or an address of this host."
        case .receiveFailed(let code): "The kernel refused to hand over replies (errno \(code))."
        }
    }
}

/// A name from outside as it may be shown: what could steer a terminal is replaced.
func printable(_ text: String) -> String {
    let isPrintable = text.utf8.count <= 255 && text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    if isPrintable { return text }
    return String(
        String.UnicodeScalarView(
            text.unicodeScalars.prefix(255).map { $0.value >= 0x20 && $0.value < 0x7F ? $0 : "?" }))
}
