import Glibc
import NIOConcurrencyHelpers

/// Runs a proxy for a person: with the list of requests on a terminal, or as lines of a log.
package struct ProxyConsole: Sendable {
    package var input: Int32 = 0
    package var output: Int32 = 1
    package var isHeadless = false
    package var usesColour = true

    package init() {}

    /// Starts the proxy and returns when the person, or a signal, ended it; the port is free again by then.
    ///
    /// - Returns: the exit status: 0.
    package func run(
        _ configuration: ProxyConfiguration, now: @escaping @Sendable () -> Int64 = { Clock.now() }
    ) async throws(ProxyError) -> Int32 {
        DescriptorLimit.raise()
        guard let mailbox = Mailbox() else { throw .failed("no pipe: \(String(cString: strerror(errno)))") }
        let signals = SignalWatch(mailbox)
        let proxy: Proxy
        do {
            proxy = try await Proxy.start(configuration, sinks: [mailbox], now: now)
        } catch {
            signals.end()
            throw error
        }
        let address = proxy.address
        await withCheckedContinuation { continuation in
            Detached.run {
                if isHeadless || isatty(input) != 1 || isatty(output) != 1 {
                    log(mailbox)
                } else {
                    show(mailbox, address)
                }
                continuation.resume()
            }
        }
        signals.end()
        await proxy.stop()
        return 0
    }

    private func log(_ mailbox: Mailbox) {
        var pacing = Pacing()
        while true {
            var wakes = [pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0)]
            poll(&wakes, 1, -1)
            pacing.begin()
            let mail = mailbox.take()
            var text = ""
            for event in mail.events {
                for line in ProxyLog.lines(event) {
                    text += line
                    text += "\n"
                }
            }
            if !text.isEmpty { TerminalSession.write(text, to: output) }
            if mail.isEnding { return }
            pacing.wait()
        }
    }

    private func show(_ mailbox: Mailbox, _ address: ProxyAddress) {
        guard let terminal = TerminalSession(input: input, output: output, usesColour: usesColour) else {
            return log(mailbox)
        }
        defer { terminal.end() }
        var size = terminal.size
        var screen = ProxyScreen(address: address, columns: size.columns, lines: size.lines, zone: Self.zone)
        var keys = KeyReader()
        terminal.show(screen.lines, all: true)
        while !screen.isOver {
            var wakes = [
                pollfd(fd: input, events: Int16(POLLIN), revents: 0),
                pollfd(fd: mailbox.readEnd, events: Int16(POLLIN), revents: 0),
            ]
            // The pause ends a lone escape and notices a terminal that changed its size.
            poll(&wakes, 2, 250)
            var bytes: [UInt8] = []
            if wakes[0].revents != 0 {
                bytes = [UInt8](repeating: 0, count: 256)
                let count = read(input, &bytes, bytes.count)
                // The terminal is gone.
                if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { return }
                bytes.removeLast(bytes.count - max(0, count))
            }
            for key in keys.read(bytes) { screen.pressed(key) }
            let mail = mailbox.take()
            if mail.isEnding { return }
            for event in mail.events { screen.received(event) }
            let newSize = terminal.size
            let isResized = newSize != size
            size = newSize
            if isResized { screen.resized(columns: size.columns, lines: size.lines) }
            terminal.show(screen.lines, all: isResized)
        }
    }

    /// Seconds east of UTC, now.
    private static var zone: Int {
        var seconds = time(nil)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return parts.tm_gmtoff
    }
}

/// Events and signals for the thread that shows them; a pipe wakes it. Bounded: a burst drops the oldest.
///
/// `@unchecked Sendable`: the descriptors never change, the rest is under a lock.
final class Mailbox: ProxyEventSink, @unchecked Sendable {
    struct Mail {
        var events: [ProxyEvent] = []
        var isEnding = false
        var lost: UInt64 = 0
    }

    private let mail = NIOLockedValueBox(Mail())
    let readEnd: Int32
    let writeEnd: Int32
    private static let limit = 4_096

    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        (readEnd, writeEnd) = (ends[0], ends[1])
        for end in ends {
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func record(_ event: ProxyEvent) {
        let isFirst = mail.withLockedValue { mail in
            if mail.events.count < Self.limit { mail.events.append(event.withShortBodies) } else { mail.lost += 1 }
            return mail.events.count == 1
        }
        if isFirst { wake() }
    }

    func wake() {
        var byte: UInt8 = 1
        _ = write(writeEnd, &byte, 1)
    }

    func end() {
        mail.withLockedValue { $0.isEnding = true }
        wake()
    }

    func take() -> Mail {
        var bytes = [UInt8](repeating: 0, count: 512)
        while read(readEnd, &bytes, bytes.count) > 0 {}
        var taken = mail.withLockedValue { mail in
            defer { mail = Mail(isEnding: mail.isEnding) }
            return mail
        }
        if taken.lost > 0 { taken.events.append(.lost(ProxyLost(at: 0, events: taken.lost))) }
        return taken
    }
}

extension ProxyEvent {
    /// The view shows beginnings only, and its memory is bounded by rows.
    fileprivate var withShortBodies: ProxyEvent {
        if case .message(var message) = self {
            message.body.cut(to: 4096)
            return .message(message)
        }
        guard case .flow(var flow) = self else { return self }
        flow.request.body.cut(to: 4096)
        flow.response?.body.cut(to: 4096)
        return .flow(flow)
    }
}

extension ProxyBody {
    fileprivate mutating func cut(to limit: Int) {
        guard bytes.bytes.count > limit else { return }
        bytes = Base64Bytes(Array(bytes.bytes.prefix(limit)))
        isCut = true
    }
}
