import LabModel
import LabSteps
import LabWorld
import SupportCrypto
import SupportLinux

/// A lab's world that is up: its sites serve, and the hosts that matter are watched.
struct OpenWorld {
    let world: World
    let places: Places
    /// The fingerprint of the root that every host trusts, in hexadecimal.
    let roots: String
    let programUser: Launch.User

    /// - Parameters:
    ///   - run: the run folder, absolute.
    ///   - taps: links that are captured.
    ///   - forBrowsers: whether browsers are told of the root that all other programs trust.
    ///   - captures: the runner's own capture of each host, by host, below the run folder.
    /// - Throws: `PreflightError` where this machine gives no worlds, `StepFailure`, `WorldError`.
    static func open(
        _ world: WorldDefinition, references: [String: Value], seed: UInt64, run: String, executable: String,
        now: Int64, captures: [String: String], taps: [PlannedTap] = [],
        forBrowsers: Bool = false
    ) async throws -> OpenWorld {
        let user = ProgramUser.choose(run: run, executable: executable)
        var assembly = try WorldAssembly(world, references: references, seed: seed, programUser: user, now: now)
        assembly.plan.taps = taps
        if forBrowsers {
            let files = BrowserTrust.files(assembly.root)
            for index in assembly.plan.hosts.indices { assembly.plan.hosts[index].files += files }
        }
        let running: World
        do {
            running = try await World.start(assembly.plan, executable: executable)
        } catch WorldError.refused(let refusal) {
            throw PreflightError(refusal: refusal)
        }
        let places = Places(
            world: running, world, run: run, nodes: world.nodesByAddress,
            siteLog: try SiteLog(path: run + "/" + RunFolder.siteLog), programUser: user)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (host, plan) in assembly.sites {
                    group.addTask { _ = try await places.ask(.serve(plan), on: host) }
                }
                for (host, file) in captures {
                    group.addTask { _ = try await places.ask(.watch(path: file), on: host) }
                }
                try await group.waitForAll()
            }
        } catch {
            // What the agents have begun to write is theirs until they are gone.
            await places.close()
            throw error
        }
        return OpenWorld(
            world: running, places: places, roots: Hex.string(assembly.root.sha256), programUser: user)
    }
}
