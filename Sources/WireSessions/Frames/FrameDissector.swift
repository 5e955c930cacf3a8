import SupportQuestions
import Wire

/// Walks a frame from its link header down to the bytes of a TCP stream, and adds the wanted fields on the way.
///
/// A lean walk of its own beside the codecs of `Wire/Packet`: it reads in place and allocates nothing.
final class FrameDissector {
    let session: Session
    let frame: CurrentFrame
    let tcp: TCPConnections
    let quic: QUICConnections
    /// Fields of these layers are looked up only where somebody wants one.
    let wantsLinkFields: Bool
    let wantsNetworkFields: Bool
    private(set) var cutFrames = 0

    init(_ session: Session) {
        self.session = session
        frame = session.frame
        tcp = TCPConnections(session)
        quic = QUICConnections(session)
        wantsLinkFields =
            frame.wanted.containsAny(.eth ... .arpDstProtoIpv4) || frame.wanted.contains(.frameProtocols)
            || frame.wanted.contains(.ethBytes) || frame.wanted.contains(.arpBytes)
        wantsNetworkFields =
            frame.wanted.containsAny(.ip ... .ipv6Addr) || frame.wanted.contains(.frameProtocols)
            || frame.wanted.contains(.ipBytes) || frame.wanted.contains(.ipv6Bytes)
    }

    func dissect(_ captured: CapturedFrame) {
        frame.begin(time: captured.timestamp, length: captured.originalLength)
        if captured.bytes.count < captured.originalLength { cutFrames += 1 }
        addFrameFields(captured)
        link(captured.linkType, captured.bytes)
        let summary = frame.end()
        session.sink.frame(frame.row, summary: summary, at: captured.timestamp)
    }

    func finish() {
        tcp.finish()
        quic.finish()
    }

    private func addFrameFields(_ captured: CapturedFrame) {
        frame.enter(.frame, nil)
        frame.add(.frameBytes, .bytes(Array(captured.bytes)))
        frame.add(.frameNumber, .unsigned(UInt64(frame.number)))
        frame.add(.frameTime, .time(captured.timestamp))
        frame.add(.frameTimeEpoch, .duration(captured.timestamp))
        frame.add(.frameTimeRelative, .duration(frame.timeSinceFirst))
        frame.add(.frameTimeDelta, .duration(frame.timeSinceLast))
        frame.add(.frameLen, .unsigned(UInt64(captured.originalLength)))
        frame.add(.frameCapLen, .unsigned(UInt64(captured.bytes.count)))
        frame.add(.frameInterfaceId, .unsigned(UInt64(captured.interface)))
    }

    // MARK: Link layer

    private func link(_ number: UInt16, _ bytes: UnsafeRawBufferPointer) {
        guard let type = LinkType(number: number) else { return }
        switch type {
        case .ethernet: ethernet(bytes)
        case .raw, .ipv4, .ipv6:
            frame.name("raw")
            internet(bytes)
        case .null, .loop:
            frame.name("null")
            internet(bytes.from(4))
        case .linuxSLL:
            frame.name("sll")
            payload(bytes.u16(14) ?? 0, bytes.from(16))
        case .linuxSLL2:
            frame.name("sll")
            payload(bytes.u16(0) ?? 0, bytes.from(20))
        }
    }

    private func ethernet(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 14, var type = bytes.u16(12) else { return }
        if wantsLinkFields {
            frame.enter(.eth, "eth")
            frame.add(.ethBytes, .bytes(Array(bytes)))
            frame.name("ethertype")
            frame.add(.ethDst, .ether(bytes.ether(0)))
            frame.add(.ethSrc, .ether(bytes.ether(6)))
            frame.add(.ethAddr, .ether(bytes.ether(0)))
            frame.add(.ethAddr, .ether(bytes.ether(6)))
            frame.add(.ethType, .unsigned(UInt64(type)))
        }
        if frame.wantsSummary {
            frame.source = bytes.etherText(6)
            frame.destination = bytes.etherText(0)
            frame.protocolName = "Ethernet"
        }
        var offset = 14
        while type == 0x8100 || type == 0x88A8, let tag = bytes.u16(offset), let inner = bytes.u16(offset + 2) {
            frame.enter(.vlan, "vlan")
            frame.name("ethertype")
            frame.add(.vlanId, .unsigned(UInt64(tag & 0x0FFF)))
            type = inner
            offset += 4
        }
        payload(type, bytes.from(offset))
    }

    private func payload(_ etherType: UInt16, _ bytes: UnsafeRawBufferPointer) {
        switch etherType {
        case 0x0800, 0x86DD: internet(bytes)
        case 0x0806: arp(bytes)
        default: break
        }
    }

    private func arp(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 28, let opcode = bytes.u16(6), bytes.u16(2) == 0x0800 else { return }
        frame.enter(.arp, "arp")
        frame.add(.arpBytes, .bytes(Array(bytes)))
        frame.add(.arpOpcode, .unsigned(UInt64(opcode)))
        frame.add(.arpSrcProtoIpv4, .ipv4(bytes.u32(14) ?? 0))
        frame.add(.arpDstProtoIpv4, .ipv4(bytes.u32(24) ?? 0))
        let sender = IPv4Address(rawValue: bytes.u32(14) ?? 0)
        let target = IPv4Address(rawValue: bytes.u32(24) ?? 0)
        frame.describe(
            "ARP",
            opcode == 1 ? "Who has \(target)? Tell \(sender)" : "\(sender) is at \(bytes.etherText(8))")
    }
}

/// Reads within a frame; nil or empty where the frame is too short.
extension UnsafeRawBufferPointer {
    func from(_ offset: Int) -> UnsafeRawBufferPointer {
        offset >= count
            ? UnsafeRawBufferPointer(start: nil, count: 0) : UnsafeRawBufferPointer(rebasing: self[offset...])
    }

    func upTo(_ length: Int) -> UnsafeRawBufferPointer {
        length >= count ? self : UnsafeRawBufferPointer(rebasing: self[..<Swift.max(0, length)])
    }

    @inline(__always)
    func u16(_ offset: Int) -> UInt16? {
        guard offset + 2 <= count else { return nil }
        return UInt16(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func u32(_ offset: Int) -> UInt32? {
        guard offset + 4 <= count else { return nil }
        return UInt32(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    func u64(_ offset: Int) -> UInt64? {
        guard offset + 8 <= count else { return nil }
        return UInt64(bigEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    func ether(_ offset: Int) -> UInt64 {
        UInt64(u16(offset) ?? 0) << 32 | UInt64(u32(offset + 2) ?? 0)
    }

    func etherText(_ offset: Int) -> String {
        from(offset).prefix(6).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
    }
}
