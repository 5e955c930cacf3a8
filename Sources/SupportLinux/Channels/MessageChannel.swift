import CLinux
import Glibc

/// A two-way channel of messages to another process, over a connected Unix stream socket.
///
/// Sending suspends while more than a megabyte waits to be taken by the peer; receiving stops reading from the socket
/// while that much waits to be taken here. So a slow side slows the other down, and neither grows without bound.
/// The peer's end shows as nil from `receive` and as `SystemError` EPIPE from `send`.
package final class MessageChannel: Sendable {
    private let core: ChannelCore

    /// Takes over a connected stream socket. `onClose` is called once, on a thread of the channel, when the peer is
    /// gone or the channel was closed.
    package init(
        owning socket: FileDescriptor, name: String = "channel", onClose: (@Sendable () -> Void)? = nil
    ) throws(SystemError) {
        let core = ChannelCore(socket: socket, onClose: onClose)
        self.core = core
        try Threads.detach(name: name + "-in") { core.readMessages() }
        do throws(SystemError) {
            try Threads.detach(name: name + "-out") { core.writeMessages() }
        } catch {
            core.close()
            throw error
        }
    }

    deinit { core.close() }

    /// A channel, and the socket which the peer gets for its end.
    package static func pair(name: String = "channel") throws(SystemError) -> (MessageChannel, FileDescriptor) {
        var ends: [Int32] = [-1, -1]
        try checked("make a pair of sockets") { lab_socket_pair(&ends) }
        let peer = FileDescriptor(owning: ends[1])
        return (try MessageChannel(owning: FileDescriptor(owning: ends[0]), name: name), peer)
    }

    /// Hands a message over for sending; returns when little enough waits that more may come.
    package func send(_ bytes: [UInt8], descriptors: [FileDescriptor] = []) async throws {
        try await core.send(Message(bytes, descriptors: descriptors))
    }

    /// Waits until everything handed over so far has been written to the socket.
    package func flush() async throws { try await core.waitUntilSent(below: 1) }

    /// The next message in order; nil when the peer is gone, the channel is closed or the task is cancelled.
    package func receive() async -> Message? { await core.receive() }

    /// Ends the channel in both directions at once; what was not yet sent is dropped.
    package func close() { core.close() }
}
