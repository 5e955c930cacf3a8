import NIOCore
import Wire

/// One direction of an HTTP/1 connection: bytes that arrived, and the parser that reads them one event at a time, so that
/// what follows a message stays where it is until somebody asks for it.
struct HTTPInput {
    enum Event {
        case request(HTTP1RequestHead)
        case response(HTTP1ResponseHead)
        case body(ByteBuffer)
        case trailers(HTTPFields)
        case end(HTTP1End)
        case rejected(RequestRejection.Reason)
    }

    private(set) var parser: HTTP1Parser
    private(set) var buffer = ByteBuffer()

    static let limits = HTTP1Limits(headSize: 64 << 10, fieldCount: 256, chunkLineSize: 4 << 10, pipelined: 16)

    init(_ role: HTTP1Parser.Role) { parser = HTTP1Parser(role, limits: Self.limits) }

    /// Bytes that no event was made of yet.
    var waiting: Int { buffer.readableBytes }

    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 { buffer = bytes } else { buffer.writeImmutableBuffer(bytes) }
    }

    mutating func requestSent(method: String) { parser.requestSent(HTTP1Expectation(method: method)) }

    /// Everything that waits, for whoever reads it as something other than HTTP.
    mutating func takeAll() -> ByteBuffer {
        defer { buffer = ByteBuffer() }
        return buffer
    }

    mutating func next() -> Event? {
        while true {
            guard let event = step() else { return nil }
            switch event {
            case .pass: continue
            case .event(let event): return event
            }
        }
    }

    /// What the end of the stream means for the message under way; nil between messages.
    mutating func closed(_ end: HTTPStreamEnd) -> Event? {
        switch parser.closed(end) {
        case .end(let end): .end(end)
        case .failed(let failure): .rejected(RequestRejection.reason(of: failure))
        default: nil
        }
    }

    private enum Step {
        case pass
        case event(Event)
    }

    private mutating func step() -> Step? {
        // The view below borrows a copy: the parser's slices are turned into buffers that share its storage.
        let source = buffer
        var consumed = 0
        let result = source.withUnsafeReadableBytes { all -> Step? in
            var input = all
            let event = parser.next(&input)
            consumed = all.count - input.count
            return event.map { Self.step($0, all, source) }
        }
        buffer.moveReaderIndex(forwardBy: consumed)
        return result
    }

    private static func step(_ event: HTTP1Event, _ all: UnsafeRawBufferPointer, _ source: ByteBuffer) -> Step {
        switch event {
        case .request(let head): return .event(.request(head))
        case .response(let head): return .event(.response(head))
        case .body(let part):
            guard let base = all.baseAddress, let start = part.baseAddress, !part.isEmpty,
                let slice = source.getSlice(at: source.readerIndex + (start - base), length: part.count)
            else { return .pass }
            return .event(.body(slice))
        case .trailers(let fields): return .event(.trailers(fields))
        case .end(let end): return .event(.end(end))
        case .anomaly(let anomaly):
            return RequestRejection.reason(of: anomaly).map { .event(.rejected($0)) } ?? .pass
        case .failed(let failure): return .event(.rejected(RequestRejection.reason(of: failure)))
        case .chunk, .switched, .missing, .tunnel: return .pass
        }
    }
}
