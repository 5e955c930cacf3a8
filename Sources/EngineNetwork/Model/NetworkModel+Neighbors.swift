import Wire

/// How hosts find the hardware addresses of routers and virtual hosts: ARP and neighbor discovery.
extension NetworkModel {
    func addressResolutionReceived(
        _ bytes: UnsafeRawBufferPointer, from own: Int, at time: Int64, _ walk: inout Walk
    ) {
        guard let request = try? ARPPacket(parsing: bytes), request.operation == .request,
            let answering = interface(answering: .v4(request.target), seenFrom: own)
        else { return }
        let hardware = map.interfaces[answering].hardwareAddress
        let reply = ARPPacket(
            operation: .reply, senderHardware: hardware, sender: request.target,
            targetHardware: request.senderHardware, target: request.sender)
        answer(reply.bytes, .arp, to: request.senderHardware, by: answering, own, at: time, &walk)
    }

    /// Whether an IPv6 packet is one of neighbor discovery (RFC 4861 §4), which is no traffic of the network's own.
    static func isNeighborDiscovery(_ packet: UnsafeRawBufferPointer) -> Bool {
        packet.count > 40 && packet[6] == IPProtocol.icmpv6.rawValue && (133...137).contains(packet[40])
    }

    /// A packet for a group, or of neighbor discovery: the model's nodes listen for neighbor solicitations only.
    func groupPacketReceived(
        _ bytes: UnsafeRawBufferPointer, from own: Int, at time: Int64, _ walk: inout Walk
    ) {
        guard case .v6(let header)? = try? IPHeader(parsing: bytes), header.proto == .icmpv6 else { return }
        neighborSolicitationReceived(bytes, header, from: own, at: time, &walk)
    }

    /// Answers a solicitation for an address of the model (RFC 4861 §7.2.4); false when the packet is none.
    @discardableResult
    func neighborSolicitationReceived(
        _ bytes: UnsafeRawBufferPointer, _ header: IPv6Header, from own: Int, at time: Int64, _ walk: inout Walk
    ) -> Bool {
        let message = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
        guard header.hopLimit == 255,
            ICMPHeader.checksumHolds(in: message, from: .v6(header.source), to: .v6(header.destination)),
            case .neighborSolicitation(let target, let link)? = try? NeighborDiscovery(parsing: message)
        else { return false }
        // A solicitation from nowhere tests whether the address is free (RFC 4862 §5.4): it is answered to all.
        let isProbe = header.source.isUnspecified
        guard let answering = interface(answering: .v6(target), seenFrom: own) else { return true }
        let interface = map.interfaces[answering]
        let destination = isProbe ? IPv6Address.allNodes : header.source
        let advertisement = NeighborDiscovery.neighborAdvertisement(
            target: target, router: map.nodes[interface.node].isRouter, solicited: !isProbe, override: true,
            targetLinkLayer: interface.hardwareAddress)
        let packet = IPv6Header.packet(
            from: target, to: destination, proto: .icmpv6, hopLimit: 255,
            payload: advertisement.message(from: target, to: destination))
        let hardware = isProbe ? MACAddress(group: destination) : link ?? map.interfaces[own].hardwareAddress
        answer(packet, .ipv6, to: hardware, by: answering, own, at: time, &walk)
        return true
    }

    /// The interface of a node of the model, in the same subnet, that has the address.
    private func interface(answering address: IPAddress, seenFrom own: Int) -> Int? {
        map.subnets[map.interfaces[own].subnet].interfaces.first { other in
            other != own && isModelled(map.interfaces[other].node)
                && map.addresses(answeredBy: other).contains(address)
        }
    }

    private func answer(
        _ payload: [UInt8], _ type: EtherType, to hardware: MACAddress, by answering: Int, _ own: Int,
        at time: Int64, _ walk: inout Walk
    ) {
        guard case .host(let host) = map.nodes[map.interfaces[own].node].role,
            let there = map.way(from: own, to: answering), let back = map.way(from: answering, to: own)
        else { return }
        let ethernet = EthernetHeader(
            destination: hardware, source: map.interfaces[answering].hardwareAddress, type: type)
        walk.deliveries.append(
            Delivery(
                host: host, frame: ethernet.frame(carrying: payload),
                deadline: time.advanced(by: there.delay).advanced(by: back.delay)))
    }
}
