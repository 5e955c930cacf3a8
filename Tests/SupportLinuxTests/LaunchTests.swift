import Glibc
import SupportLinux
import Testing

@Suite("Programs on this machine")
struct LaunchTests {
    private let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

    private func output(of command: [String], _ change: (inout Launch) -> Void = { _ in }) throws -> String {
        let (read, write) = try FileDescriptor.pipe()
        var launch = Launch(command, environment: environment)
        launch.descriptors = [-1, write.number, STDERR_FILENO]
        change(&launch)
        let child = try ChildProcess(launch)
        write.close()
        var bytes: [UInt8] = []
        while true {
            let part = try read.read(upTo: 4096)
            if part.isEmpty { break }
            bytes += part
        }
        _ = child.wait()
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test("a program gets its words, environment and folder, and no descriptor but those given")
    func clean() throws {
        let extra = try FileDescriptor.pipe()
        _ = fcntl(extra.read.number, F_SETFD, 0)
        let script = "echo \"$1|$2|$LC_ALL|$PWD\"; ls /proc/self/fd | tr '\\n' ' '"
        let said = try output(of: ["sh", "-c", script, "sh", "a b", "*"]) { launch in
            launch.directory = "/usr"
            launch.descriptors += [extra.write.number, -1]
        }
        // 5 is the listing's own.
        #expect(said == "a b|*|C.UTF-8|/usr\n0 1 2 3 4 5 ")
        withExtendedLifetime(extra) {}
    }

    @Test("signals are as at login, whatever this process ignores")
    func signals() throws {
        OwnProcess.ignoreBrokenPipes()
        let ignored = try output(of: ["sh", "-c", "grep -E 'SigIgn|SigBlk' /proc/self/status"])
        #expect(ignored.split(separator: "\n").allSatisfy { $0.hasSuffix("0000000000000000") }, "\(ignored)")
    }

    @Test("endings are told")
    func endings() async throws {
        #expect(
            await (try ChildProcess(Launch(["sh", "-c", "exit 3"], environment: environment))).exitStatus()
                == .exited(3))
        let sleeper = try ChildProcess(Launch(["sleep", "1000"], environment: environment))
        sleeper.signalGroup(SIGTERM)
        #expect(await sleeper.exitStatus() == .signalled(SIGTERM))
        sleeper.signalGroup(SIGTERM)
    }

    @Test("what cannot be started says at which step, and leaves no child")
    func failures() {
        func failure(_ words: [String], _ change: (inout Launch) -> Void = { _ in }) -> LaunchError? {
            var launch = Launch(words, environment: environment)
            change(&launch)
            do throws(LaunchError) { _ = try launch.start() } catch { return error }
            return nil
        }
        #expect(failure(["no-such-program"]) == LaunchError(program: "no-such-program", stage: .exec, code: ENOENT))
        #expect(failure(["/etc/passwd"]) == LaunchError(program: "/etc/passwd", stage: .exec, code: EACCES))
        #expect(failure([]) == LaunchError(program: "", stage: .exec, code: EINVAL))
        #expect(failure(["a\0b"])?.code == EINVAL)
        #expect(failure(["true"]) { $0.directory = "/no/such" }?.stage == .directory)
        #expect(failure(["true"]) { $0.descriptors = [-1, -1, 999_999] }?.stage == .descriptors)
    }

    @Test("a program with a terminal has a session of its own, the size it was given, and our keys")
    func terminal() throws {
        let pair = try Pseudoterminal(size: Terminal.Size(rows: 40, columns: 132))
        var launch = Launch(
            ["sh", "-c", "stty size; read line; echo \"<$line>\"; echo to > /dev/tty"], environment: environment)
        launch.descriptors = [pair.secondary.number, pair.secondary.number, pair.secondary.number]
        launch.controllingTerminal = 0
        let child = try ChildProcess(launch)
        pair.secondary.close()
        try pair.primary.write(Array("hello\n".utf8))
        var said = ""
        while let part = try? pair.primary.read(upTo: 4096), !part.isEmpty {
            said += String(decoding: part, as: UTF8.self)
        }
        #expect(child.wait() == .exited(0))
        #expect(said.contains("40 132\r\n") && said.contains("<hello>\r\n") && said.contains("to\r\n"))
        #expect(Terminal.size(of: pair.primary.number) == Terminal.Size(rows: 40, columns: 132))
        #expect(Terminal.size(of: -1) == nil)
    }

    @Test("programs of a launcher end with it")
    func launcher() async throws {
        let children = try await start(on: Launcher())
        #expect(await children.exitStatus() == .signalled(SIGKILL))
        let launcher = try Launcher()
        let other = try await start(on: launcher)
        await launcher.stop()
        #expect(await other.exitStatus() == .signalled(SIGKILL))
        await #expect(throws: LaunchError(program: "sleep", stage: .clone, code: ECANCELED)) {
            try await start(on: launcher)
        }
    }

    private func start(on launcher: Launcher) async throws -> ChildProcess {
        try await launcher.start(Launch(["sleep", "1000"], environment: environment), keeping: [])
    }

    @Test("clocks go forward, and random bytes differ")
    func sources() {
        let first = Clocks.monotonic()
        #expect(Clocks.monotonic() >= first && Clocks.realtime() > 1_700_000_000_000_000_000)
        #expect(Random.bytes(16) != Random.bytes(16) && Random.bytes(0).isEmpty)
    }
}
