import NIOCore
import Wire

/// A piece of a request on its way to an origin.
enum RequestPart: Sendable {
    /// - Parameter path: in origin form, or `*`.
    case head(ProxyRequest, path: String)
    case body(ByteBuffer)
    case end(trailers: HTTPFields?)
}

/// A piece of what an origin answers.
enum OriginPart: Sendable {
    /// Interim heads come before the final one.
    case head(ResponseHead)
    case body(ByteBuffer)
    case end(trailers: HTTPFields?)
    /// The response cannot be passed on, or ended before its end.
    case failed(ProxyFailure)
}

/// A piece of what the client is answered.
enum ResponsePart: Sendable {
    case interim(ResponseHead)
    case head(ResponseHead)
    case body(ByteBuffer)
    case end(trailers: HTTPFields?)
    /// The proxy's own answer, whole.
    case page(Page)
}
