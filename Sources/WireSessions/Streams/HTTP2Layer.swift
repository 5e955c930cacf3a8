import SupportQuestions
import Wire

/// HTTP/2 in a byte stream: adds the fields of HTTP/2 frames to the frames that complete them, and joins requests with
/// responses by their stream.
final class HTTP2Layer {
    private let session: Session
    private let frame: CurrentFrame
    private let place: ChannelPlace
    private var connection: HTTP2Connection
    /// Exchanges that are not over, by stream.
    private var open: [UInt32: Exchange] = [:]
    /// Content of the DATA frame under way, by side, where somebody wants it.
    private var clientData: [UInt8] = []
    private var serverData: [UInt8] = []
    private let keptBytes: Int
    private let wantsData: Bool

    /// More open exchanges than any client has; the oldest are given up.
    private static let mostExchanges = 10_000

    init(_ session: Session, place: ChannelPlace, _ beginning: HTTP2Connection.Beginning) {
        self.session = session
        frame = session.frame
        self.place = place
        connection = HTTP2Connection(beginning)
        keptBytes = session.keepsBodies ? session.configuration.mostBodyBytes : 0
        wantsData = frame.wanted.contains(.http2DataData)
    }

    func receive(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        var input = bytes
        while let event = connection.next(&input, from: side) { handle(event, from: side) }
    }

    func missed(_ count: Int, from side: HTTPSide) {
        handle(connection.missed(UInt64(count), from: side), from: side)
        var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        while let event = connection.next(&nothing, from: side) { handle(event, from: side) }
    }

    func closed(_ end: HTTPStreamEnd, from side: HTTPSide) {}

    func finish() {
        for stream in open.keys.sorted() { give(stream) }
    }

    // MARK: Events

    private func handle(_ event: HTTP2Event, from side: HTTPSide) {
        switch event {
        case .preface:
            frame.enter(.http2, "http2", once: true)
            frame.describe("HTTP2", "Magic")
        case .frame: if wantsData { setData([], side) }
        case .frameEnd(let header): addFields(header, from: side)
        case .head(let head): begin(head)
        case .data(let stream, let bytes):
            if wantsData { setData((side == .client ? clientData : serverData) + bytes, side) }
            if side == .client {
                open[stream]?.request.body.append(bytes)
            } else {
                open[stream]?.response.body.append(bytes)
            }
        case .end(let stream): end(stream, from: side)
        case .reset(let stream, _): give(stream)
        case .missing, .settings, .settingsAcknowledged, .windowUpdate, .ping, .priority, .goAway, .anomaly, .failed:
            break
        }
    }

    private func setData(_ bytes: [UInt8], _ side: HTTPSide) {
        if side == .client { clientData = bytes } else { serverData = bytes }
    }

    private func begin(_ head: HTTP2Head) {
        addFields(head)
        switch head.kind {
        case .request: request(head, on: head.stream)
        case .push(let promised):
            request(head, on: promised)
            open[promised]?.request.isComplete = true
        case .response:
            let exchange = open[head.stream] ?? add(head.stream)
            exchange.code = head.status ?? 0
            exchange.response.take(head.fields, session)
        case .interim, .trailers: break
        }
    }

    private func request(_ head: HTTP2Head, on stream: UInt32) {
        let exchange = add(stream)
        exchange.method = head.method ?? ""
        exchange.target = head.path ?? head.authority ?? ""
        let authority = head.authority ?? place.tunnel ?? "\(place.server.addressText):\(place.server.port)"
        if exchange.method == "CONNECT" {
            (exchange.url, exchange.host) = (authority, RequestURL.host(of: authority))
        } else {
            let isSecure = head.scheme.map { $0 == "https" } ?? (place.tls != nil)
            (exchange.url, exchange.host, exchange.path) = RequestURL.parts(
                target: head.path ?? "/", authority: authority, isSecure: isSecure)
        }
        exchange.request.take(head.fields, session)
    }

    private func add(_ stream: UInt32) -> Exchange {
        if open.count >= Self.mostExchanges, let oldest = open.keys.min() { give(oldest) }
        let exchange = Exchange(version: "2", session, keeping: keptBytes)
        open[stream] = exchange
        return exchange
    }

    private func end(_ stream: UInt32, from side: HTTPSide) {
        guard let exchange = open[stream] else { return }
        if side == .client {
            exchange.request.isComplete = true
            exchange.request.frame = frame.number
        } else {
            exchange.response.isComplete = true
            give(stream)
        }
    }

    /// The exchange on the stream is over, complete or not.
    private func give(_ stream: UInt32) {
        guard let exchange = open.removeValue(forKey: stream) else { return }
        exchange.response.frame = frame.number
        exchange.ended = frame.time
        exchange.give(to: session, place)
    }

    // MARK: Fields

    private func addFields(_ header: HTTP2FrameHeader, from side: HTTPSide) {
        frame.enter(.http2, "http2", once: true)
        frame.add(.http2Length, .unsigned(UInt64(header.length)))
        frame.add(.http2Type, .unsigned(UInt64(header.type.rawValue)))
        frame.add(.http2Flags, .unsigned(UInt64(header.flags)))
        frame.add(.http2Streamid, .unsigned(UInt64(header.stream)))
        if wantsData, header.type == .data {
            frame.add(.http2DataData, .bytes(side == .client ? clientData : serverData))
        }
        if header.type != .headers {
            frame.describe("HTTP2", "\(header.type.name ?? "type \(header.type.rawValue)")[\(header.stream)]")
        }
    }

    private func addFields(_ head: HTTP2Head) {
        let text =
            head.method.map { "\($0) \(head.path ?? head.authority ?? "")" } ?? (head.status.map { String($0) } ?? "")
        frame.describe("HTTP2", "HEADERS[\(head.stream)]: \(text)")
        guard frame.wanted.containsAny(.http2HeaderName ... .http2HeadersContentType) else { return }
        for field in head.fields.all {
            frame.add(.http2HeaderName, .string(field.name))
            frame.add(.http2HeaderValue, .string(field.value))
            switch field.name {
            case ":method": frame.add(.http2HeadersMethod, .string(field.value))
            case ":scheme": frame.add(.http2HeadersScheme, .string(field.value))
            case ":authority": frame.add(.http2HeadersAuthority, .string(field.value))
            case ":path": frame.add(.http2HeadersPath, .string(field.value))
            case ":status":
                if let status = UInt64(field.value) { frame.add(.http2HeadersStatus, .unsigned(status)) }
            case "content-type": frame.add(.http2HeadersContentType, .string(field.value))
            default: break
            }
        }
    }
}
