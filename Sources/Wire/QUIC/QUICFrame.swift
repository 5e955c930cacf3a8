/// One frame of an opened packet (RFC 9000, section 19; RFC 9221). Bytes are lent for the length of the call.
package enum QUICFrame {
    /// So many bytes of padding in a row.
    case padding(Int)
    case ping
    case acknowledgement(largest: UInt64)
    case resetStream(UInt64, code: UInt64, finalSize: UInt64)
    case stopSending(UInt64, code: UInt64)
    case crypto(offset: UInt64, UnsafeRawBufferPointer)
    case newToken(UnsafeRawBufferPointer)
    case stream(UInt64, offset: UInt64, UnsafeRawBufferPointer, isEnd: Bool)
    case maxData
    case maxStreamData
    case maxStreams
    case dataBlocked
    case streamDataBlocked
    case streamsBlocked
    case newConnectionID([UInt8])
    case retireConnectionID
    case pathChallenge
    case pathResponse
    /// `isApplication`: the code is the application's, such as HTTP/3's.
    case connectionClose(code: UInt64, reason: String, isApplication: Bool)
    case handshakeDone
    case datagram(UnsafeRawBufferPointer)

    /// Reads the next frame and its type; nil at the end and where the bytes are no frame.
    static func read(_ reader: inout ByteReader) -> (type: UInt64, frame: QUICFrame)? {
        guard let type = reader.quicInteger(), let frame = read(type, &reader) else { return nil }
        return (type, frame)
    }

    private static func read(_ type: UInt64, _ reader: inout ByteReader) -> QUICFrame? {
        switch type {
        case 0x00: return padding(&reader)
        case 0x01: return .ping
        case 0x02, 0x03: return acknowledgement(&reader, countsECN: type == 3)
        case 0x04:
            guard let stream = reader.quicInteger(), let code = reader.quicInteger(), let size = reader.quicInteger()
            else { return nil }
            return .resetStream(stream, code: code, finalSize: size)
        case 0x05:
            guard let stream = reader.quicInteger(), let code = reader.quicInteger() else { return nil }
            return .stopSending(stream, code: code)
        case 0x06:
            guard let offset = reader.quicInteger(), let bytes = reader.quicBytes() else { return nil }
            return .crypto(offset: offset, bytes)
        case 0x07: return reader.quicBytes().map { .newToken($0) }
        case 0x08...0x0f: return stream(type, &reader)
        case 0x10: return skipping(1, &reader, .maxData)
        case 0x11: return skipping(2, &reader, .maxStreamData)
        case 0x12, 0x13: return skipping(1, &reader, .maxStreams)
        case 0x14: return skipping(1, &reader, .dataBlocked)
        case 0x15: return skipping(2, &reader, .streamDataBlocked)
        case 0x16, 0x17: return skipping(1, &reader, .streamsBlocked)
        case 0x18:
            guard reader.quicInteger() != nil, reader.quicInteger() != nil, var id = reader.vector8(),
                let bytes = id.array(id.remaining), reader.skip(16)
            else { return nil }
            return .newConnectionID(bytes)
        case 0x19: return skipping(1, &reader, .retireConnectionID)
        case 0x1a: return reader.skip(8) ? .pathChallenge : nil
        case 0x1b: return reader.skip(8) ? .pathResponse : nil
        case 0x1c, 0x1d: return close(&reader, isApplication: type == 0x1d)
        case 0x1e: return .handshakeDone
        case 0x30: return reader.slice(reader.remaining).map { .datagram($0) }
        case 0x31: return reader.quicBytes().map { .datagram($0) }
        default: return nil
        }
    }

    private static func skipping(_ count: Int, _ reader: inout ByteReader, _ frame: QUICFrame) -> QUICFrame? {
        for _ in 0..<count { guard reader.quicInteger() != nil else { return nil } }
        return frame
    }

    private static func padding(_ reader: inout ByteReader) -> QUICFrame {
        let rest = reader.rest
        let count = rest.firstIndex { $0 != 0 } ?? rest.count
        _ = reader.skip(count)
        return .padding(count + 1)
    }

    private static func acknowledgement(_ reader: inout ByteReader, countsECN: Bool) -> QUICFrame? {
        guard let largest = reader.quicInteger(), reader.quicInteger() != nil, let ranges = reader.quicInteger(),
            reader.quicInteger() != nil
        else { return nil }
        var left = ranges
        while left > 0 {
            guard reader.quicInteger() != nil, reader.quicInteger() != nil else { return nil }
            left -= 1
        }
        if countsECN {
            for _ in 0..<3 { guard reader.quicInteger() != nil else { return nil } }
        }
        return .acknowledgement(largest: largest)
    }

    private static func stream(_ type: UInt64, _ reader: inout ByteReader) -> QUICFrame? {
        guard let id = reader.quicInteger() else { return nil }
        var offset: UInt64 = 0
        if type & 0x04 != 0 {
            guard let given = reader.quicInteger() else { return nil }
            offset = given
        }
        guard let bytes = type & 0x02 != 0 ? reader.quicBytes() : reader.slice(reader.remaining) else { return nil }
        return .stream(id, offset: offset, bytes, isEnd: type & 0x01 != 0)
    }

    private static func close(_ reader: inout ByteReader, isApplication: Bool) -> QUICFrame? {
        guard let code = reader.quicInteger() else { return nil }
        if !isApplication { guard reader.quicInteger() != nil else { return nil } }
        guard let reason = reader.quicBytes() else { return nil }
        return .connectionClose(
            code: code, reason: String(decoding: reason, as: UTF8.self), isApplication: isApplication)
    }
}
