import Glibc
import LabModel
import LabSteps
import LabWorld
import SupportLinux
import Synchronization

/// A program on a host of the world, its output recorded as it comes.
final class HostProgram: StepProgram {
    private let program: RunningProgram
    private let output = Transcript()
    private let errors = Transcript()
    private let events = Transcript()
    /// Where the output stood when the last key was typed.
    private let mark = Mutex(0)
    private let ended = Transcript()
    private let status = Mutex<Int?>(nil)

    /// - Parameter eventsFile: the lines from descriptor 3 are appended to this file as they come.
    init(_ start: ProgramStart, in world: World, on host: String, eventsFile: String?) async throws {
        var plan = ProgramPlan(start.arguments, environment: start.environment, directory: start.workingDirectory)
        plan.terminal = start.onTerminal ? Terminal.Size(rows: 30, columns: 110) : nil
        var eventsPipe: FileDescriptor?
        if eventsFile != nil {
            let pipe = try FileDescriptor.pipe()
            plan.inherited = [pipe.write]
            eventsPipe = pipe.read
        }
        let program = try await world.spawn(plan, on: host)
        plan.inherited.forEach { $0.close() }
        self.program = program
        program.input?.close()
        try Self.pump(program.terminal ?? program.output, into: output, name: "program output")
        try Self.pump(program.errors, into: errors, name: "program errors")
        if let eventsFile, let eventsPipe {
            let file = try FileDescriptor.open(eventsFile, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600)
            try Self.pump(eventsPipe, into: events, copy: file, name: "program events")
        }
        Task { [self] in
            let code: Int? =
                switch await program.exitStatus() {
                case .exited(let code): Int(code)
                case .signalled(let number): 128 + Int(number)
                case nil: nil
                }
            status.withLock { $0 = code }
            ended.end()
        }
    }

    private static func pump(
        _ source: FileDescriptor?, into transcript: Transcript, copy: FileDescriptor? = nil, name: String
    ) throws {
        guard let source else { return transcript.end() }
        try Threads.detach(name: name) {
            // A terminal whose program has ended reads as an error, a pipe as its end: both are the end.
            while let bytes = try? source.read(upTo: 65_536), !bytes.isEmpty {
                // The copy is evidence; where it cannot be written, judging finds it missing.
                try? copy?.write(bytes)
                transcript.append(bytes)
            }
            transcript.end()
        }
    }

    func waitForEvent(_ name: String, within nanoseconds: Int64) async -> Value? {
        let found = await events.wait(within: nanoseconds) { Self.event(name, in: $0) != nil }
        return found ? Self.event(name, in: events.bytes) : nil
    }

    private static func event(_ name: String, in bytes: [UInt8]) -> Value? {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            if let value = try? JSON.decode(Value.self, from: line), value["event"]?.string == name { return value }
        }
        return nil
    }

    func type(_ text: String) async throws {
        guard let terminal = program.terminal else {
            throw StepFailure(.lab, "the program has no terminal to type at")
        }
        mark.withLock { $0 = output.count }
        let bytes = Array(text.utf8)
        try await Threads.perform(name: "typing") { try terminal.write(bytes) }
    }

    func waitForChange(within nanoseconds: Int64) async {
        let start = mark.withLock { $0 }
        _ = await output.wait(within: nanoseconds) { $0.count > start }
    }

    /// Waits until every client that connected to a proxy has gone again, so that all it did is in its events.
    func settle(within nanoseconds: Int64) async {
        _ = await events.wait(within: nanoseconds) { bytes in
            let lines = bytes.split(separator: UInt8(ascii: "\n"))
            func count(_ name: String) -> Int {
                let mark = Array("\"event\":\"\(name)\"".utf8)
                return lines.count { $0.firstRange(of: mark) != nil }
            }
            return count("client-connected") == count("client-disconnected")
        }
    }

    /// How many bytes of events have come so far.
    var eventCount: Int { events.count }

    /// Waits until more than so many bytes of events have come.
    func waitForEvents(beyond count: Int, within nanoseconds: Int64) async -> Bool {
        await events.wait(within: nanoseconds) { $0.count > count }
    }

    func waitForExit(within nanoseconds: Int64) async -> Int? {
        // Nothing is ever appended: the wait is over when the program ends or time is up.
        _ = await ended.wait(within: nanoseconds) { _ in false }
        return status.withLock { $0 }
    }

    func output() async -> (output: [UInt8], error: [UInt8]) {
        if status.withLock({ $0 }) != nil {
            // What an ended program wrote may still be on its way to us; a child of it may hold the pipe for ever.
            _ = await output.wait(within: 1_000_000_000) { _ in false }
            _ = await errors.wait(within: 1_000_000_000) { _ in false }
        }
        return (output.bytes, errors.bytes)
    }

    func terminate() async {
        await program.signal(15)
        if await waitForExit(within: 2_000_000_000) == nil { await program.signal(9) }
    }
}
