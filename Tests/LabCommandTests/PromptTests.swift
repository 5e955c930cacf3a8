import Foundation
import Glibc
import LabTestSupport
import SupportLinux
import Testing

/// `lab run` at a real terminal: its lines are edited by the kernel, as they are for a student.
@Suite("Questions on a terminal", .serialized) struct PromptTests {
    /// What the run showed, and how it ended.
    private struct Session {
        let shown: String
        let status: Int32
        let run: String
    }

    /// Types each line when its prompt has come; a line of nil is Ctrl-D.
    private func type(_ lines: [String?], in lab: AskingLab, _ options: [String] = []) async throws -> Session {
        try await BuiltLab.alone {
            try await withCheckedThrowingContinuation { continuation in
                Thread { continuation.resume(with: Result { try Self.session(lines, lab, options) }) }.start()
            }
        }
    }

    private static func session(_ lines: [String?], _ lab: AskingLab, _ options: [String]) throws -> Session {
        guard let tool = BuiltLab.tool else { throw CocoaError(.fileNoSuchFile) }
        let terminal = try Pseudoterminal()
        let output = lab.folder.write([], to: "out.json")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool.path)
        process.arguments = ["run", "asking.yml", "--student", "ada", "--format", "json"] + options
        process.currentDirectoryURL = URL(fileURLWithPath: lab.folder.path)
        var environment = ProcessInfo.processInfo.environment
        for name in ["LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] { environment[name] = nil }
        process.environment = environment
        let secondary = FileHandle(fileDescriptor: terminal.secondary.number, closeOnDealloc: false)
        process.standardInput = secondary
        process.standardError = secondary
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        try process.run()
        // The program holds the other end now: when it is gone, reading ends.
        terminal.secondary.close()
        var shown = ""
        var rest = lines[...]
        var seen = 0
        // A program that waits for what nobody types would wait for ever.
        let deadline = Clocks.monotonic() + 300_000_000_000
        while let part = try Self.next(from: terminal.primary, until: deadline) {
            // The terminal ends its lines with two bytes.
            shown = (shown + String(decoding: part, as: UTF8.self)).replacing("\r\n", with: "\n")
            let prompts = shown.ranges(of: "\n  > ").count
            while seen < prompts, let line = rest.popFirst() {
                seen += 1
                try terminal.primary.write(line.map { Array(($0 + "\n").utf8) } ?? [0x04])
            }
        }
        if Clocks.monotonic() >= deadline { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
        return Session(
            shown: shown, status: process.terminationStatus,
            run: String(decoding: lab.folder.read("out.json"), as: UTF8.self))
    }

    /// What the terminal shows next; nil when the program is gone, and after the deadline.
    private static func next(from terminal: FileDescriptor, until deadline: UInt64) throws -> [UInt8]? {
        while Clocks.monotonic() < deadline {
            var waiting = pollfd(fd: terminal.number, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, 1000)
            if ready < 0, errno != EINTR { throw SystemError.current("wait for the terminal") }
            guard ready > 0 else { continue }
            // The end of the other side is an error of reading.
            let part = (try? terminal.read(upTo: 4096)) ?? []
            return part.isEmpty ? nil : part
        }
        return nil
    }

    private func judged(_ session: Session) throws -> JudgedRun { try JudgedRun(Array(session.run.utf8)) }

    @Test("every question is asked in turn, an answer that is none is asked for again, a secret is not echoed")
    func asked() async throws {
        let lab = AskingLab()
        _ = lab.prepared()
        let session = try await type(
            ["many", "12\u{7F}2 ms", "rou-ter", "2, 1", "open-sesame"], in: lab, ["--hand-in", "mine"])
        let run = try judged(session)
        #expect(run.troubles == [:], "\(session.shown)")
        #expect(session.status == 0)
        #expect(session.shown.contains("How long takes the way over 3 routers?"))
        #expect(session.shown.contains("That is no number in ms"))
        #expect(session.shown.contains("2  A bridge"))
        #expect(!session.shown.contains("open-sesame"))
    }

    @Test("Ctrl-D is no answer, and the next question is asked all the same")
    func left() async throws {
        let lab = AskingLab()
        let session = try await type([nil, "router", nil, nil], in: lab)
        let run = try judged(session)
        #expect(run.outcomes["hops.right"] == "not-done")
        #expect(run.outcomes["name.given"] == "passed")
        #expect(run.outcomes["kinds.all"] == "not-done" && run.outcomes["word.kept"] == "not-done")
        #expect(session.status == 3)
        #expect(session.shown.ranges(of: "No answer.").count == 3)
    }

    @Test("what a file of answers covers is not asked")
    func covered() async throws {
        let lab = AskingLab()
        let options = lab.prepared()
        lab.folder.write(Array("hops: 12\nkinds: [1, 2]\nword: x\n".utf8), to: "answers.yml")
        let session = try await type(["router"], in: lab, options)
        #expect(try judged(session).troubles == [:])
        #expect(session.shown.ranges(of: "\n  > ").count == 1)
    }
}
