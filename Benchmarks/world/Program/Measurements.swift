import CLinux
import EngineNetwork
import Glibc
import LabWorld
import SupportLinux
import Wire

/// 1: how soon a world answers, how soon it is gone, and what is left of it.
enum Starts {
    static func measure() async throws {
        _ = try await round(routers: 8)
        var rounds: [(answered: Double, stopped: Double)] = []
        for _ in 0..<20 { rounds.append(try await round(routers: 8)) }
        let answered = rounds.map(\.answered)
        let stopped = rounds.map(\.stopped)
        tell("first ping through 8 routers", answered, bound: 60)
        tell("torn down", stopped, bound: 50)
        var large: [Double] = []
        for _ in 0..<10 { large.append(try await round(routers: 8, beside: 92).answered) }
        tell("first ping in a world of 100 routers", large, bound: 300)

        let before = Surroundings.now()
        for _ in 0..<100 { _ = try await round(routers: 8) }
        let after = Surroundings.now()
        Figures.tell("100 worlds in a row leave: \(after.difference(from: before))", after.isNoMore(than: before))

        let worlds = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let world = try await Worlds.start(try Worlds.chain(routers: 8))
                    let answers = try await Worlds.probe(world, count: 100, interval: 5_000_000)
                    await world.stop()
                    return answers.count
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        Figures.tell("8 worlds at once answer of 100 probes each: \(worlds)", worlds.allSatisfy { $0 == 100 })
    }

    private static func tell(_ what: String, _ values: [Double], bound: Double) {
        let median = Figures.percentile(values, 0.5)
        Figures.tell(
            "\(what): median \(Figures.text(median)) ms, most \(Figures.text(values.max() ?? 0)) ms (at most \(Figures.text(bound, digits: 0)) ms)",
            median <= bound)
    }

    private static func round(
        routers: Int, beside: Int = 0
    ) async throws -> (answered: Double, stopped: Double) {
        let begun = lab_clock_monotonic()
        let world = try await Worlds.start(try Worlds.chain(routers: routers, beside: beside))
        let answers = try await Worlds.probe(world, count: 1, interval: 0)
        let answered = lab_clock_monotonic()
        guard answers.count == 1 else { throw BenchmarkError(description: "no answer through \(routers) routers") }
        await world.stop()
        let stopped = lab_clock_monotonic()
        return (Double(answered - begun) / 1e6, Double(stopped - answered) / 1e6)
    }
}

/// What a world could leave behind.
struct Surroundings {
    let mounts: Int
    let interfaces: Int
    let descriptors: Int
    let children: Int

    static func now() -> Surroundings {
        Surroundings(
            mounts: lines("/proc/self/mountinfo"), interfaces: lines("/proc/self/net/dev"),
            descriptors: entries("/proc/self/fd"), children: lines("/proc/self/task/\(getpid())/children"))
    }

    /// A thread that was just ending when the first were counted may have closed something since.
    func isNoMore(than other: Surroundings) -> Bool {
        mounts <= other.mounts && interfaces <= other.interfaces && descriptors <= other.descriptors
            && children <= other.children
    }

    func difference(from other: Surroundings) -> String {
        "\(mounts - other.mounts) mounts, \(interfaces - other.interfaces) interfaces, "
            + "\(descriptors - other.descriptors) descriptors, \(children - other.children) processes"
    }

    private static func lines(_ path: String) -> Int {
        guard let bytes = try? Files.read(path, limit: 1 << 24) else { return -1 }
        return bytes.split(whereSeparator: { $0 == 10 || $0 == 32 && path.hasSuffix("children") }).count
    }

    private static func entries(_ path: String) -> Int { (try? Files.list(path))?.count ?? -1 }
}

/// 2: how true round trips are over nine links.
enum Truth {
    static func measure() async throws {
        for (routers, delay) in [(8, 1), (8, 5), (8, 20), (1, 5)] as [(Int, Int64)] {
            let world = try await Worlds.start(try Worlds.chain(routers: routers, delay: delay * 1_000_000))
            let times = try await Worlds.probe(world, count: 300, interval: 10_000_000)
            await world.stop()
            let links = Int64(routers + 1)
            let errors = times.values.map { Double($0 - 2 * links * delay * 1_000_000) / 1000 }
            let (median, ninety) = (Figures.percentile(errors, 0.5), Figures.percentile(errors, 0.9))
            Figures.tell(
                "RTT over \(links) links of \(delay) ms: error median \(Figures.text(median, digits: 0)) us, p90 "
                    + "\(Figures.text(ninety, digits: 0)) us of \(errors.count) (at most 250, 500)",
                median <= 250 && ninety <= 500 && errors.count == 300)
        }
    }
}

/// 2: which of 1,000 probes are lost, 20 times, and in the simulation.
enum Seeds {
    static func measure() async throws {
        let topology = try lossy()
        let expected = simulated(topology, seed: 42)
        var agreeing = 0
        for _ in 0..<20 {
            if try await lost(topology, seed: 42) == expected { agreeing += 1 }
        }
        let other = try await lost(topology, seed: 43)
        Figures.tell(
            "seed 42 loses the same \(expected.count) of 1000 probes as the simulation in \(agreeing) of 20 runs",
            agreeing == 20)
        Figures.tell(
            "seed 43 loses \(other.count) others, as the simulation says",
            other != expected && other == simulated(topology, seed: 43))
    }

