import Glibc

/// Joins two connected stream sockets: what comes in at one goes out at the other, and the end of one direction is the end of
/// that direction only.
package enum StreamRelay {
    /// What one direction carries, and what of it waits to be taken.
    private struct Direction {
        let from: Int32
        let to: Int32
        var waiting: ArraySlice<UInt8> = []
        var isAtEnd = false
        var isOver: Bool { isAtEnd && waiting.isEmpty }

        /// Moves what can be moved at once; false when the connection is broken.
        mutating func move(canRead: Bool, canWrite: Bool) -> Bool {
            var canWrite = canWrite
            if waiting.isEmpty, canRead, !isAtEnd {
                var buffer = [UInt8](repeating: 0, count: 65_536)
                let count = recv(from, &buffer, buffer.count, Int32(MSG_DONTWAIT))
                if count < 0 { return errno == EAGAIN || errno == EINTR }
                if count == 0 {
                    isAtEnd = true
                    shutdown(to, Int32(SHUT_WR))
                    return true
                }
                waiting = buffer[..<count]
                canWrite = true
            }
            guard canWrite, !waiting.isEmpty else { return true }
            let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
            let count = waiting.withUnsafeBytes { send(to, $0.baseAddress, $0.count, flags) }
            if count < 0 { return errno == EAGAIN || errno == EINTR }
            waiting = waiting.dropFirst(count)
            return true
        }
    }

    /// Returns when both directions have ended, or one side is broken; blocks until then. At most 64 KiB wait in each direction:
    /// a side that is slow to take slows the other down. Neither socket is closed.
    package static func run(_ one: FileDescriptor, _ other: FileDescriptor) {
        var there = Direction(from: one.number, to: other.number)
        var back = Direction(from: other.number, to: one.number)
        while !(there.isOver && back.isOver) {
            // One that neither has something to give nor is to take something is left out: its hang-up would wake us for nothing.
            var waiting = [interest(in: one.number, there, back), interest(in: other.number, back, there)]
            let ready = poll(&waiting, nfds_t(waiting.count), -1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return }
            let ended = Int16(POLLHUP | POLLERR)
            func isReady(_ index: Int, _ event: Int32) -> Bool {
                waiting[index].events & Int16(event) != 0 && waiting[index].revents & (Int16(event) | ended) != 0
            }
            guard there.move(canRead: isReady(0, POLLIN), canWrite: isReady(1, POLLOUT)),
                back.move(canRead: isReady(1, POLLIN), canWrite: isReady(0, POLLOUT))
            else { return }
        }
    }

    private static func interest(in socket: Int32, _ leaving: Direction, _ arriving: Direction) -> pollfd {
        let reads = !leaving.isAtEnd && leaving.waiting.isEmpty
        let writes = !arriving.waiting.isEmpty
        let events = Int16((reads ? POLLIN : 0) | (writes ? POLLOUT : 0))
        return pollfd(fd: events == 0 ? -1 : socket, events: events, revents: 0)
    }
}
