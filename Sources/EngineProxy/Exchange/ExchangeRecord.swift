import NIOCore
import Wire

/// The flow record of an exchange while it happens.
final class ExchangeRecord {
    private(set) var flow: ProxyFlow
    private let requestBody: BodyRecord
    private let responseBody: BodyRecord
    private var isReported = false

    init(flow: ProxyFlow, bodyLimit: Int, budget: BodyBudget) {
        self.flow = flow
        requestBody = BodyRecord(limit: bodyLimit, budget: budget)
        responseBody = BodyRecord(limit: bodyLimit, budget: budget)
    }

    func requestBodyReceived(_ bytes: ByteBuffer) { requestBody.append(bytes) }
    func requestTrailersReceived(_ fields: HTTPFields) { flow.request.trailers = MessageHead.headers(fields) }
    func requestEnded(at now: Int64) { flow.timings.requestEnd = flow.timings.requestEnd ?? now }

    func connecting(at now: Int64) { flow.timings.connectStart = now }

    func connected(to server: ProxyAddress, tls: ProxyTLSLeg?, at now: Int64, isReused: Bool) {
        flow.server = server
        flow.serverTLS = tls
        if !isReused { flow.timings.connectEnd = now }
    }

    func responded(_ head: ResponseHead, at now: Int64) {
        flow.status = Int(head.status)
        flow.reason = head.reason
        flow.responseVersion = "\(head.version)"
        flow.contentType = head.fields.first("content-type")
        flow.response = ProxyMessage(headers: MessageHead.headers(head.fields))
        flow.timings.responseStart = now
    }

    func withheld(_ field: String) { flow.withheld = (flow.withheld ?? []) + [field] }

    func answered(with page: Page, at now: Int64) {
        flow.status = page.status
        flow.reason = page.reason
        flow.responseVersion = "HTTP/1.1"
        flow.contentType = page.contentType
        flow.response = ProxyMessage(headers: page.headers)
        flow.answeredBy = .proxy
        flow.timings.responseStart = now
        responseBody.append(ByteBuffer(bytes: page.body))
    }

    func responseBodyReceived(_ bytes: ByteBuffer) { responseBody.append(bytes) }
    func responseTrailersReceived(_ fields: HTTPFields) { flow.response?.trailers = MessageHead.headers(fields) }
    func failed(_ failure: ProxyFailure) { flow.error = flow.error ?? failure.flowError }

    /// The finished record, once; nil when it was taken before.
    func finish(at now: Int64) -> ProxyFlow? {
        guard !isReported else { return nil }
        isReported = true
        flow.timings.end = now
        flow.request.body = requestBody.finish()
        flow.response?.body = responseBody.finish()
        return flow
    }
}
