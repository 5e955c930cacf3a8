import SupportQuestions
import Wire

/// HTTP/3 over the streams of a QUIC connection: adds the fields of its frames to the packets that complete them, and joins
/// requests with responses by their stream.
final class HTTP3Layer {
    private let session: Session
    private let frame: CurrentFrame
    private let place: ChannelPlace
    private let connection = HTTP3Connection()
    /// Exchanges that are not over, by stream.
    private var open: [UInt64: Exchange] = [:]
    /// Requests that the server promised to answer, by push ID.
    private var promised: [UInt64: Exchange] = [:]
    private let keptBytes: Int

    /// More open exchanges than any client has; the oldest are given up.
    private static let mostExchanges = 10_000

    init(_ session: Session, place: ChannelPlace) {
        self.session = session
        frame = session.frame
        self.place = place
        keptBytes = session.keepsBodies ? session.configuration.mostBodyBytes : 0
    }

    func receive(_ bytes: UnsafeRawBufferPointer, on stream: UInt64, from side: HTTPSide) {
        connection.receive(bytes, on: stream, from: side) { event, side in handle(event, from: side) }
    }

    func missed(_ count: Int, on stream: UInt64, from side: HTTPSide) {
        connection.missed(count, on: stream, from: side) { event, side in handle(event, from: side) }
    }

    func ended(_ stream: UInt64, from side: HTTPSide) {
        connection.ended(stream, from: side) { event, side in handle(event, from: side) }
    }

    func reset(_ stream: UInt64, from side: HTTPSide) { if side == .server { give(stream) } }

    func finish() {
        connection.finish { event, side in handle(event, from: side) }
        for stream in open.keys.sorted() { give(stream) }
    }

    // MARK: Events

    private func handle(_ event: HTTP3Event, from side: HTTPSide) {
        switch event {
        case .streamType(_, let type):
            frame.enter(.http3, "http3", once: true)
            frame.add(.http3StreamType, .unsigned(type.number))
        case .frame(let header): add(header)
        case .head(let head): begin(head)
        case .data(let stream, let bytes):
            if frame.wanted.contains(.http3Data) { frame.add(.http3Data, .bytes(Array(bytes))) }
            frame.enter(.http3, "http3", once: true)
            if side == .client {
                open[stream]?.request.body.append(bytes)
            } else {
                open[stream]?.response.body.append(bytes)
            }
        case .end(let stream): end(stream, from: side)
        case .settings(let settings):
            for setting in settings { frame.add(.http3SettingsId, .unsigned(setting.identifier)) }
        case .missing(let stream, _): if side == .server { open[stream]?.isDamaged = true }
        case .anomaly: break
        }
    }

    private func begin(_ head: HTTP3Head) {
        add(head)
        switch head.kind {
        // Datagrams may change places on the way, and then the response comes first.
        case .request: request(head, open[head.stream] ?? add(head.stream))
        case .push(let id):
            guard promised.count < Self.mostExchanges else { return }
            let exchange = Exchange(version: "3", session, keeping: keptBytes)
            request(head, exchange)
            exchange.request.isComplete = true
            promised[id] = exchange
        case .response:
            let exchange = open[head.stream] ?? add(head.stream)
            exchange.code = head.status ?? 0
            exchange.response.take(head.fields, session)
        case .interim, .trailers: break
        }
    }

    private func request(_ head: HTTP3Head, _ exchange: Exchange) {
        exchange.method = head.method ?? ""
        exchange.target = head.path ?? head.authority ?? ""
        let authority = head.authority ?? "\(place.server.addressText):\(place.server.port)"
        if exchange.method == "CONNECT" {
            (exchange.url, exchange.host) = (authority, RequestURL.host(of: authority))
        } else {
            (exchange.url, exchange.host, exchange.path) = RequestURL.parts(
                target: head.path ?? "/", authority: authority, isSecure: head.scheme.map { $0 == "https" } ?? true)
        }
        exchange.request.take(head.fields, session)
    }

    private func add(_ stream: UInt64) -> Exchange {
        if open.count >= Self.mostExchanges, let oldest = open.keys.min() { give(oldest) }
        let exchange = Exchange(version: "3", session, keeping: keptBytes)
        open[stream] = exchange
        return exchange
    }

    private func end(_ stream: UInt64, from side: HTTPSide) {
        guard let exchange = open[stream] else { return }
        if side == .client {
            exchange.request.isComplete = true
            exchange.request.frame = frame.number
            if exchange.response.frame > 0 { give(stream) }
        } else {
            exchange.response.isComplete = !exchange.isDamaged
            exchange.response.frame = frame.number
            exchange.ended = frame.time
            if !exchange.method.isEmpty { give(stream) }
        }
    }

    /// The exchange on the stream is over, complete or not.
    private func give(_ stream: UInt64) {
        guard let exchange = open.removeValue(forKey: stream) else { return }
        if exchange.response.frame == 0 {
            exchange.response.frame = frame.number
            exchange.ended = frame.time
        }
        exchange.give(to: session, place)
    }

    // MARK: Fields

    private func add(_ header: HTTP3FrameHeader) {
        frame.enter(.http3, "http3", once: true)
        frame.add(.http3FrameType, .unsigned(header.type))
        frame.add(.http3FrameLength, .unsigned(header.length))
        if header.type != 1 {
            frame.describe("HTTP3", "\(header.name ?? "type \(header.type)")[\(header.stream)]")
        }
    }

    private func add(_ head: HTTP3Head) {
        frame.enter(.http3, "http3", once: true)
        let text =
            head.method.map { "\($0) \(head.path ?? head.authority ?? "")" } ?? (head.status.map { String($0) } ?? "")
        frame.describe("HTTP3", "HEADERS[\(head.stream)]: \(text)")
        guard frame.wanted.containsAny(.http3HeadersHeaderName ... .http3HeadersContentType) else { return }
        for field in head.fields.all {
            frame.add(.http3HeadersHeaderName, .string(field.name))
            frame.add(.http3HeadersHeaderValue, .string(field.value))
            switch field.name {
            case ":method": frame.add(.http3HeadersMethod, .string(field.value))
            case ":scheme": frame.add(.http3HeadersScheme, .string(field.value))
            case ":authority": frame.add(.http3HeadersAuthority, .string(field.value))
            case ":path": frame.add(.http3HeadersPath, .string(field.value))
            case ":status":
                if let status = UInt64(field.value) { frame.add(.http3HeadersStatus, .unsigned(status)) }
            case "content-type": frame.add(.http3HeadersContentType, .string(field.value))
            default: break
            }
        }
    }
}
