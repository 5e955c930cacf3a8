import Wire

/// Where a byte stream runs: in which TCP connection, through which tunnel, under which TLS.
struct ChannelPlace {
    var stream: Int
    var client: TCPEndpoint
    var server: TCPEndpoint
    /// Authority of the CONNECT tunnel around it.
    var tunnel: String?
    /// The TLS connection that it came out of.
    var tls: TLSConnectionRecord?
}

/// Two directions of bytes in order, whose protocol is found out by their first bytes, never by port numbers.
final class ByteChannel {
    private enum Content {
        /// Leads to any of the others.
        case undecided
        case tls(TLSLayer)
        case http1(HTTP1Layer)
        case http2(HTTP2Layer)
    }

    /// More than this is not needed to tell a protocol by its beginning: the start line of a request.
    private static let mostPrefix = 16 << 10

    private let session: Session
    let place: ChannelPlace
    private var content = Content.undecided
    /// Bytes of each side that did not suffice for a decision.
    private var clientPrefix: [UInt8] = []
    private var serverPrefix: [UInt8] = []

    init(_ session: Session, place: ChannelPlace) {
        self.session = session
        self.place = place
    }

    /// HTTP/2 follows an HTTP/1 request that asked for it (`Upgrade: h2c`).
    func upgradeToHTTP2() { content = .http2(HTTP2Layer(session, place: place, .upgrade)) }

    func receive(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        switch content {
        case .tls(let layer): layer.receive(bytes, from: side)
        case .http1(let layer): layer.receive(bytes, from: side)
        case .http2(let layer): layer.receive(bytes, from: side)
        case .undecided: decide(bytes, from: side)
        }
    }

    /// The capture lacks bytes of a side; `wasCut` where it kept only the beginning of frames.
    func missed(_ count: Int, from side: HTTPSide, wasCut: Bool) {
        switch content {
        case .tls(let layer): layer.missed(count, from: side, wasCut: wasCut)
        case .http1(let layer): layer.missed(count, from: side, wasCut: wasCut)
        case .http2(let layer): layer.missed(count, from: side)
        case .undecided: setPrefix([], side)
        }
    }

    func closed(_ end: HTTPStreamEnd, from side: HTTPSide) {
        switch content {
        case .tls(let layer): layer.closed(end, from: side)
        case .http1(let layer): layer.closed(end, from: side)
        case .http2(let layer): layer.closed(end, from: side)
        case .undecided: break
        }
    }

    /// Nothing comes any more, from either side.
    func finish() {
        switch content {
        case .tls(let layer): layer.finish()
        case .http1(let layer): layer.finish()
        case .http2(let layer): layer.finish()
        case .undecided: break
        }
        content = .undecided
    }

    private func setPrefix(_ bytes: [UInt8], _ side: HTTPSide) {
        if side == .client { clientPrefix = bytes } else { serverPrefix = bytes }
    }

    /// Judges the first bytes of a side. What looks like nothing known is passed over, so that a capture which began in
    /// the middle is understood from the next message on.
    private func decide(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        let prefix = side == .client ? clientPrefix : serverPrefix
        guard !prefix.isEmpty else { return judge(bytes, from: side) }
        let all = prefix + bytes
        all.withUnsafeBytes { judge($0, from: side) }
    }

    private func judge(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        let chosen: Content
        // Under TLS the sides have agreed by name, and a server may speak before the client's preface.
        if place.tls?.applicationProtocol == "h2" || (side == .server && Self.looksLikeSettings(bytes)) {
            content = .http2(HTTP2Layer(session, place: place, .preface))
            return replay(bytes, from: side)
        }
        switch TLSRecord.looksLikeTLS(bytes) {
        case nil: return setPrefix(Array(bytes), side)
        case true?: chosen = .tls(TLSLayer(session, place: place))
        case false?:
            switch HTTP1Signature.judge(bytes) {
            case .request, .response: chosen = .http1(HTTP1Layer(session, place: place))
            case .http2Preface: chosen = .http2(HTTP2Layer(session, place: place, .preface))
            case .undecided: return setPrefix(bytes.count <= Self.mostPrefix ? Array(bytes) : [], side)
            case .other: return setPrefix([], side)
            }
        }
        content = chosen
        replay(bytes, from: side)
    }

    /// A SETTINGS frame with which an HTTP/2 server begins (RFC 9113, section 3.4).
    private static func looksLikeSettings(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 9 && bytes[0] == 0 && bytes[1] == 0 && bytes[2] % 6 == 0 && bytes[3] == 4 && bytes[4] == 0
            && bytes[5] == 0 && bytes[6] == 0 && bytes[7] == 0 && bytes[8] == 0
    }

    private func replay(_ bytes: UnsafeRawBufferPointer, from side: HTTPSide) {
        let other = side == .client ? serverPrefix : clientPrefix
        (clientPrefix, serverPrefix) = ([], [])
        receive(bytes, from: side)
        if !other.isEmpty { other.withUnsafeBytes { receive($0, from: side.other) } }
    }
}
