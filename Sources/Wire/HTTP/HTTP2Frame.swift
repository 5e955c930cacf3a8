/// What a client says first on an HTTP/2 connection (RFC 9113 §3.4).
package enum HTTP2Preface {
    package static let octets = [UInt8]("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
}

/// The nine octets in front of every frame (RFC 9113 §4.1).
package struct HTTP2FrameHeader: Sendable, Hashable {
    package static let size = 9

    /// Octets of payload, padding included; 24 bits.
    package var length: UInt32
    package var type: HTTP2FrameType
    package var flags: UInt8
    /// 31 bits; 0 is the connection itself.
    package var stream: UInt32
    /// The reserved bit before the stream id was set.
    package var hasReservedBit: Bool
    /// Where the frame begins, counted in octets of its direction from the preface on.
    package var offset: UInt64

    init(_ octets: UnsafeRawBufferPointer, offset: UInt64) {
        length = UInt32(octets[0]) << 16 | UInt32(octets[1]) << 8 | UInt32(octets[2])
        type = HTTP2FrameType(rawValue: octets[3])
        flags = octets[4]
        let word = octets.http2Word(at: 5)
        stream = word & 0x7fff_ffff
        hasReservedBit = word >> 31 == 1
        self.offset = offset
    }

    package var isEndStream: Bool { flags & 0x1 != 0 && (type == .data || type == .headers) }
    package var isAcknowledgement: Bool { flags & 0x1 != 0 && (type == .settings || type == .ping) }
    package var isEndHeaders: Bool { flags & 0x4 != 0 }
    package var isPadded: Bool { flags & 0x8 != 0 && [.data, .headers, .pushPromise].contains(type) }
    package var hasPriority: Bool { flags & 0x20 != 0 && type == .headers }

    /// Whether octets that may be anything are likely to be this frame: what is defined, where it may stand.
    var isPlausible: Bool {
        guard !hasReservedBit, length <= 1 << 20 else { return false }
        switch type {
        case .data, .continuation: return stream != 0
        case .headers: return stream != 0 && length > 0
        case .priority: return stream != 0 && length == 5
        case .resetStream: return stream != 0 && length == 4
        case .settings: return stream == 0 && length % 6 == 0 && flags & ~0x1 == 0
        case .pushPromise: return stream != 0 && length >= 4
        case .ping: return stream == 0 && length == 8 && flags & ~0x1 == 0
        case .goAway: return stream == 0 && length >= 8
        case .windowUpdate: return length == 4 && flags == 0
        default: return false
        }
    }
}

/// A frame type by its number; unknown ones stay as they are (RFC 9113 §5.5).
package struct HTTP2FrameType: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let data = HTTP2FrameType(rawValue: 0x0)
    package static let headers = HTTP2FrameType(rawValue: 0x1)
    package static let priority = HTTP2FrameType(rawValue: 0x2)
    package static let resetStream = HTTP2FrameType(rawValue: 0x3)
    package static let settings = HTTP2FrameType(rawValue: 0x4)
    package static let pushPromise = HTTP2FrameType(rawValue: 0x5)
    package static let ping = HTTP2FrameType(rawValue: 0x6)
    package static let goAway = HTTP2FrameType(rawValue: 0x7)
    package static let windowUpdate = HTTP2FrameType(rawValue: 0x8)
    package static let continuation = HTTP2FrameType(rawValue: 0x9)

    /// The name as RFC 9113 §6 writes it; nil for a type that it does not define.
    package var name: String? {
        let names = [
            "DATA", "HEADERS", "PRIORITY", "RST_STREAM", "SETTINGS", "PUSH_PROMISE", "PING", "GOAWAY", "WINDOW_UPDATE",
            "CONTINUATION",
        ]
        return Int(rawValue) < names.count ? names[Int(rawValue)] : nil
    }
}

/// One parameter of a SETTINGS frame (RFC 9113 §6.5).
package struct HTTP2Setting: Sendable, Hashable {
    package var identifier: UInt16
    package var value: UInt32

    package init(identifier: UInt16, value: UInt32) {
        self.identifier = identifier
        self.value = value
    }

    package static let headerTableSize: UInt16 = 0x1
    package static let enablePush: UInt16 = 0x2
    package static let maxConcurrentStreams: UInt16 = 0x3
    package static let initialWindowSize: UInt16 = 0x4
    package static let maxFrameSize: UInt16 = 0x5
    package static let maxHeaderListSize: UInt16 = 0x6
}

extension UnsafeRawBufferPointer {
    /// Four octets in network order; the caller has checked that they are there.
    func http2Word(at index: Int) -> UInt32 {
        UInt32(self[index]) << 24 | UInt32(self[index + 1]) << 16 | UInt32(self[index + 2]) << 8
            | UInt32(self[index + 3])
    }
}
