import Wire

/// Ways through the network on which nothing happens but delay: found once, then taken in one step.
struct PlainPaths: Sendable {
    struct Key: Hashable {
        let host: Int
        let hardware: MACAddress
        let destination: IPAddress
    }

    struct Path: Sendable {
        let host: Int
        let delay: Int64
        /// Routers on the way, each of which takes one off the TTL.
        let hops: UInt8
        let mtu: Int
        /// The addresses of the frame's last hop, as they are sent: destination, then source.
        let addresses: (UInt64, UInt32)

        init(
            host: Int, delay: Int64, hops: UInt8, mtu: Int, source: MACAddress, destination: MACAddress
        ) {
            self.host = host
            self.delay = delay
            self.hops = hops
            self.mtu = mtu
            addresses = (
                (destination.rawValue << 16 | source.rawValue >> 32).bigEndian,
                UInt32(truncatingIfNeeded: source.rawValue).bigEndian
            )
        }
    }

    /// More than the pairs of any drawing; a scan must not fill the memory.
    static let limit = 4096
    /// Nil where something else may happen on the way.
    private(set) var known: [Key: Path?] = [:]
    /// The last way that each host's frames took, since frames come in runs.
    private var last: [(key: Key, path: Path)?] = []

    /// The way of such frames; nil where it was not looked for so far, and nil within where there is no plain one.
    mutating func path(_ key: Key) -> Path?? {
        if last.indices.contains(key.host), let last = last[key.host], last.key == key { return last.path }
        guard let found = known[key] else { return nil }
        if let found { remember(found, of: key) }
        return .some(found)
    }

    mutating func keep(_ path: Path?, of key: Key) {
        if known.count >= PlainPaths.limit { known = [:] }
        known[key] = .some(path)
        if let path { remember(path, of: key) }
    }

    private mutating func remember(_ path: Path, of key: Key) {
        if last.count <= key.host { last += Array(repeating: nil, count: key.host + 1 - last.count) }
        last[key.host] = (key, path)
    }
}

extension NetworkModel {
    /// Where a frame went that nothing can happen to.
    package struct Shortcut: Sendable, Hashable {
        /// The host's index in the topology.
        package let host: Int
        package let deadline: Int64
        /// The bytes of the frame that count.
        package let length: Int
    }

    /// Carries a frame to its host in one step and in place, where nothing on the way depends on chance, on other packets, on
    /// a router's rules or on a change to come; nil, the frame untouched, where ``frameReceived(fromHost:_:at:)`` must walk it.
    package mutating func shortcut(
        fromHost host: Int, _ frame: UnsafeMutableRawBufferPointer, at time: Int64
    ) -> Shortcut? {
        guard isPlain, nextEvent.map({ $0 > time }) ?? true, isUp(host: host) else { return nil }
        let bytes = UnsafeRawBufferPointer(frame)
        guard let ethernet = try? EthernetHeader(parsing: bytes), ethernet.length == 14,
            ethernet.type == .ipv4 || ethernet.type == .ipv6, !ethernet.destination.isGroup
        else { return nil }
        let body = part(bytes, from: 14)
        if ethernet.type == .ipv6, NetworkModel.isNeighborDiscovery(body) { return nil }
        guard let header = try? IPHeader(parsing: body) else { return nil }
        if header.family == .v4 { guard IPv4Header.checksumHolds(in: body) else { return nil } }
        let key = PlainPaths.Key(host: host, hardware: ethernet.destination, destination: header.destination)
        guard let path = plainPath(key), header.timeToLive > path.hops, header.totalLength <= path.mtu else {
            return nil
        }
        let deadline = time.advanced(by: path.delay)
        guard nextEvent.map({ $0 > deadline }) ?? true else { return nil }
        frame.storeBytes(of: path.addresses.0, as: UInt64.self)
        frame.storeBytes(of: path.addresses.1, toByteOffset: 8, as: UInt32.self)
        let left = header.timeToLive - path.hops
        switch header {
        case .v4(let ipv4):
            let proto = UInt16(frame[14 + 9])
            let sum = InternetChecksum.updated(
                ipv4.checksum, from: UInt16(ipv4.timeToLive) << 8 | proto, to: UInt16(left) << 8 | proto)
            frame[14 + 8] = left
            frame[14 + 10] = UInt8(sum >> 8)
            frame[14 + 11] = UInt8(sum & 0xFF)
        case .v6: frame[14 + 7] = left
        }
        return Shortcut(host: path.host, deadline: deadline, length: 14 + header.totalLength)
    }

    private mutating func plainPath(_ key: PlainPaths.Key) -> PlainPaths.Path? {
        if let path = plainPaths.path(key) { return path }
        let path = findPlainPath(key)
        plainPaths.keep(path, of: key)
        return path
    }

    private mutating func findPlainPath(_ key: PlainPaths.Key) -> PlainPaths.Path? {
        guard key.destination.isUnicast, !key.destination.isLoopback else { return nil }
        let heading = routes.heading(for: key.destination, in: map)
        guard
            let own = map.nodes[map.nodeOfHost[key.host]].interfaces.first,
            let entry = map.subnets[map.interfaces[own].subnet].interfaces.first(where: {
                $0 != own && map.interfaces[$0].hardwareAddress == key.hardware
            })
        else { return nil }
        var hop = Routes.Hop(out: own, next: entry)
        var (delay, hops, mtu): (Int64, UInt8, Int) = (0, 0, Int.max)
        while true {
            guard let way = map.way(from: hop.out, to: hop.next), way.isPlain else { return nil }
            // A host hands over what its own link carries; only routers look at sizes.
            if hops > 0 { mtu = min(mtu, way.mtu) }
            delay = delay.advanced(by: way.delay)
            let node = map.interfaces[hop.next].node
            if let host = map.host(ofNode: node) {
                guard host.kind == .namespace, host.condition == .up, routes.owner(heading) == node,
                    case .host(let index) = map.nodes[node].role
                else { return nil }
                return PlainPaths.Path(
                    host: index, delay: delay, hops: hops, mtu: mtu,
                    source: map.interfaces[hop.out].hardwareAddress,
                    destination: map.interfaces[hop.next].hardwareAddress)
            }
            guard let router = map.nodes[node].router, router.filters.isEmpty, router.translation == nil,
                routes.owner(heading) != node, hops < 255,
                case .forward(let next) = routes.step(from: node, heading, in: map)
            else { return nil }
            hops += 1
            hop = next
        }
    }
}
