import Glibc
import LabModel
import LabSteps
import SupportLinux
import Synchronization

/// Loopback ports of this machine that lead into a world: a person's own browser can use what runs there.
///
/// They are bound before the world is built, so that a port that is taken is told at once, and they end with this object's
/// `close`, or with the process.
package final class ExposedPorts: Sendable {
    /// A loopback port, and where it leads.
    package struct Exposure: Sendable, Hashable {
        /// 0: any that is free.
        package var port: Int
        package var host: String
        package var hostPort: Int

        package init(port: Int, host: String, hostPort: Int) {
            self.port = port
            self.host = host
            self.hostPort = hostPort
        }
    }

    /// A port that cannot be had.
    package struct Refusal: Error, Sendable, Equatable {
        package let port: Int
        /// The errno.
        package let code: Int32
    }

    private struct Listener: Sendable {
        let socket: FileDescriptor
        let exposure: Exposure
    }

    private let listeners: [Listener]
    /// What is exposed, with the ports that were given.
    package let exposures: [Exposure]
    private let stopping: (read: FileDescriptor, write: FileDescriptor)
    /// Where nobody listened the last time: told once.
    private let silent = Mutex<Set<Exposure>>([])

    /// - Throws: `Refusal`, or `SystemError` for want of descriptors.
    package init(_ wanted: [Exposure]) throws {
        var listeners: [Listener] = []
        var exposures: [Exposure] = []
        for exposure in wanted {
            do throws(SystemError) {
                let socket = try StreamSocket.listen(at: "127.0.0.1", port: exposure.port)
                let port = StreamSocket.port(of: socket) ?? exposure.port
                let bound = Exposure(port: port, host: exposure.host, hostPort: exposure.hostPort)
                exposures.append(bound)
                listeners.append(Listener(socket: socket, exposure: bound))
                // `localhost` is ::1 first for many; a machine without IPv6 has none to listen at.
                if let second = try? StreamSocket.listen(at: "::1", port: port) {
                    listeners.append(Listener(socket: second, exposure: bound))
                }
            } catch {
                throw Refusal(port: exposure.port, code: error.code)
            }
        }
        self.listeners = listeners
        self.exposures = exposures
        stopping = try FileDescriptor.pipe()
    }

    deinit { close() }

    /// Nothing is accepted any more.
    package func close() { stopping.write.close() }

    /// Takes connections from now on.
    ///
    /// - Parameter tell: given a sentence where a connection leads nowhere.
    func serve(in places: Places, tell: @escaping @Sendable (String) -> Void) throws(SystemError) {
        try serve(tell: tell) { exposure, client in
            do {
                _ = try await places.ask(
                    .relay(port: exposure.hostPort), on: exposure.host, descriptors: [client])
                return nil
            } catch {
                return Self.reason(error)
            }
        }
    }

    /// Why a connection leads nowhere, as people read it.
    static func reason(_ error: any Error) -> String { (error as? StepFailure)?.message ?? "\(error)" }

    /// Joins a connection with what it leads to, until it ends; gives the reason where it leads nowhere.
    typealias Relaying = @Sendable (Exposure, FileDescriptor) async -> String?

    func serve(tell: @escaping @Sendable (String) -> Void, relaying: @escaping Relaying) throws(SystemError) {
        let stop = stopping.read
        try Threads.detach(name: "exposed") { [listeners, weak self] in
            while true {
                var waiting = (listeners.map(\.socket) + [stop]).map {
                    pollfd(fd: $0.number, events: Int16(POLLIN), revents: 0)
                }
                let ready = poll(&waiting, nfds_t(waiting.count), -1)
                if ready < 0, errno == EINTR { continue }
                guard ready > 0, waiting[listeners.count].revents == 0 else { break }
                for (index, listener) in listeners.enumerated() where waiting[index].revents != 0 {
                    // A client that has given up meanwhile is no matter.
                    guard let client = try? StreamSocket.accept(from: listener.socket) else { continue }
                    Task { await self?.relay(client, listener.exposure, relaying, tell) }
                }
            }
            for listener in listeners { listener.socket.close() }
        }
    }

    private func relay(
        _ client: FileDescriptor, _ exposure: Exposure, _ relaying: Relaying, _ tell: @Sendable (String) -> Void
    ) async {
        guard let reason = await relaying(exposure, client) else {
            silent.withLock { _ = $0.remove(exposure) }
            return client.close()
        }
        if silent.withLock({ $0.insert(exposure).inserted }) {
            tell(
                "somebody asked for port \(exposure.port), but \(reason); start what is to listen there, then ask "
                    + "again")
        }
        _ = try? await Threads.perform(name: "refusal") { HTTPRefusal.answer(client, reason) }
    }
}
