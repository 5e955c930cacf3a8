import SupportQuestions
import Wire

/// One HTTP request with its response while they are read, whatever the version of HTTP: a row of the `exchange` table.
final class Exchange {
    struct Message {
        private(set) var fields: [(name: String, value: String)] = []
        var body: BodyCollector
        var isComplete = false
        /// Number of the frame that completed the message.
        var frame = 0

        /// Takes over the fields of the head, as far as they are wanted, and how the body is coded.
        mutating func take(_ fields: HTTPFields, _ session: Session) {
            if session.configuration.wantsExchanges {
                self.fields = fields.all.filter { !$0.name.hasPrefix(":") }.map { ($0.name, $0.value) }
            }
            if session.configuration.wantsExchanges || session.keepsBodies { body.expect(fields) }
        }
    }

    var version: String
    var method = ""
    var target = ""
    var url = ""
    var host = ""
    var path = ""
    var request: Message
    var response: Message
    /// Bytes of the response are missing from the capture.
    var isDamaged = false
    var code: UInt16?
    var reason = ""
    /// Nanoseconds since 1970: the frames in which the request began and the response was completed.
    var began: Int64
    var ended: Int64

    /// `keeping` is the number of bytes to keep of each body.
    init(version: String, _ session: Session, keeping limit: Int) {
        self.version = version
        began = session.frame.time
        ended = began
        let digesting = session.configuration.wantsExchanges && session.configuration.wantsBodyDigests
        request = Message(body: BodyCollector(keeping: limit, digesting: false))
        response = Message(body: BodyCollector(keeping: limit, digesting: digesting))
    }

    func give(to session: Session, _ place: ChannelPlace) {
        guard session.configuration.wantsExchanges else { return }
        session.sink.exchange(row(place: place, wantsBodies: session.configuration.wantsBodies), at: ended)
    }

    func row(place: ChannelPlace, wantsBodies: Bool) -> Row {
        var row = Row()
        func add(_ field: ExchangeField, _ value: FieldValue?) {
            if let value { row.append(value, at: field.slot) }
        }
        add(.httpMethod, .string(method))
        add(.httpUrl, .string(url))
        add(.httpHost, .string(host))
        add(.httpPath, .string(path))
        add(.httpVersion, .string(version))
        for field in request.fields { add(.httpRequestHeader, .string("\(field.name): \(field.value)")) }
        if wantsBodies, request.body.count > 0 { add(.httpRequestBody, .bytes(request.body.bytes)) }
        if let code {
            add(.httpCode, .unsigned(UInt64(code)))
            if !reason.isEmpty { add(.httpReason, .string(reason)) }
            for field in response.fields { add(.httpHeader, .string("\(field.name): \(field.value)")) }
            let type = response.fields.first { $0.name.lowercased() == "content-type" }
            add(.httpContentType, type.map { .string($0.value) })
            if wantsBodies { add(.httpBody, .bytes(response.body.bytes)) }
            add(.httpBodyLength, .unsigned(response.body.count))
            add(.httpBodySha256, response.body.digest.map(FieldValue.bytes))
            add(.httpTime, .duration(ended &- began))
            add(.httpFrame, .unsigned(UInt64(response.frame)))
        } else {
            add(.httpError, .string("the capture holds no response"))
        }
        add(.httpComplete, .boolean(response.isComplete))
        if request.frame > 0 { add(.httpRequestFrame, .unsigned(UInt64(request.frame))) }
        add(.httpClientAddr, .string(place.client.addressText))
        add(.httpClientPort, .unsigned(UInt64(place.client.port)))
        add(.httpServerAddr, .string(place.server.addressText))
        add(.httpServerPort, .unsigned(UInt64(place.server.port)))
        add(.httpStream, .unsigned(UInt64(place.stream)))
        add(.httpTunnel, place.tunnel.map(FieldValue.string))
        add(.httpDecrypted, .boolean(place.tls != nil))
        place.tls?.addFields(to: &row)
        return row
    }
}
