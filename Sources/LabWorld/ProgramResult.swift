import Glibc
import SupportLinux

/// A program that has run: how it ended and what it wrote.
package struct ProgramResult: Sendable, Equatable {
    /// Nil when the world ended first.
    package var status: ExitStatus?
    package var output: [UInt8]
    package var errors: [UInt8]
    /// It wrote more than was asked to keep; the beginning is here.
    package var isTruncated: Bool
    package var timedOut: Bool
}

extension RunningProgram {
    /// Feeds the program its input, gathers what it writes, and waits for its end: `timeout` at most, then it is killed.
    ///
    /// What children of the program write after its end is not waited for. `limit` bytes of each stream are kept. For
    /// programs with pipes; a terminal's output counts as `output`.
    package func finish(
        input bytes: [UInt8] = [], timeout: Duration? = nil, limit: Int = 1 << 20
    ) async throws -> ProgramResult {
        let (stopped, stop) = try FileDescriptor.pipe()
        let streams = [output ?? terminal, errors]
        async let gathered = Threads.perform(name: "output") {
            OutputGathering.gather(streams, limit: limit, stop: stopped)
        }
        if let input {
            // A program that does not read all of its input is no failure of ours.
            try Threads.detach(name: "input") {
                _ = try? input.write(bytes)
                input.close()
            }
        }
        let timedOut = await withTaskCancellationHandler {
            await wait(timeout: timeout)
        } onCancel: {
            Task { await signal(SIGKILL) }
        }
        let status = await exitStatus()
        stop.close()
        let result = try await gathered
        return ProgramResult(
            status: status, output: result.streams[0], errors: result.streams[1], isTruncated: result.isTruncated,
            timedOut: timedOut)
    }

    /// Whether the program had to be killed.
    private func wait(timeout: Duration?) async -> Bool {
        guard let timeout else {
            _ = await exitStatus()
            return false
        }
        let clock = Task { () -> Bool in
            do { try await Task.sleep(for: timeout) } catch { return false }
            await signal(SIGKILL)
            return true
        }
        _ = await exitStatus()
        clock.cancel()
        return await clock.value
    }
}

/// Reads streams until all are at their end, or until told to take only what is there already.
private enum OutputGathering {
    struct Gathered: Sendable {
        var streams: [[UInt8]]
        var isTruncated = false
    }

    static func gather(_ streams: [FileDescriptor?], limit: Int, stop: FileDescriptor) -> Gathered {
        var gathered = Gathered(streams: Array(repeating: [], count: streams.count))
        var open = streams.map { $0?.number ?? -1 }
        var stopping = false
        while open.contains(where: { $0 >= 0 }) {
            var polled = (open + [stopping ? -1 : stop.number]).map {
                pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
            }
            let ready = poll(&polled, nfds_t(polled.count), stopping ? 0 : -1)
            if ready < 0 && errno == EINTR { continue }
            if ready <= 0 { break }
            if polled[streams.count].revents != 0 { stopping = true }
            for (index, stream) in streams.enumerated() where polled[index].revents != 0 {
                // The end of a terminal whose program is gone reads as EIO.
                guard let part = try? stream?.read(upTo: 65536), !part.isEmpty else {
                    open[index] = -1
                    continue
                }
                let room = limit - gathered.streams[index].count
                gathered.streams[index] += part.prefix(room)
                if part.count > room { gathered.isTruncated = true }
            }
        }
        return gathered
    }
}
