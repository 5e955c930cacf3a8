import Glibc
import LabWorld
import SupportLinux

/// The runner to kill: two hosts, an echo between them, and a joined shell with children that want to stay.
enum Holding {
    static func run() async throws {
        let executable = try OwnProcess.executable()
        Probe.say("started")
        let world = try await World.start(try TwoHosts.plan(), executable: executable)
        Task { Probe.say("ended: \(await world.ended())") }
        Probe.say("ready \(world.conditions.limits.map(\.rawValue).joined(separator: ","))")
        let server = try await world.agent(on: "server")
        let client = try await world.agent(on: "laptop")
        try await server.send(Array("serve 7".utf8))
        guard await server.receive() != nil else { throw ProbeError("the server's agent ended") }
        Probe.say("serving")

        var shell = ProgramPlan(["/bin/sh"], environment: OwnProcess.environment().merging(TwoHosts.environment) { $1 })
        shell.terminal = .standard
        let joined = try await world.spawn(shell, on: "laptop")
        // Left to themselves these outlive a shell, its terminal and its session.
        let stubborn = "trap '' HUP TERM INT; setsid sleep 1000 & nohup sleep 1000 >/dev/null 2>&1 & echo joi''ned\n"
        try joined.terminal?.write(Array(stubborn.utf8))
        var seen = ""
        while let terminal = joined.terminal, !seen.contains("joined") {
            let part = try terminal.read(upTo: 4096)
            seen += String(decoding: part, as: UTF8.self)
        }
        Probe.say("joined")

        try await client.send(Array("use \(TwoHosts.server) 7".utf8))
        var count = 0
        while await client.receive() != nil {
            count += 1
            if count == 1 { Probe.say("echoed") }
        }
        withExtendedLifetime((world, server, joined)) {}
        throw ProbeError("the echo ended after \(count)")
    }
}
