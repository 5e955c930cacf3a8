/// One end of an HTTP/2 connection as a sender: its frames, its field blocks, its part of every stream.
struct HTTP2Side {
    /// A field block under way, begun by HEADERS or PUSH_PROMISE (RFC 9113 §4.3).
    private struct Block: Sendable {
        var stream: UInt32
        var promised: UInt32?
        var isEndStream: Bool
        var octets: [UInt8] = []
        var isTooLarge = false
    }

    let side: HTTPSide
    var fields: HPACKDecoder
    private var direction: HTTP2Direction
    private var block: Block?
    /// What the last part of the input means, oldest first.
    private var pending: [HTTP2Event] = []
    private let limits: HTTP2Limits

    init(_ side: HTTPSide, joined: Bool, limits: HTTP2Limits) {
        self.side = side
        self.limits = limits
        fields = HPACKDecoder(startsMidConnection: joined, listLimit: limits.listSize)
        direction = HTTP2Direction(
            expectsPreface: side == .client && !joined, payloadLimit: max(limits.blockSize, 64 << 10))
    }

    var offset: UInt64 { direction.offset }

    mutating func next(
        _ input: inout UnsafeRawBufferPointer, peer: inout HPACKDecoder, _ streams: inout HTTP2Streams
    ) -> HTTP2Event? {
        while true {
            if !pending.isEmpty { return pending.removeFirst() }
            guard let part = direction.next(&input) else { return nil }
            switch part {
            case .preface: return .preface
            case .frame(let header):
                begin(header, &streams)
                return .frame(header)
            case .data(let octets):
                if !octets.isEmpty { return .data(stream: direction.header?.stream ?? 0, octets) }
            case .invalidPadding: note(.invalidPadding, direction.header?.stream ?? 0)
            case .payload(let payload):
                guard let header = direction.header else { continue }
                payload.read { read($0, header, &peer, &streams) }
            case .frameEnd(let header):
                end(header, &streams)
                pending.append(.frameEnd(header))
            case .notHTTP2: return .failed(.notHTTP2)
            case .resynchronised:
                fields.blocksLost()
                block = nil
                return .anomaly(.resynchronised, stream: 0)
            }
        }
    }

    mutating func missed(_ count: UInt64) -> HTTP2Event {
        if direction.missed(count) { return .missing(stream: direction.header?.stream ?? 0, count) }
        block = nil
        fields.blocksLost()
        return .failed(.gap(count))
    }

    private mutating func note(_ anomaly: HTTP2Anomaly, _ stream: UInt32) {
        pending.append(.anomaly(anomaly, stream: stream))
    }

    /// What can be said before the payload.
    private mutating func begin(_ header: HTTP2FrameHeader, _ streams: inout HTTP2Streams) {
        if block != nil, header.type != .continuation || header.stream != block?.stream {
            note(.interruptedBlock, block?.stream ?? 0)
            block = nil
            fields.blocksLost()
        }
        switch header.type {
        case .data:
            let seen = streams[header.stream]
            if header.stream == 0 { note(.wrongStream(.data), 0) }
            if seen.contains(.end(side)) { note(.afterEnd(.data), header.stream) }
            if !seen.contains(.head(side)), !fields.isLossy { note(.dataBeforeHead, header.stream) }
        case .headers, .pushPromise, .continuation:
            if header.length > UInt32(limits.blockSize) { note(.frameTooLarge(header.type), header.stream) }
        default: break
        }
    }

    private mutating func end(_ header: HTTP2FrameHeader, _ streams: inout HTTP2Streams) {
        guard header.type == .data, header.isEndStream else {
            // A field block that was skipped for its size leaves the table in doubt.
            if [.headers, .pushPromise, .continuation].contains(header.type), header.length > UInt32(limits.blockSize) {
                fields.blocksLost()
            }
            return
        }
        ended(header.stream, &streams)
    }

    private mutating func ended(_ stream: UInt32, _ streams: inout HTTP2Streams) {
        if !streams.note(.end(side), on: stream) { note(.tooManyStreams(limit: streams.limit), stream) }
        pending.append(.end(stream: stream))
    }

    private mutating func read(
        _ payload: UnsafeRawBufferPointer, _ header: HTTP2FrameHeader, _ peer: inout HPACKDecoder,
        _ streams: inout HTTP2Streams
    ) {
        switch header.type {
        case .headers, .pushPromise: beginBlock(payload, header, &streams)
        case .continuation: continueBlock(payload, header, &streams)
        case .settings: readSettings(payload, header, &peer)
        default: readControl(payload, header, &streams)
        }
    }

    private mutating func readSettings(
        _ payload: UnsafeRawBufferPointer, _ header: HTTP2FrameHeader, _ peer: inout HPACKDecoder
    ) {
        if header.stream != 0 { note(.wrongStream(.settings), header.stream) }
        if header.isAcknowledgement {
            if !payload.isEmpty { note(.frameSize(.settings), 0) }
            pending.append(.settingsAcknowledged)
            return
        }
        if payload.count % 6 != 0 { note(.frameSize(.settings), 0) }
        let settings = stride(from: 0, to: payload.count - payload.count % 6, by: 6).map { start in
            HTTP2Setting(
                identifier: UInt16(payload[start]) << 8 | UInt16(payload[start + 1]),
                value: payload.http2Word(at: start + 2))
        }
        for setting in settings where setting.identifier == HTTP2Setting.headerTableSize {
            peer.tableSizeAllowed(setting.value)
        }
        pending.append(.settings(settings))
    }

