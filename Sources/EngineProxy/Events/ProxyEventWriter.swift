import DequeModule
import Glibc
import NIOConcurrencyHelpers

/// Writes events as lines of JSON to a descriptor, on a thread of its own.
///
/// The queue is bounded. When the reader is slow, bodies are left out first, then whole events, and a `lost` event says
/// how many; forwarding is never held up.
package final class ProxyEventWriter: ProxyEventSink {
    private struct Queue {
        var events: Deque<ProxyEvent> = []
        var bodyBytes = 0
        var lost: UInt64 = 0
        var isClosed = false
        var isBroken = false
    }

    /// Bytes of bodies that may wait.
    private static let bodyLimit = 32 << 20

    /// Events that are written by one call.
    private static let batchLimit = 256
    /// Bytes that the text of a batch may keep for the next one.
    private static let keptCapacity = 1 << 20

    private let queue = ConditionBox(Queue())
    private let descriptor: Int32
    private let ownsDescriptor: Bool
    private let ended = ConditionBox(false)
    private let now: @Sendable () -> Int64
    private let eventLimit: Int

    /// - Parameter eventLimit: how many events may wait.
    package init(
        _ output: ProxyConfiguration.EventOutput, eventLimit: Int = 20_000, now: @escaping @Sendable () -> Int64
    ) throws(ProxyError) {
        self.now = now
        self.eventLimit = eventLimit
        switch output {
        case .descriptor(let number):
            guard fcntl(number, F_GETFD) >= 0 else { throw .events(path: "descriptor \(number)", errno: errno) }
            descriptor = number
            ownsDescriptor = false
        case .file(let path):
            descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .events(path: path, errno: errno) }
            ownsDescriptor = true
        }
        Detached.run { self.writeUntilClosed() }
    }

    package func record(_ event: ProxyEvent) {
        queue.change { queue in
            guard !queue.isClosed, !queue.isBroken else { return }
            guard queue.events.count < eventLimit else {
                queue.lost += 1
                return
            }
            var event = event
            var size = Self.bodySize(event)
            if queue.bodyBytes + size > Self.bodyLimit {
                event = Self.withoutBodies(event)
                size = 0
            }
            queue.bodyBytes += size
            queue.events.append(event)
        }
    }

    /// Waits until everything recorded so far is written, then ends. Blocking: not for an event loop.
    package func close() {
        queue.change { $0.isClosed = true }
        ended.wait { $0 ? true : nil }
    }

    private func writeUntilClosed() {
        var pacing = Pacing()
        var bytes: [UInt8] = []
        while true {
            let batch = queue.wait { queue -> (events: [ProxyEvent], lost: UInt64, isLast: Bool)? in
                guard !queue.events.isEmpty || queue.isClosed else { return nil }
                let events = Array(queue.events.prefix(Self.batchLimit))
                queue.events.removeFirst(events.count)
                for event in events { queue.bodyBytes -= Self.bodySize(event) }
                defer { queue.lost = 0 }
                return (events, queue.lost, queue.isClosed && queue.events.isEmpty)
            }
            pacing.begin()
            bytes.removeAll(keepingCapacity: bytes.capacity <= Self.keptCapacity)
            for event in batch.events { Self.append(event, to: &bytes) }
            if batch.lost > 0 { Self.append(.lost(ProxyLost(at: now(), events: batch.lost)), to: &bytes) }
            if !write(bytes) {
                queue.change {
                    $0.isBroken = true; $0.events = []
                }
            }
            if batch.isLast { break }
            if batch.events.count < Self.batchLimit { pacing.wait() }
        }
        if ownsDescriptor { Glibc.close(descriptor) }
        ended.change { $0 = true }
    }

    private static func append(_ event: ProxyEvent, to bytes: inout [UInt8]) {
        if case .flow(let flow) = event {
            flow.appendLine(to: &bytes)
        } else {
            guard let line = try? JSONLine.encode(event) else { return }
            bytes += line
        }
        bytes.append(0x0A)
    }

    private func write(_ bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                done += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, -1)
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    private static func bodySize(_ event: ProxyEvent) -> Int {
        if case .message(let message) = event { return message.body.bytes.bytes.count }
        guard case .flow(let flow) = event else { return 0 }
        return flow.request.body.bytes.bytes.count + (flow.response?.body.bytes.bytes.count ?? 0)
    }

    private static func withoutBodies(_ event: ProxyEvent) -> ProxyEvent {
        if case .message(var message) = event {
            message.body.leaveOut()
            return .message(message)
        }
        guard case .flow(var flow) = event else { return event }
        flow.request.body.leaveOut()
        flow.response?.body.leaveOut()
        return .flow(flow)
    }
}

extension ProxyBody {
    mutating func leaveOut() {
        guard !bytes.bytes.isEmpty else { return }
        bytes = Base64Bytes()
        isCut = true
    }
}
