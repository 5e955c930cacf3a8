import SupportQuestions

extension FrameField {
    static let byteDeclarations: [(FrameField, Field)] = [
        (.frameBytes, "frame"), (.ethBytes, "eth"), (.arpBytes, "arp"), (.ipBytes, "ip"), (.ipv6Bytes, "ipv6"),
        (.icmpBytes, "icmp"), (.icmpv6Bytes, "icmpv6"), (.udpBytes, "udp"), (.tcpBytes, "tcp"), (.dnsBytes, "dns"),
    ].map { ($0, Field(Table.nameOfBytes(of: $1), .bytes, "the bytes from its first one on")) }

    static let packetDeclarations: [(FrameField, Field)] = [
        (.frame, Field("frame", .label, "every frame", isAlwaysThere: true)),
        (
            .frameNumber,
            Field(
                "frame.number", .unsigned, "number of the frame in the capture, from 1", bits: 32, isAlwaysThere: true)
        ),
        (.frameTime, Field("frame.time", .time, "time of capture", isAlwaysThere: true)),
        (
            .frameTimeEpoch,
            Field("frame.time_epoch", .duration, "time of capture since 1970-01-01 UTC", isAlwaysThere: true)
        ),
        (
            .frameTimeRelative,
            Field("frame.time_relative", .duration, "time of capture since the first frame", isAlwaysThere: true)
        ),
        (.frameTimeDelta, Field("frame.time_delta", .duration, "time since the frame before", isAlwaysThere: true)),
        (.frameLen, Field("frame.len", .unsigned, "bytes of the frame on the wire", bits: 32, isAlwaysThere: true)),
        (
            .frameCapLen,
            Field("frame.cap_len", .unsigned, "bytes of the frame that the capture kept", bits: 32, isAlwaysThere: true)
        ),
        (
            .frameProtocols,
            Field(
                "frame.protocols", .string, "the protocols of the frame, outermost first, joined by colons",
                isAlwaysThere: true)
        ),
        (
            .frameInterfaceId,
            Field(
                "frame.interface_id", .unsigned, "number of the capturing interface, from 0", bits: 32,
                isAlwaysThere: true)
        ),
        (.eth, Field("eth", .label, "Ethernet")),
        (.ethDst, Field("eth.dst", .ether, "destination address")),
        (.ethSrc, Field("eth.src", .ether, "source address")),
        (.ethAddr, Field("eth.addr", .ether, "source or destination address")),
        (
            .ethType,
            Field("eth.type", .unsigned, "EtherType of the payload", valueNames: ValueNames.etherTypes, bits: 16)
        ),
        (.vlan, Field("vlan", .label, "802.1Q tag")),
        (.vlanId, Field("vlan.id", .unsigned, "number of the virtual LAN", bits: 16)),
        (.arp, Field("arp", .label, "Address Resolution Protocol")),
        (.arpOpcode, Field("arp.opcode", .unsigned, "1 asks, 2 answers", valueNames: ValueNames.arpOpcodes, bits: 16)),
        (.arpSrcProtoIpv4, Field("arp.src.proto_ipv4", .ipv4, "sender's address")),
        (.arpDstProtoIpv4, Field("arp.dst.proto_ipv4", .ipv4, "target's address")),
        (.ip, Field("ip", .label, "Internet Protocol version 4; headers quoted by ICMP errors occur too")),
        (.ipVersion, Field("ip.version", .unsigned, "version of the header", bits: 8)),
        (.ipLen, Field("ip.len", .unsigned, "total length in bytes", bits: 16)),
        (.ipId, Field("ip.id", .unsigned, "identification of the datagram", bits: 16)),
        (.ipTtl, Field("ip.ttl", .unsigned, "time to live", bits: 8)),
        (
            .ipProto,
            Field("ip.proto", .unsigned, "protocol of the payload", valueNames: ValueNames.ipProtocols, bits: 8)
        ),
        (.ipSrc, Field("ip.src", .ipv4, "source address")),
        (.ipDst, Field("ip.dst", .ipv4, "destination address")),
        (.ipAddr, Field("ip.addr", .ipv4, "source or destination address")),
        (.ipv6, Field("ipv6", .label, "Internet Protocol version 6; headers quoted by ICMP errors occur too")),
        (.ipv6Plen, Field("ipv6.plen", .unsigned, "length of the payload in bytes", bits: 16)),
        (.ipv6Nxt, Field("ipv6.nxt", .unsigned, "next header", valueNames: ValueNames.ipProtocols, bits: 8)),
        (.ipv6Hlim, Field("ipv6.hlim", .unsigned, "hop limit", bits: 8)),
        (.ipv6Src, Field("ipv6.src", .ipv6, "source address")),
        (.ipv6Dst, Field("ipv6.dst", .ipv6, "destination address")),
        (.ipv6Addr, Field("ipv6.addr", .ipv6, "source or destination address")),
        (.icmp, Field("icmp", .label, "Internet Control Message Protocol")),
        (
            .icmpType,
            Field(
                "icmp.type", .unsigned,
                "kind of the message: 8 echo request, 0 echo reply, 11 time exceeded, 3 unreachable",
                aliases: ValueNames.icmpTypes, bits: 8)
        ),
        (.icmpCode, Field("icmp.code", .unsigned, "kind within the type", bits: 8)),
        (.icmpIdent, Field("icmp.ident", .unsigned, "identifier of an echo", bits: 16)),
        (.icmpSeq, Field("icmp.seq", .unsigned, "sequence number of an echo", bits: 16)),
        (.icmpv6, Field("icmpv6", .label, "ICMP for IPv6")),
        (
            .icmpv6Type,
            Field(
                "icmpv6.type", .unsigned,
                "kind of the message: 128 echo request, 129 echo reply, 3 time exceeded, 1 unreachable",
                valueNames: ValueNames.icmpv6Types, bits: 8)
        ),
        (.icmpv6Code, Field("icmpv6.code", .unsigned, "kind within the type", bits: 8)),
        (.icmpv6EchoIdentifier, Field("icmpv6.echo.identifier", .unsigned, "identifier of an echo", bits: 16)),
        (
            .icmpv6EchoSequenceNumber,
            Field("icmpv6.echo.sequence_number", .unsigned, "sequence number of an echo", bits: 16)
        ),
        (.udp, Field("udp", .label, "User Datagram Protocol")),
        (.udpSrcport, Field("udp.srcport", .unsigned, "source port", bits: 16)),
        (.udpDstport, Field("udp.dstport", .unsigned, "destination port", bits: 16)),
        (.udpPort, Field("udp.port", .unsigned, "source or destination port", bits: 16)),
        (.udpLength, Field("udp.length", .unsigned, "length of header and payload in bytes", bits: 16)),
        (.tcp, Field("tcp", .label, "Transmission Control Protocol")),
        (.tcpSrcport, Field("tcp.srcport", .unsigned, "source port", bits: 16)),
        (.tcpDstport, Field("tcp.dstport", .unsigned, "destination port", bits: 16)),
        (.tcpPort, Field("tcp.port", .unsigned, "source or destination port", bits: 16)),
        (.tcpStream, Field("tcp.stream", .unsigned, "number of the connection in the capture, from 0", bits: 32)),
        (.tcpLen, Field("tcp.len", .unsigned, "bytes of payload", bits: 32)),
        (.tcpSeq, Field("tcp.seq", .unsigned, "sequence number, relative to the connection's first", bits: 32)),
        (.tcpSeqRaw, Field("tcp.seq_raw", .unsigned, "sequence number as sent", bits: 32)),
        (.tcpAck, Field("tcp.ack", .unsigned, "acknowledgment number, relative to the other side's first", bits: 32)),
        (.tcpAckRaw, Field("tcp.ack_raw", .unsigned, "acknowledgment number as sent", bits: 32)),
        (.tcpFlags, Field("tcp.flags", .unsigned, "all flags, as one number", bits: 16)),
        (.tcpFlagsFin, Field("tcp.flags.fin", .boolean, "the sender has finished", valueNames: ValueNames.set)),
        (.tcpFlagsSyn, Field("tcp.flags.syn", .boolean, "a connection begins", valueNames: ValueNames.set)),
        (
            .tcpFlagsReset,
            Field("tcp.flags.reset", .boolean, "the connection is broken off", valueNames: ValueNames.set)
        ),
        (
            .tcpFlagsPush,
            Field("tcp.flags.push", .boolean, "the receiver should hand on what it has", valueNames: ValueNames.set)
        ),
        (
            .tcpFlagsAck,
            Field("tcp.flags.ack", .boolean, "the acknowledgment number counts", valueNames: ValueNames.set)
        ),
        (.tcpWindowSizeValue, Field("tcp.window_size_value", .unsigned, "window as sent", bits: 16)),
        (
            .tcpWindowSize,
            Field("tcp.window_size", .unsigned, "window in bytes, scaled where the handshake was seen", bits: 32)
        ),
        (.tcpPayload, Field("tcp.payload", .bytes, "the payload")),
        (.dns, Field("dns", .label, "Domain Name System")),
        (.dnsId, Field("dns.id", .unsigned, "number that joins question and answer", bits: 16)),
        (
            .dnsFlagsResponse,
            Field(
                "dns.flags.response", .boolean, "an answer, no question",
                valueNames: ["Message is a response": 1, "Message is a query": 0])
        ),
        (
            .dnsFlagsRcode,
            Field(
                "dns.flags.rcode", .unsigned, "outcome: 0 found, 3 no such name", valueNames: ValueNames.dnsCodes,
                bits: 16)
        ),
        (.dnsCountAnswers, Field("dns.count.answers", .unsigned, "number of answer records", bits: 16)),
        (.dnsQryName, Field("dns.qry.name", .string, "name asked for")),
        (
            .dnsQryType,
            Field("dns.qry.type", .unsigned, "type asked for: 1 A, 28 AAAA", aliases: ValueNames.dnsTypes, bits: 16)
        ),
        (.dnsRespName, Field("dns.resp.name", .string, "name of a record in the answer")),
        (
            .dnsRespType,
            Field("dns.resp.type", .unsigned, "type of a record in the answer", aliases: ValueNames.dnsTypes, bits: 16)
        ),
        (.dnsA, Field("dns.a", .ipv4, "address in the answer")),
        (.dnsAaaa, Field("dns.aaaa", .ipv6, "address in the answer")),
        (.dnsCname, Field("dns.cname", .string, "the name that an alias stands for")),
    ]
}
