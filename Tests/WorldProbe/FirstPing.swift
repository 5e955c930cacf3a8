import LabWorld
import SupportLinux

/// Measures from the start of a world to the first answer to a ping in it.
enum FirstPing {
    static func measure(rounds: Int, address: String = TwoHosts.server) async throws {
        let executable = try OwnProcess.executable()
        let plan = try TwoHosts.plan()
        var times: [Double] = []
        for _ in 0..<rounds {
            let start = Clocks.monotonic()
            let world = try await World.start(plan, executable: executable)
            let ready = Clocks.monotonic()
            let ping = try await world.spawn(
                ProgramPlan(["ping", "-n", "-c", "1", address], environment: TwoHosts.environment), on: "laptop"
            )
            var seen = ""
            while let output = ping.output, !seen.contains("bytes from") {
                let part = try output.read(upTo: 4096)
                if part.isEmpty { break }
                seen += String(decoding: part, as: UTF8.self)
            }
            let answered = Clocks.monotonic()
            guard seen.contains("bytes from \(address)") else {
                let errors = try ping.errors?.read(upTo: 4096) ?? []
                throw ProbeError("no answer: \(seen)\(String(decoding: errors, as: UTF8.self))")
            }
            await world.stop()
            let stopped = Clocks.monotonic()
            let milliseconds = [start, ready, answered, stopped].map { Double($0 - start) / 1e6 }
            times.append(milliseconds[2])
            Probe.say(
                "\(world.conditions.limits.map(\.rawValue).joined(separator: ",")) ready \(milliseconds[1]) ms, answered \(milliseconds[2]) ms, stopped \(milliseconds[3]) ms"
            )
        }
        times.sort()
        guard let worst = times.last else { return }
        Probe.say("first ping: median \(times[times.count / 2]) ms, max \(worst) ms of \(times.count)")
    }
}
