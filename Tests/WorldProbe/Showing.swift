import LabWorld
import SupportLinux

/// Places a file at a path of a host, keeping what is below /run/keep, and shows paths as a program there sees them.
enum Showing {
    static func run(path: String, _ shown: ArraySlice<String>) async throws {
        var plan = try TwoHosts.plan()
        plan.hosts = [HostPlan(name: "laptop", files: [PlannedFile(path, text: "placed\n")])]
        plan.keptBelowRun = ["/run/keep"]
        let world = try await World.start(plan, executable: try OwnProcess.executable())
        for path in [path] + shown {
            let look = ProgramPlan(
                ["/bin/sh", "-c", "test -d $0 && ls -d $0 || cat $0", path], environment: TwoHosts.environment)
            let result = try await world.run(look, on: "laptop")
            Probe.say(String(decoding: result.output + result.errors, as: UTF8.self).filter { $0 != "\n" })
        }
        await world.stop()
    }
}
