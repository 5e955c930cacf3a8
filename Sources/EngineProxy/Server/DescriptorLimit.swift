import Glibc
import NIOCore

/// How many files and sockets the system lets this process have at once.
package enum DescriptorLimit {
    /// Raises the limit as far as an ordinary process may.
    ///
    /// - Returns: what it is now.
    @discardableResult
    package static func raise() -> UInt64 {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        return UInt64(setrlimit(resource, &raised) == 0 ? raised.rlim_cur : limit.rlim_cur)
    }

    static var now: UInt64 {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? UInt64(limit.rlim_cur) : 0
    }
}

/// Tells, once until connections are taken again, that the system allows no more of them. The bootstrap's own handler waits a
/// second and tries again.
final class AcceptWatch: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let core: ProxyCore
    private var isExhausted = false

    init(_ core: ProxyCore) { self.core = core }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isExhausted = false
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError, [EMFILE, ENFILE].contains(error.errnoCode), !isExhausted {
            isExhausted = true
            core.report(.exhausted(ProxyExhausted(at: core.now(), limit: DescriptorLimit.now)))
        }
        context.fireErrorCaught(error)
    }
}
