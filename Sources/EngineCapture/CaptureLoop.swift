import Glibc
import SupportLinux
import Wire

/// The thread of a capture: waits for frames and commands, and writes.
///
/// Sendable because it is handed from the thread that opened it to the one that runs it, and used by one at a time.
final class CaptureLoop: @unchecked Sendable {
    private struct Source {
        /// Nil after the interface failed.
        var handle: PcapHandle?
        var counts: CaptureStatistics.Interface
    }

    private var sources: [Source]
    private var file: CaptureFile
    private let commands: CaptureCommands
    private let events: @Sendable (CaptureEvent) -> Void
    private let isImmediate: Bool
    private var fileFailureTold = false

    init(
        _ configuration: CaptureConfiguration, _ commands: CaptureCommands,
        _ events: @escaping @Sendable (CaptureEvent) -> Void
    ) throws(CaptureFailure) {
        guard !configuration.interfaces.isEmpty else { throw .noInterface }
        var sources: [Source] = []
        for name in configuration.interfaces {
            let counts = CaptureStatistics.Interface(
                name: name, written: 0, received: 0, droppedByKernel: 0, droppedByInterface: 0)
            sources.append(Source(handle: try PcapHandle.open(name, configuration), counts: counts))
        }
        var file = try CaptureFile(configuration.file)
        for source in sources {
            if let handle = source.handle { file.addInterface(handle) }
        }
        file.flush()
        if let failure = file.failure { throw failure }
        self.file = file
        self.sources = sources
        self.commands = commands
        self.events = events
        isImmediate = configuration.isImmediate
    }

    func run() {
        while true {
            wait()
            for index in sources.indices { _ = dispatch(index) }
            flush()
            for command in commands.take() {
                switch command.request {
                case .drain:
                    drain()
                    command.answer.give(file.failure.map { .failure($0) } ?? .success(statistics()))
                case .secrets(let keyLog):
                    file.add(secrets: keyLog)
                    flush()
                    command.answer.give(.success(statistics()))
                case .stop:
                    drain()
                    let final = finish()
                    command.answer.give(file.failure.map { .failure($0) } ?? .success(final))
                    return
                }
            }
        }
    }

    /// Waits for frames and commands, and now and then for nothing, so that libpcap looks whether its interface still is.
    ///
    /// An interface that is removed goes down first, and of the two the kernel tells a packet socket only the first
    /// (`packet_notifier`). If libpcap looks in between, it finds the interface still there, and is not told again.
    private func wait() {
        var polled = sources.compactMap(\.handle).map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        polled.append(pollfd(fd: commands.descriptor, events: Int16(POLLIN), revents: 0))
        _ = poll(&polled, nfds_t(polled.count), Self.interfaceCheckInterval)
    }

    /// Milliseconds.
    private static let interfaceCheckInterval: Int32 = 250

    /// Takes what is there; whether there was anything, and the youngest stamp of it.
    private func dispatch(_ index: Int) -> (count: Int, latest: Int64) {
        guard let handle = sources[index].handle else { return (0, 0) }
        var latest: Int64 = 0
        var written: UInt64 = 0
        defer { sources[index].counts.written += written }
        do throws(CaptureFailure) {
            let count = try handle.dispatch { octets, timestamp, length in
                file.add(octets, interface: index, timestamp: timestamp, length: length)
                latest = max(latest, timestamp)
                written += 1
            }
            return (count, latest)
        } catch {
            count(index)
            sources[index].counts.failure = error
            sources[index].handle = nil
            events(.interfaceFailed(error))
            return (0, 0)
        }
    }

    /// Until the rings are empty, or hold only what came after the beginning of the call.
    private func drain() {
        let begin = Int64(clamping: Clocks.realtime())
        // Outside immediate mode frames may sit in a block that the kernel has not handed over yet.
        if !isImmediate { usleep(UInt32(PcapHandle.blockTimeout) * 2_000) }
        for index in sources.indices {
            while true {
                let (count, latest) = dispatch(index)
                if count == 0 || latest > begin { break }
            }
        }
        flush()
    }

    private func flush() {
        file.flush()
        guard let failure = file.failure, !fileFailureTold else { return }
        fileFailureTold = true
        events(.fileFailed(failure))
    }

    private func count(_ index: Int) {
        guard let counts = sources[index].handle?.statistics() else { return }
        sources[index].counts.received = counts.received
        sources[index].counts.droppedByKernel = counts.droppedByKernel
        sources[index].counts.droppedByInterface = counts.droppedByInterface
    }

    private func statistics() -> CaptureStatistics {
        for index in sources.indices { count(index) }
        return CaptureStatistics(interfaces: sources.map(\.counts), fileSize: file.size)
    }

    private func finish() -> CaptureStatistics {
        for (index, interface) in statistics().interfaces.enumerated() {
            file.add(
                InterfaceStatistics(
                    interface: index, timestamp: Int64(clamping: Clocks.realtime()), received: interface.received,
                    droppedByInterface: interface.droppedByInterface, droppedBySystem: interface.droppedByKernel))
        }
        flush()
        let final = statistics()
        for index in sources.indices { sources[index].handle = nil }
        events(.stopped(final))
        return final
    }
}
