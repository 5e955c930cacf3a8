import SupportQuestions
import Wire

/// HTTP/1 in a byte stream: adds the fields of messages to the frames that complete them, joins requests with
/// responses, and follows tunnels.
final class HTTP1Layer {
    private let session: Session
    private let frame: CurrentFrame
    private let place: ChannelPlace
    private var connection = HTTP1Connection()
    /// Exchanges that are not over, by number; as many as are pipelined, usually one.
    private var open: [Int: Exchange] = [:]
    private var requestHead: HTTP1RequestHead?
    private var responseHead: HTTP1ResponseHead?
    private var tunnel: ByteChannel?
    private var tunnelAuthority: String?
    private let keptBytes: Int

    init(_ session: Session, place: ChannelPlace) {
        self.session = session
        frame = session.frame
        self.place = place
        keptBytes = session.keepsBodies ? session.configuration.mostBodyBytes : 0
    }

    func receive(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        var input = bytes
        while let event = connection.next(&input, from: side) { handle(event, from: side) }
    }

    func missed(_ count: Int, from side: HTTPSide, wasCut: Bool) {
        if let tunnel { return tunnel.missed(count, from: side, wasCut: wasCut) }
        handle(connection.missed(UInt64(count), from: side), from: side)
        var nothing = UnsafeRawBufferPointer(start: nil, count: 0)
        while let event = connection.next(&nothing, from: side) { handle(event, from: side) }
    }

    func closed(_ end: HTTPStreamEnd, from side: HTTPSide) {
        tunnel?.closed(end, from: side)
        if let event = connection.closed(end, from: side) { handle(event, from: side) }
    }

    func finish() {
        tunnel?.finish()
        for number in open.keys.sorted() { open[number]?.give(to: session, place) }
        open = [:]
    }

    // MARK: Events

    private func handle(_ event: HTTP1Event, from side: HTTPSide) {
        switch event {
        case .request(let head): begin(head)
        case .response(let head): begin(head)
        case .body(let bytes):
            if side == .client {
                current(side)?.request.body.append(bytes)
            } else {
                current(side)?.response.body.append(bytes)
            }
        case .end(let end): side == .client ? endRequest(end) : endResponse(end)
        case .switched(let reason): openTunnel(reason)
        case .tunnel(let bytes):
            // Wireshark shows what runs in a tunnel as nested in HTTP, so these frames match `http` too.
            frame.enter(.http, "http", once: true)
            tunnel?.receive(bytes, from: side)
        case .chunk, .trailers, .missing, .anomaly, .failed: break
        }
    }

    private func current(_ side: HTTPSide) -> Exchange? { open[connection.exchange(side)] }

    private func exchange(_ number: Int) -> Exchange {
        if let known = open[number] { return known }
        let exchange = Exchange(version: "1.1", session, keeping: keptBytes)
        open[number] = exchange
        return exchange
    }

    private func begin(_ head: HTTP1RequestHead) {
        requestHead = head
        let exchange = exchange(connection.exchange(.client))
        exchange.method = head.method
        exchange.target = head.target
        if head.method == "CONNECT" {
            tunnelAuthority = head.target
            (exchange.url, exchange.host, exchange.path) = (head.target, RequestURL.host(of: head.target), "")
        } else {
            (exchange.url, exchange.host, exchange.path) = RequestURL.parts(
                target: head.target, authority: authority(head), isSecure: place.tls != nil)
        }
        exchange.version = head.version == .http10 ? "1.0" : "1.1"
        exchange.request.take(head.fields, session)
    }

    private func authority(_ head: HTTP1RequestHead) -> String {
        head.fields.first("host") ?? place.tunnel ?? "\(place.server.addressText):\(place.server.port)"
    }

    private func begin(_ head: HTTP1ResponseHead) {
        responseHead = head
        guard !head.isInterim else { return }
        let exchange = exchange(connection.exchange(.server))
        exchange.code = head.status
        exchange.reason = head.reason
        exchange.response.take(head.fields, session)
    }

