/// Follows an HTTP/3 connection from outside (RFC 9114): takes the bytes of QUIC streams in order and gives messages.
///
/// Never fails: what cannot be read becomes an anomaly, and the other streams go on.
package final class HTTP3Connection {
    package typealias Emit = (HTTP3Event, HTTPSide) -> Void

    private struct Key: Hashable {
        let stream: UInt64
        let side: HTTPSide
    }

    private var streams: [Key: HTTP3Stream] = [:]
    private var clientFields = QPACKDecoder()
    private var serverFields = QPACKDecoder()
    /// Streams with a section that waits for the dynamic table.
    private var waiting: Set<Key> = []

    /// Octets of one frame that is read as a whole.
    private static let mostFrameBytes = 256 << 10
    private static let mostStreams = 20_000

    package init() {}

    package func receive(_ bytes: UnsafeRawBufferPointer, on id: UInt64, from side: HTTPSide, _ emit: Emit) {
        let key = Key(stream: id, side: side)
        guard var stream = take(key, emit) else { return }
        if stream.buffer.isEmpty, stream.waitsFor == nil {
            let used = read(bytes, &stream, key, emit)
            stream.buffer.append(contentsOf: bytes[used...])
        } else {
            stream.buffer.append(contentsOf: bytes)
            resume(&stream, key, emit)
        }
        streams[key] = stream
        if stream.kind == .encoder { wake(side, emit) }
    }

    /// The sender has ended the stream, and all of it was received.
    package func ended(_ id: UInt64, from side: HTTPSide, _ emit: Emit) {
        let key = Key(stream: id, side: side)
        guard var stream = take(key, emit) else { return }
        stream.hasEnded = true
        if stream.waitsFor == nil { close(&stream, key, emit) } else { streams[key] = stream }
    }

    /// So many bytes of a stream will not come.
    package func missed(_ count: Int, on id: UInt64, from side: HTTPSide, _ emit: Emit) {
        let key = Key(stream: id, side: side)
        guard var stream = take(key, emit) else { return }
        switch (stream.kind, stream.frame) {
        case (.encoder, _):
            self[side].instructionsLost()
            stream.kind = .ignored
        case (_, .data(let left)) where stream.buffer.isEmpty && UInt64(count) <= left:
            stream.frame = left == UInt64(count) ? .none : .data(left - UInt64(count))
            emit(.missing(stream: id, count), side)
        case (_, .skipped(let left)) where stream.buffer.isEmpty && UInt64(count) <= left:
            stream.frame = left == UInt64(count) ? .none : .skipped(left - UInt64(count))
        default:
            // Where frames begin is lost with the bytes, for good.
            stream.kind = .ignored
            stream.buffer = []
            emit(.missing(stream: id, count), side)
        }
        streams[key] = stream
        if self[side].isLossy { wake(side, emit) }
    }

    /// Nothing comes any more: sections that wait are read as far as they can be.
    package func finish(_ emit: Emit) {
        for key in waiting.sorted(by: { $0.stream < $1.stream }) {
            guard var stream = streams[key] else { continue }
            resume(&stream, key, isLast: true, emit)
            if stream.hasEnded { close(&stream, key, emit) } else { streams[key] = stream }
        }
        waiting = []
    }

    // MARK: Streams

    private subscript(side: HTTPSide) -> QPACKDecoder {
        get { side == .client ? clientFields : serverFields }
        _modify { if side == .client { yield &clientFields } else { yield &serverFields } }
    }

    private func take(_ key: Key, _ emit: Emit) -> HTTP3Stream? {
        if let known = streams.removeValue(forKey: key) { return known }
        guard streams.count < Self.mostStreams else {
            emit(.anomaly(.tooManyStreams(limit: Self.mostStreams), stream: key.stream), key.side)
            return nil
        }
        return HTTP3Stream(id: key.stream)
    }

    private func resume(_ stream: inout HTTP3Stream, _ key: Key, isLast: Bool = false, _ emit: Emit) {
        if let count = stream.waitsFor, !isLast, !self[key.side].isLossy, self[key.side].insertCount < count { return }
        stream.waitsFor = nil
        waiting.remove(key)
        let bytes = stream.buffer
        stream.buffer = []
        let used = bytes.withUnsafeBytes { read($0, &stream, key, isLast: isLast, emit) }
        stream.buffer = Array(bytes[used...])
    }

    /// The table of a side has grown: what waited for it may be readable now.
    private func wake(_ side: HTTPSide, _ emit: Emit) {
        for key in waiting.filter({ $0.side == side }).sorted(by: { $0.stream < $1.stream }) {
            guard var stream = streams[key] else { continue }
            resume(&stream, key, emit)
            if stream.hasEnded, stream.waitsFor == nil {
                close(&stream, key, emit)
            } else {
                streams[key] = stream
            }
        }
    }

    private func close(_ stream: inout HTTP3Stream, _ key: Key, _ emit: Emit) {
        streams[key] = nil
        if case .none = stream.frame, stream.buffer.isEmpty {
        } else if stream.kind != .ignored {
            emit(.anomaly(.truncatedFrame, stream: key.stream), key.side)
        }
        switch stream.kind {
        case .request, .push: emit(.end(stream: key.stream), key.side)
        default: break
        }
    }

    // MARK: Frames

    /// Reads as much as is complete; the number of bytes that it took.
    private func read(
        _ bytes: UnsafeRawBufferPointer, _ stream: inout HTTP3Stream, _ key: Key, isLast: Bool = false, _ emit: Emit
    ) -> Int {
        var reader = ByteReader(bytes)
        while !reader.isAtEnd {
            switch stream.kind {
            case .undecided:
                guard let number = reader.quicInteger() else { return reader.offset }
                decide(HTTP3StreamType(number), &stream, key, emit)
            case .pushID:
                guard reader.quicInteger() != nil else { return reader.offset }
                stream.kind = .push
            case .ignored: return bytes.count
            case .encoder:
                do throws(QPACKDecoder.Failure) { try self[key.side].receive(reader.rest) } catch {
                    emit(.anomaly(.encoderStream(error), stream: key.stream), key.side)
                }
                return bytes.count
            case .request, .control, .push:
                guard readFrame(&reader, &stream, key, isLast: isLast, emit) else { return reader.offset }
            }
        }
        return reader.offset
    }

    private func decide(_ type: HTTP3StreamType, _ stream: inout HTTP3Stream, _ key: Key, _ emit: Emit) {
        emit(.streamType(stream: key.stream, type), key.side)
        switch type {
        case .control: stream.kind = .control
        case .push: stream.kind = .pushID
        case .qpackEncoder: stream.kind = .encoder
        case .qpackDecoder, .other: stream.kind = .ignored
        }
    }

    /// False where more bytes are needed, or a section has to wait.
    private func readFrame(
        _ reader: inout ByteReader, _ stream: inout HTTP3Stream, _ key: Key, isLast: Bool, _ emit: Emit
    ) -> Bool {
        switch stream.frame {
        case .none: return readHeader(&reader, &stream, key, emit)
        case .data(let left):
            let count = Int(clamping: min(left, UInt64(reader.remaining)))
            guard let content = reader.slice(count) else { return false }
            stream.frame = left == UInt64(count) ? .none : .data(left - UInt64(count))
            if count > 0 { emit(.data(stream: key.stream, content), key.side) }
            return true
        case .skipped(let left):
            let count = Int(clamping: min(left, UInt64(reader.remaining)))
            guard reader.skip(count) else { return false }
            stream.frame = left == UInt64(count) ? .none : .skipped(left - UInt64(count))
            return true
        case .whole(let type, let length):
            guard reader.remaining >= length else { return false }
            let payload = UnsafeRawBufferPointer(rebasing: reader.rest[..<length])
            if let count = readWhole(type, payload, &stream, key, isLast: isLast, emit) {
                stream.waitsFor = count
                waiting.insert(key)
                return false
            }
            stream.frame = .none
            return reader.skip(length)
        }
    }

    private func readHeader(
        _ reader: inout ByteReader, _ stream: inout HTTP3Stream, _ key: Key, _ emit: Emit
    ) -> Bool {
        var ahead = reader
        guard let type = ahead.quicInteger(), let length = ahead.quicInteger() else { return false }
        reader = ahead
        emit(.frame(HTTP3FrameHeader(stream: key.stream, type: type, length: length)), key.side)
        switch type {
        case 0x00 where isMessageStream(stream):
            if !stream.hasHead { emit(.anomaly(.dataBeforeHead, stream: key.stream), key.side) }
            stream.frame = length == 0 ? .none : .data(length)
        case 0x01 where isMessageStream(stream), 0x04 where !isMessageStream(stream),
            0x05 where isMessageStream(stream) && key.side == .server:
            guard length <= UInt64(Self.mostFrameBytes) else {
                emit(.anomaly(.sectionTooLarge(limit: Self.mostFrameBytes), stream: key.stream), key.side)
                stream.frame = .skipped(length)
                return true
            }
            stream.frame = .whole(type: type, length: Int(length))
        default:
            if [0x00, 0x01, 0x04, 0x05].contains(type) {
                emit(.anomaly(.unexpectedFrame(type), stream: key.stream), key.side)
            }
            stream.frame = length == 0 ? .none : .skipped(length)
        }
        // A frame that is read whole and has no payload is complete here.
        if case .whole(_, 0) = stream.frame { stream.frame = .none }
        return true
    }

    private func isMessageStream(_ stream: HTTP3Stream) -> Bool {
        stream.kind == .request || stream.kind == .push
    }

    /// Reads the payload of a frame; the insert count that it has to wait for, or nil where it was read.
    private func readWhole(
        _ type: UInt64, _ payload: UnsafeRawBufferPointer, _ stream: inout HTTP3Stream, _ key: Key, isLast: Bool,
        _ emit: Emit
    ) -> Int? {
        var reader = ByteReader(payload)
        switch type {
        case 0x04:
            settings(&reader, key, emit)
            return nil
        case 0x05:
            guard let id = reader.quicInteger() else {
                emit(.anomaly(.malformedFrame(type), stream: key.stream), key.side)
                return nil
            }
            return section(reader.rest, key, isLast: isLast, emit) { _ in .push(id) }
        default:
            let hadHead = stream.hasHead
            var isInterim = false
            let wait = section(reader.rest, key, isLast: isLast, emit) { fields in
                if key.side == .client { return hadHead ? .trailers : .request }
                if hadHead { return .trailers }
                isInterim = fields.first(":status")?.hasPrefix("1") == true
                return isInterim ? .interim : .response
            }
            if wait == nil, !isInterim { stream.hasHead = true }
            return wait
        }
    }

    private func section(
        _ bytes: UnsafeRawBufferPointer, _ key: Key, isLast: Bool, _ emit: Emit, kind: (HTTPFields) -> HTTP3Head.Kind
    ) -> Int? {
        do throws(QPACKDecoder.Failure) {
            switch try self[key.side].decode(bytes, isLast: isLast) {
            case .blocked(let count): return count
            case .fields(let fields):
                emit(
                    .head(HTTP3Head(kind: kind(fields), stream: key.stream, side: key.side, fields: fields)), key.side)
            }
        } catch { emit(.anomaly(.undecodableSection(error), stream: key.stream), key.side) }
        return nil
    }

    /// SETTINGS_QPACK_MAX_TABLE_CAPACITY (1) limits the table that the other side may build.
    private func settings(_ reader: inout ByteReader, _ key: Key, _ emit: Emit) {
        var found: [(identifier: UInt64, value: UInt64)] = []
        while let identifier = reader.quicInteger(), let value = reader.quicInteger() {
            if found.count < 64 { found.append((identifier, value)) }
            if identifier == 1 { self[key.side.other].capacityAllowed(value) }
        }
        emit(.settings(found), key.side)
    }
}