    private static func lossy() throws -> Topology {
        var topology = try Worlds.chain(routers: 8, delay: 200_000)
        for index in 1...7 { topology.links[index].conditions = LinkConditions(loss: .random(0.01)) }
        topology.links[4].conditions = LinkConditions(loss: .bursts(.init(mean: 0.02, length: 4)))
        return topology
    }

    private static func lost(_ topology: Topology, seed: UInt64) async throws -> Set<Int> {
        let world = try await Worlds.start(topology, seed: seed)
        let answers = try await Worlds.probe(world, count: 1000, interval: 1_000_000)
        await world.stop()
        return Set(0..<1000).subtracting(answers.keys)
    }

    private static func simulated(_ drawing: Topology, seed: UInt64) -> Set<Int> {
        var topology = drawing
        topology.hosts[1].kind = .virtual
        var simulation = Simulation(topology, seed: seed)
        var lost = Set(0..<1000)
        guard let source = topology.hosts[0].addresses.first?.address, let target = IPAddress(Worlds.server) else {
            return lost
        }
        for sequence in 0..<1000 {
            let message = ICMPHeader.message(
                type: 8, rest: 0x4D2_0000 | UInt32(sequence), payload: [UInt8](repeating: 0, count: 56), from: source,
                to: target)
            guard let packet = IPPacket.build(from: source, to: target, proto: .icmp, payload: message) else {
                continue
            }
            simulation.send(packet, fromHost: 0)
            while let arrival = simulation.next(
                until: Int64(sequence + 1) * 1_000_000 + (sequence == 999 ? 1 << 40 : 0))
            {
                lost.remove(Int(arrival.packet[26]) << 8 | Int(arrival.packet[27]))
            }
        }
        return lost
    }
}

/// 3: what passes through nine hops, against the copy loop.
enum Throughput {
    static func measure() async throws {
        let topology = try Worlds.chain(routers: 8)
        var (model, copy): ([Double], [Double]) = ([], [])
        for _ in 0..<5 {
            model.append(try await packets(topology, seed: 1))
            copy.append(try await packets(topology, seed: CopyLoop.seed))
        }
        tell("64-byte packets a second", model, copy)
        (model, copy) = ([], [])
        for _ in 0..<3 {
            guard let one = try await stream(topology, seed: 1),
                let other = try await stream(topology, seed: CopyLoop.seed)
            else { return Figures.tell("TCP: iperf3 is not installed") }
            model.append(one)
            copy.append(other)
        }
        tell("TCP Mbit/s", model, copy)
    }

    private static func tell(_ what: String, _ model: [Double], _ copy: [Double]) {
        let (ours, theirs) = (Figures.percentile(model, 0.5), Figures.percentile(copy, 0.5))
        Figures.tell(
            "\(what): \(Figures.text(ours, digits: 0)), copy loop \(Figures.text(theirs, digits: 0)), ratio "
                + "\(Figures.text(ours / theirs, digits: 2)) (at least 0.9)", ours >= 0.9 * theirs)
    }

    private static func packets(_ topology: Topology, seed: UInt64) async throws -> Double {
        let world = try await Worlds.start(topology, seed: seed)
        let drain = try await Worlds.start(["drain"], on: "server", of: world)
        let ready = try await Threads.perform(name: "ready") { try drain.output?.read(upTo: 64) ?? [] }
        guard !ready.isEmpty else { throw BenchmarkError(description: "the receiver did not start") }
        _ = try await Worlds.run(["flood", Worlds.server, "2"], on: "laptop", of: world)
        let text = try await Worlds.text(of: drain)
        await world.stop()
        return text.split(separator: "\n").last.flatMap { Double($0) } ?? 0
    }

    private static func stream(_ topology: Topology, seed: UInt64) async throws -> Double? {
        guard access("/usr/bin/iperf3", X_OK) == 0 else { return nil }
        let world = try await Worlds.start(topology, seed: seed)
        let server = try await world.spawn(
            ProgramPlan(["iperf3", "-s", "-1", "--forceflush"], environment: Worlds.environment), on: "server")
        _ = try await Threads.perform(name: "ready") { try server.output?.read(upTo: 64) ?? [] }
        let client = try await world.spawn(
            ProgramPlan(["iperf3", "-c", Worlds.server, "-t", "3", "-f", "m"], environment: Worlds.environment),
            on: "laptop")
        let text = try await Worlds.text(of: client)
        await world.stop()
        // [  5]   0.00-3.00   sec  1.00 GBytes  2864 Mbits/sec                  receiver
        let words = text.split(separator: "\n").last { $0.hasSuffix("receiver") }?.split(separator: " ") ?? []
        return words.firstIndex(of: "Mbits/sec").flatMap { Double(words[$0 - 1]) }
    }
}
