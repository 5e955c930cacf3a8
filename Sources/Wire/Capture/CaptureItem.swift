/// The kinds of link that a lab captures, with the numbers that capture files give them (tcpdump.org/linktypes).
package enum LinkType: UInt16, Sendable, Hashable {
    /// BSD loopback: the address family in the byte order of the machine.
    case null = 0
    case ethernet = 1
    /// Raw IP, version in the first half byte.
    case raw = 101
    /// OpenBSD loopback: the address family in network byte order.
    case loop = 108
    case linuxSLL = 113
    case ipv4 = 228
    case ipv6 = 229
    case linuxSLL2 = 276

    /// The kind for a number as files carry it; 12 and 14 are raw IP on some systems.
    package init?(number: UInt16) {
        switch number {
        case 12, 14: self = .raw
        default: self.init(rawValue: number)
        }
    }
}

/// An interface as a capture file describes it.
package struct CaptureInterface: Sendable, Hashable {
    /// As in the file; see `LinkType` for those that can be dissected.
    package var linkType: UInt16
    /// Most bytes kept of a frame; 0 says no limit.
    package var snapLength: UInt32
    package var name: String?

    package init(linkType: UInt16, snapLength: UInt32 = 262_144, name: String? = nil) {
        self.linkType = linkType
        self.snapLength = snapLength
        self.name = name
    }
}

/// One frame of a capture. Its bytes lie in memory lent for the length of the call that hands the frame over.
package struct CapturedFrame {
    /// Number of the interface within the file, from 0.
    package var interface: Int
    package var linkType: UInt16
    /// Nanoseconds since 1970-01-01T00:00:00Z; 0 in simple packet blocks, which have none.
    package var timestamp: Int64
    /// Bytes on the wire, which may be more than were kept.
    package var originalLength: Int
    package var bytes: UnsafeRawBufferPointer
}

/// What an interface counted, from an interface statistics block; nil for what the file does not tell.
package struct InterfaceStatistics: Sendable, Hashable {
    package var interface: Int
    package var timestamp: Int64
    package var received: UInt64?
    /// Frames lost because the capturing program was too slow.
    package var droppedByInterface: UInt64?
    package var droppedBySystem: UInt64?

    package init(
        interface: Int, timestamp: Int64, received: UInt64? = nil, droppedByInterface: UInt64? = nil,
        droppedBySystem: UInt64? = nil
    ) {
        self.interface = interface
        self.timestamp = timestamp
        self.received = received
        self.droppedByInterface = droppedByInterface
        self.droppedBySystem = droppedBySystem
    }
}

/// What a capture file holds, item by item in the order of the file.
package enum CaptureItem {
    case interface(CaptureInterface)
    case frame(CapturedFrame)
    /// A decryption secrets block that holds a TLS key log; the bytes are lent like those of a frame.
    case tlsSecrets(UnsafeRawBufferPointer)
    case statistics(InterfaceStatistics)
}

/// Why a capture file cannot be read, or not to its end.
package enum CaptureError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The first four bytes belong to no capture format; they are given.
    case notACapture([UInt8])
    /// The file ends inside a record that begins at the offset.
    case truncated(offset: Int, missing: Int)
    /// A length or a structure that no writer produces.
    case malformed(offset: Int, String)

    package var description: String { message }

    package var message: String {
        switch self {
        case .notACapture(let bytes):
            let shown = bytes.map { String($0, radix: 16) }.joined(separator: " ")
            return "this is no capture: it begins with the bytes \(shown); pcap and pcapng files can be read"
        case .truncated(let offset, let missing):
            return
                "the capture ends inside a record: at byte \(offset), \(missing) more bytes were announced; "
                + "what came before was read, so let the capturing program finish and copy the file again"
        case .malformed(let offset, let what):
            return "the capture is damaged at byte \(offset): \(what); what came before was read"
        }
    }
}