    private func endRequest(_ end: HTTP1End) {
        guard let head = requestHead else { return }
        requestHead = nil
        let exchange = current(.client)
        if let exchange {
            exchange.request.isComplete = end != .truncated(missing: nil)
            exchange.request.frame = frame.number
        }
        addFields(head, exchange)
    }

    private func endResponse(_ end: HTTP1End) {
        guard let head = responseHead else { return }
        responseHead = nil
        addFields(head, current(.server))
        guard !head.isInterim else { return }
        let number = connection.exchange(.server)
        guard let exchange = open.removeValue(forKey: number) else { return }
        if case .truncated = end {} else { exchange.response.isComplete = true }
        exchange.response.frame = frame.number
        exchange.ended = frame.time
        exchange.give(to: session, place)
    }

    private func openTunnel(_ reason: HTTP1Switch) {
        guard tunnel == nil else { return }
        var inner = place
        if case .connect = reason { inner.tunnel = tunnelAuthority }
        tunnel = ByteChannel(session, place: inner)
        if case .upgrade(let name) = reason, name.lowercased() == "h2c" { tunnel?.upgradeToHTTP2() }
    }

    // MARK: Fields

    private func addFields(_ head: HTTP1RequestHead, _ exchange: Exchange?) {
        frame.enter(.http, "http", once: true)
        frame.add(.httpRequest, .boolean(true))
        frame.add(.httpRequestMethod, .string(head.method))
        frame.add(.httpRequestUri, .string(head.target))
        frame.add(.httpRequestVersion, .string(head.version.description))
        if let exchange { frame.add(.httpRequestFullUri, .string(exchange.url)) }
        add(head.fields)
        addBody(exchange?.request.body)
        frame.describe("HTTP", "\(head.method) \(head.target) \(head.version)")
    }

    private func addFields(_ head: HTTP1ResponseHead, _ exchange: Exchange?) {
        frame.enter(.http, "http", once: true)
        frame.add(.httpResponse, .boolean(true))
        frame.add(.httpResponseVersion, .string(head.version.description))
        frame.add(.httpResponseCode, .unsigned(UInt64(head.status)))
        if !head.reason.isEmpty { frame.add(.httpResponsePhrase, .string(head.reason)) }
        add(head.fields)
        addBody(exchange?.response.body)
        let type = frame.wantsSummary ? head.fields.first("content-type").map { " (\($0))" } ?? "" : ""
        frame.describe("HTTP", "\(head.version) \(head.status) \(head.reason)\(type)")
    }

    private func addBody(_ body: BodyCollector?) {
        guard let body, body.count > 0 else { return }
        frame.add(.httpFileData, .bytes(body.bytes))
    }

    private func add(_ fields: HTTPFields) {
        guard frame.wanted.containsAny(.httpHost ... .httpSetCookie) else { return }
        for field in fields.all {
            switch field.name.lowercased() {
            case "content-length":
                frame.add(.httpContentLengthHeader, .string(field.value))
                if let length = UInt64(field.value) { frame.add(.httpContentLength, .unsigned(length)) }
            case let name:
                guard let slot = Self.fieldsByName[name] else { continue }
                frame.add(slot, .string(field.value))
            }
        }
    }

    private static let fieldsByName: [String: FrameField] = [
        "host": .httpHost, "user-agent": .httpUserAgent, "accept": .httpAccept, "referer": .httpReferer,
        "cookie": .httpCookie, "authorization": .httpAuthorization, "proxy-authorization": .httpProxyAuthorization,
        "x-forwarded-for": .httpXForwardedFor, "connection": .httpConnection, "content-type": .httpContentType,
        "content-encoding": .httpContentEncoding, "transfer-encoding": .httpTransferEncoding, "date": .httpDate,
        "server": .httpServer, "location": .httpLocation, "set-cookie": .httpSetCookie,
    ]
}
