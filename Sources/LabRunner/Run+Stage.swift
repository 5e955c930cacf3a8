import LabModel
import LabSteps
import LabWorld

/// What comes up before the first step and goes after the last.
extension Run {
    func close(_ stage: (any Stage)?) async {
        request.exposed?.close()
        request.door?.close()
        if captures?.isEmpty == false { try? await stage?.settle() }
        let end = clock()
        await stage?.close()
        do {
            try captures?.deliver(until: end)
        } catch {
            // The run itself is none the worse for it.
            request.tell("a capture could not be written: \(error)")
        }
    }

    mutating func openStage() async throws -> (any Stage)? {
        guard let world = lab.world else { return nil }
        if let simulation {
            try recorder.record("world-started", ["simulated": .bool(true)])
            return SimulatedStage(simulation, run: path, mainHost: lab.host, memory: memory)
        }
        let hosts = Set(lab.steps.map(\.host)).filter { !$0.isEmpty }
        let wanted = try RunCaptures(
            request, in: world,
            evidence: Dictionary(
                hosts.map { ($0, RunFolder.capture(host: $0, main: lab.host)) }, uniquingKeysWith: { $1 }),
            run: path)
        do {
            return try await open(world, wanted)
        } catch {
            wanted.discard()
            captures = nil
            throw error
        }
    }

    private mutating func open(_ world: WorldDefinition, _ wanted: RunCaptures) async throws -> Places {
        captures = wanted
        let open = try await OpenWorld.open(
            world, references: references, seed: request.loaded.seed.number, run: path,
            executable: request.executable, now: request.environment.now(), captures: wanted.hosts, taps: wanted.taps)
        do {
            references["world.roots.sha256"] = .string(open.roots)
            try recorder.record("world-started", ["roots": .string(open.roots)])
            try request.exposed?.serve(in: open.places, tell: request.tell)
            try request.door?.serve(open, executable: request.executable) { [recorder, tell = request.tell] host in
                // Whoever judges may want to know that the runner was not alone.
                _ = try? recorder.record("shell-joined", actor: .student, ["host": .string(host)])
                tell("a shell has joined the world, on `\(host)`")
            }
        } catch {
            await open.places.close()
            throw error
        }
        return open.places
    }
}
