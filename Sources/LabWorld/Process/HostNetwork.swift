import CLinux
import EngineNetwork
import Glibc
import SupportLinux
import Wire

/// An rtnetlink socket, bound for good to the network namespace of the thread that made it.
struct NetlinkSocket: Sendable {
    let descriptor: FileDescriptor

    init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try checkedCode("open rtnetlink", lab_netlink_open()))
    }
}

/// Checks calls that give a negative errno on failure.
@discardableResult
private func checkedCode(_ operation: String, _ code: Int32) throws(SystemError) -> Int32 {
    if code < 0 { throw SystemError(operation, code: 0 &- code) }
    return code
}

/// The wire, addresses, neighbours and routes of one host; used on a thread in its network namespace.
struct HostNetwork: Sendable {
    let attachment: HostAttachment
    let netlink: NetlinkSocket

    private var socket: Int32 { netlink.descriptor.number }
    private static let interface = "eth0"

    /// Makes the pair of interfaces and brings both ends up: addresses come later, since IPv6 wants its carrier first.
    /// Gives the index of the gateway's end.
    func connect(to wires: NetlinkSocket, as name: String, in network: FileDescriptor) throws(SystemError) -> Int32 {
        let world = wires.descriptor.number
        try checkedCode(
            "make the host's interface",
            lab_link_create_pair(
                world, name, nil, Self.interface, attachment.hardwareAddress.bytes, network.number,
                UInt32(clamping: attachment.mtu)))
        let port = try checkedCode("find the gateway's interface", lab_link_index(world, name))
        lab_link_no_automatic_address(world, port)
        let own = try checkedCode("find the host's interface", lab_link_index(socket, Self.interface))
        lab_link_no_automatic_address(socket, own)
        // Checksums left to hardware that is not there would be wrong in every capture and quotation.
        lab_link_offload_off(Self.interface)
        try checkedCode("bring the gateway's interface up", lab_link_up(world, port))
        try checkedCode("bring the host's interface up", lab_link_up(socket, own))
        let loopback = try checkedCode("find the loopback interface", lab_link_index(socket, "lo"))
        try checkedCode("bring the loopback interface up", lab_link_up(socket, loopback))
        lab_link_settle(Self.interface)
        return port
    }

    /// Gives the interface its addresses, the neighbours known beforehand and the default routes; false when the
    /// kernel has no IPv6, in which case IPv4 alone is set up.
    func configure() throws(SystemError) -> Bool {
        let own = try checkedCode("find the host's interface", lab_link_index(socket, Self.interface))
        var hasIPv6 = true
        let monitor = FileDescriptor(owning: try checkedCode("open rtnetlink", lab_netlink_open_monitor()))
        let linkLocal = Self.linkLocal(attachment.hardwareAddress)
        if lab_address_add(socket, own, linkLocal, 16, 64) < 0 { hasIPv6 = false }
        func usable(_ address: IPAddress) -> Bool { address.family == .v4 || hasIPv6 }
        for address in attachment.addresses where usable(address.address) {
            let bytes = address.address.bytes
            try checkedCode(
                "give the host the address \(address)",
                lab_address_add(socket, own, bytes, Int32(bytes.count), Int32(clamping: address.length)))
        }
        for address in attachment.addresses where hasIPv6 && address.address.family == .v6 {
            // The kernel puts addresses to use in a work queue that it shares with the end of other namespaces, which
            // may take seconds when many end at once.
            try checkedCode(
                "see the address \(address) in use",
                lab_address_settle(socket, monitor.number, address.address.bytes, 15_000))
        }
        for neighbor in attachment.neighbors where usable(neighbor.address) {
            let bytes = neighbor.address.bytes
            try checkedCode(
                "tell the host of its neighbour \(neighbor.address)",
                lab_neighbour_add(socket, own, bytes, Int32(bytes.count), neighbor.hardwareAddress.bytes))
        }
        for gateway in attachment.gateways where usable(gateway) {
            let bytes = gateway.bytes
            try checkedCode(
                "give the host its route by \(gateway)",
                lab_route_add(socket, own, nil, 0, bytes, Int32(bytes.count)))
        }
        return hasIPv6
    }

    /// fe80::/64 and the modified EUI-64 of the hardware address (RFC 4291 appendix A).
    private static func linkLocal(_ hardware: MACAddress) -> [UInt8] {
        let mac = hardware.bytes
        return [0xFE, 0x80, 0, 0, 0, 0, 0, 0, mac[0] ^ 2, mac[1], mac[2], 0xFF, 0xFE, mac[3], mac[4], mac[5]]
    }
}