    private mutating func readControl(
        _ payload: UnsafeRawBufferPointer, _ header: HTTP2FrameHeader, _ streams: inout HTTP2Streams
    ) {
        let wanted =
            switch header.type {
            case .priority: 5
            case .resetStream, .windowUpdate: 4
            default: 8
            }
        guard header.type == .goAway ? payload.count >= wanted : payload.count == wanted else {
            note(.frameSize(header.type), header.stream)
            return
        }
        switch header.type {
        case .priority: pending.append(.priority(stream: header.stream, HTTP2Priority(payload)))
        case .resetStream:
            streams.close(header.stream)
            pending.append(.reset(stream: header.stream, code: payload.http2Word(at: 0)))
        case .windowUpdate:
            let increment = payload.http2Word(at: 0) & 0x7fff_ffff
            pending.append(.windowUpdate(stream: header.stream, increment: increment))
        case .ping:
            let opaque = UInt64(payload.http2Word(at: 0)) << 32 | UInt64(payload.http2Word(at: 4))
            pending.append(.ping(opaque, isAcknowledgement: header.isAcknowledgement))
        case .goAway:
            pending.append(
                .goAway(
                    lastStream: payload.http2Word(at: 0) & 0x7fff_ffff, code: payload.http2Word(at: 4),
                    debug: [UInt8](payload.dropFirst(8))))
        default: break
        }
    }
}

// MARK: - Field blocks

extension HTTP2Side {
    /// HEADERS and PUSH_PROMISE: padding, priority or promised stream, then the block's first part.
    private mutating func beginBlock(
        _ payload: UnsafeRawBufferPointer, _ header: HTTP2FrameHeader, _ streams: inout HTTP2Streams
    ) {
        var rest = payload
        var padding = 0
        let prefix = (header.isPadded ? 1 : 0) + (header.hasPriority ? 5 : 0) + (header.type == .pushPromise ? 4 : 0)
        if header.stream == 0 { note(.wrongStream(header.type), 0) }
        guard rest.count >= prefix else {
            note(.frameSize(header.type), header.stream)
            return fields.blocksLost()
        }
        if header.isPadded { padding = Int(rest.take(1)[0]) }
        var promised: UInt32?
        if header.type == .pushPromise { promised = rest.take(4).http2Word(at: 0) & 0x7fff_ffff }
        if header.hasPriority { pending.append(.priority(stream: header.stream, HTTP2Priority(rest.take(5)))) }
        if padding > rest.count {
            note(.invalidPadding, header.stream)
            return fields.blocksLost()
        }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropLast(padding))
        let block = Block(stream: header.stream, promised: promised, isEndStream: header.isEndStream)
        guard header.isEndHeaders else {
            self.block = block
            self.block?.octets.append(contentsOf: rest)
            return
        }
        complete(block, rest, &streams)
    }

    private mutating func continueBlock(
        _ payload: UnsafeRawBufferPointer, _ header: HTTP2FrameHeader, _ streams: inout HTTP2Streams
    ) {
        guard var block else {
            note(.continuationWithoutHeaders, header.stream)
            return fields.blocksLost()
        }
        self.block = nil
        if block.octets.count + payload.count > limits.blockSize {
            block.isTooLarge = true
            block.octets = []
        }
        if !block.isTooLarge { block.octets.append(contentsOf: payload) }
        if header.isEndHeaders {
            let whole = block.octets
            block.octets = []
            whole.withUnsafeBytes { complete(block, $0, &streams) }
        } else {
            self.block = block
        }
    }

    private mutating func complete(_ block: Block, _ octets: UnsafeRawBufferPointer, _ streams: inout HTTP2Streams) {
        var section = HTTPFields()
        if block.isTooLarge {
            note(.blockTooLarge(limit: limits.blockSize), block.stream)
            fields.blocksLost()
        } else {
            do { section = try fields.decode(octets) } catch { note(.undecodableBlock(error), block.stream) }
        }
        let seen = streams[block.stream]
        let kind = kind(of: section, block.promised, seen)
        for anomaly in HTTP2FieldRules.anomalies(section, kind) where !fields.isLossy { note(anomaly, block.stream) }
        if seen.contains(.end(side)) { note(.afterEnd(.headers), block.stream) }
        var noted = true
        switch kind {
        case .push(let promised): noted = streams.note([.clientHead, .clientEnd], on: promised)
        case .request, .response: noted = streams.note(.head(side), on: block.stream)
        case .interim, .trailers: break
        }
        if !noted { note(.tooManyStreams(limit: streams.limit), block.stream) }
        pending.append(
            .head(
                HTTP2Head(
                    kind: kind, stream: block.stream, side: side, fields: section, isEndStream: block.isEndStream,
                    blockLength: octets.count)))
        if block.isEndStream { ended(block.stream, &streams) }
    }

    /// Trailers are the section that has no pseudo-field and comes after a head, seen or (in a joined connection) not.
    private func kind(of section: HTTPFields, _ promised: UInt32?, _ seen: HTTP2Streams.Seen) -> HTTP2Head.Kind {
        if let promised { return .push(promised: promised) }
        let status = section.first(":status")
        if seen.contains(.head(side)) { return .trailers }
        switch side {
        case .client: return fields.isLossy && !section.isEmpty && !section.hasPseudoField ? .trailers : .request
        case .server:
            if let status, status.count == 3, status.hasPrefix("1") { return .interim }
            return fields.isLossy && !section.isEmpty && !section.hasPseudoField ? .trailers : .response
        }
    }
}
