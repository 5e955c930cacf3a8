import EngineNetwork
import Glibc
import LabWorld
import SupportLinux
import Testing

@Suite("Worlds", .enabled(if: ProbeProgram.hasWorlds, "namespaces are refused here"))
struct WorldTests {
    private func world(_ hosts: [HostPlan] = []) async throws -> World {
        try await World.start(try twoHosts(hosts), executable: ProbeProgram.path)
    }

    private func program(_ words: String...) -> ProgramPlan {
        ProgramPlan(words, environment: ProbeProgram.environment)
    }

    private func sh(_ script: String) -> ProgramPlan { program("/bin/sh", "-c", script) }

    @Test("unmodified ping crosses the emulated network", arguments: ["198.51.100.2", "2001:db8:2::2"])
    func pings(address: String) async throws {
        let world = try await world()
        let result = try await world.run(program("ping", "-n", "-c", "2", address), on: "laptop")
        #expect(result.status == .exited(0), "\(result.text) \(result.errorText)")
        #expect(
            result.text.contains("bytes from \(address)") && result.text.contains("ttl=63")
                && result.text.contains(" 0% packet loss"), "\(result.text)")
        await world.stop()
    }

    @Test("two worlds with the same addresses know nothing of each other")
    func severalWorlds() async throws {
        async let first = world()
        async let second = world()
        let worlds = try await [first, second]
        let listening = try await worlds[0].agent(on: "server")
        try await listening.send(Array("serve 7".utf8))
        #expect(await listening.receive().map { String(decoding: $0.bytes, as: UTF8.self) } == "serving")
        let sockets = program("ss", "-tlnH")
        #expect(try await worlds[0].run(sockets, on: "server").text.contains(":7 "))
        #expect(try await worlds[0].run(sockets, on: "laptop").text.isEmpty)
        #expect(try await worlds[1].run(sockets, on: "server").text.isEmpty)
        await worlds[1].stop()
        #expect(try await worlds[0].run(program("ping", "-c", "1", "198.51.100.2"), on: "laptop").status == .exited(0))
        await worlds[0].stop()
    }

    @Test("agents on two hosts echo to each other over TCP by SwiftNIO")
    func echoes() async throws {
        let world = try await world()
        let server = try await world.agent(on: "server")
        let client = try await world.agent(on: "laptop")
        try await server.send(Array("serve 7".utf8))
        _ = await server.receive()
        try await client.send(Array("use 198.51.100.2 7".utf8))
        #expect(await client.receive().map { String(decoding: $0.bytes, as: UTF8.self) } == "echoed")
        await world.stop()
        #expect(await server.receive() == nil)
    }

    @Test("an agent ends when its channel is closed")
    func agentEnds() async throws {
        let world = try await world()
        let agent = try await world.startAgent(on: "server", environment: nil)
        agent.channel.close()
        #expect(await agent.process.exitStatus() == .exited(0))
        await world.stop()
    }

    @Test("programs have no capability, can get none, and are not root")
    func programsArePowerless() async throws {
        let world = try await world()
        let status = try await world.run(sh("cat /proc/self/status; id -u"), on: "laptop").text.split(separator: "\n")
        for name in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(status.contains("\(name):\t0000000000000000")) }
        #expect(status.contains("NoNewPrivs:\t1"))
        #expect(status.last.map(String.init) == (geteuid() == 0 ? "65534" : "\(geteuid())"))
        await world.stop()
    }

    @Test("a host has the files of its plan, writable folders, and names of its own")
    func files() async throws {
        let plan = HostPlan(
            name: "laptop", hostname: "students-laptop",
            directories: [
                PlannedDirectory("/etc/ssl/certs", copiesOriginal: true),
                PlannedDirectory("/usr/local/share/lab-test/deep", owner: .program),
            ],
            files: [
                PlannedFile("/etc/resolv.conf", text: "nameserver 192.0.2.53\n"),
                PlannedFile("/etc/hosts", text: "198.51.100.2 server.test\n"),
                PlannedFile("/etc/ssl/certs/lab-test.pem", text: "a root\n"),
                PlannedFile("/etc/lab-test-only.conf", text: "not there before\n", mode: 0o600, owner: .program),
            ])
        let world = try await world([plan])
        let script = """
            set -e
            cat /etc/resolv.conf /etc/ssl/certs/lab-test.pem /etc/lab-test-only.conf
            getent ahostsv4 server.test | head -n 1 | cut -d ' ' -f 1
            uname -n
            echo mine > /usr/local/share/lab-test/deep/file
            cat /usr/local/share/lab-test/deep/file
            test -e /etc/passwd; test -d /etc/ssl; test -x /usr/bin/env
            ls -a /run
            """
        let result = try await world.run(sh(script), on: "laptop")
        let lines = result.text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(
            lines == [
                "nameserver 192.0.2.53", "a root", "not there before", "198.51.100.2", "students-laptop",
                "mine", ".", "..", ".lab",
            ], "\(result.errorText)")
        // The other host, and the machine, have nothing of it.
        let other = try await world.run(sh("ls /etc/lab-test-only.conf /usr/local/share/lab-test"), on: "server")
        #expect(other.status != .exited(0))
        await world.stop()
        #expect(!Files.exists("/etc/lab-test-only.conf") && !Files.exists("/usr/local/share/lab-test"))
    }

    @Test("a shell on a host has a terminal of its own")
    func terminal() async throws {
        let world = try await world()
        var shell = program("/bin/sh", "-c", "stty size; tty; test -w \"$(tty)\" && echo mine > /dev/tty")
        shell.terminal = Terminal.Size(rows: 33, columns: 101)
        let result = try await world.run(shell, on: "laptop")
        let lines = result.text.split(whereSeparator: \.isNewline).map(String.init)
        #expect(lines.first == "33 101" && lines.last == "mine", "\(result.text)")
        await world.stop()
    }

    @Test("endings are told: exit statuses, signals, time-outs and the world's own")
    func endings() async throws {
        let world = try await world()
        #expect(try await world.run(sh("exit 7"), on: "server").status == .exited(7))
        #expect(try await world.run(sh("kill -9 $$"), on: "server").status == .signalled(SIGKILL))
        let late = try await world.run(sh("sleep 1000"), on: "server", timeout: .milliseconds(300))
        #expect(late.timedOut && late.status == .signalled(SIGKILL))
        let fed = try await world.run(program("tr", "a-z", "A-Z"), on: "server", input: Array("quiet".utf8))
        #expect(fed.text == "QUIET")
        let cut = try await world.run(sh("head -c 300000 /dev/zero"), on: "server", limit: 1000)
        #expect(cut.isTruncated && cut.output.count == 1000 && cut.status == .exited(0))
        let left = try await world.spawn(sh("sleep 1000"), on: "server")
        await world.stop()
        #expect(await left.exitStatus() == nil)
    }

    @Test("a link that is taken down carries nothing from then on, and all again once it is up")
    func changes() async throws {
        let world = try await world()
        let ping = program("ping", "-n", "-c", "1", "-W", "60", "198.51.100.2")
        #expect(try await world.run(ping, on: "laptop").text.contains("1 received"))
        try await world.change(.link("server-r1", isUp: false))
        let cut = try await world.run(ping, on: "laptop")
        // The router says so, or else the ping would have waited for a minute.
        #expect(cut.text.contains("Destination Net Unreachable") && cut.text.contains("0 received"), "\(cut.text)")
        try await world.change(.link("server-r1", isUp: true))
        #expect(try await world.run(ping, on: "laptop").text.contains("1 received"))
        await world.stop()
        await #expect(throws: WorldError.ended(nil)) { try await world.change(.link("server-r1", isUp: true)) }
    }

    @Test("what cannot be started says why")
    func refusals() async throws {
        let world = try await world()
        await #expect(throws: WorldError.unknownHost("nowhere")) {
            try await world.run(sh("true"), on: "nowhere")
        }
        let missing = LaunchError(program: "no-such-program", stage: .exec, code: ENOENT)
        await #expect(throws: WorldError.program(missing)) {
            try await world.run(program("no-such-program"), on: "laptop")
        }
        var astray = sh("true")
        astray.directory = "/no/such/folder"
        await #expect(throws: WorldError.program(LaunchError(program: "/bin/sh", stage: .directory, code: ENOENT))) {
            try await world.run(astray, on: "laptop")
        }
        await world.stop()
        await #expect(throws: WorldError.ended(nil)) { try await world.run(sh("true"), on: "laptop") }
    }

    @Test("a plan that cannot be carried out ends in an error that names the host")
    func badPlan() async throws {
        let plan = HostPlan(name: "server", hostname: String(repeating: "long", count: 20))
        await #expect {
            _ = try await world([plan])
        } throws: { error in
            guard case .setup(let error)? = error as? WorldError else { return false }
            return error.host == "server"
        }
    }
}
