import EngineNetwork
import LabWorld
import SupportLinux
import Wire

/// The worlds that are measured.
enum Worlds {
    static let server = "203.0.113.80"
    static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

    /// laptop - r1 - … - rN - server, both families, with a resolver beside the server.
    ///
    /// - Parameter beside: further routers that hang on these in branches, off the way: a TTL does not last for a hundred hops.
    static func chain(routers count: Int, beside: Int = 0, delay: Int64 = 0) throws -> Topology {
        var topology = Topology()
        topology.hosts = [
            Host(name: "laptop", addresses: try ["198.51.100.10/24", "2001:db8:1::10/64"].map(address)),
            Host(name: "server", addresses: try ["203.0.113.80/24", "2001:db8:2::80/64"].map(address)),
            Host(name: "dns", kind: .virtual, addresses: try ["203.0.113.53/24"].map(address), resolver: true),
        ]
        topology.switches = [Switch(name: "lan")]
        topology.routers = (1...(count + beside)).map { number in
            Router(name: "r\(number)", addresses: [.v4(IPv4Address(rawValue: 0xC612_0000 | UInt32(number)))])
        }
        let first = Link.End("r1", addresses: try ["198.51.100.1/24", "2001:db8:1::1/64"].map(address))
        let last = Link.End("r\(count)", addresses: try ["203.0.113.1/24", "2001:db8:2::1/64"].map(address))
        topology.links = [Link(.init("laptop"), first, delay: delay)]
        for number in 1..<max(1, count) {
            topology.links.append(Link(.init("r\(number)"), .init("r\(number + 1)"), delay: delay))
        }
        topology.links.append(Link(last, .init("lan"), delay: delay))
        for number in (count + 1)..<(count + 1 + beside) {
            topology.links.append(Link(.init("r\(number - count)"), .init("r\(number)"), delay: delay))
        }
        for host in ["server", "dns"] { topology.links.append(Link(.init("lan"), .init(host))) }
        topology.names = [NameRecord("server.example.test", addresses: topology.hosts[1].addresses.map(\.address))]
        return topology
    }

    private static func address(_ text: String) throws -> InterfaceAddress {
        guard let address = InterfaceAddress(text) else { throw BenchmarkError(description: "no address: \(text)") }
        return address
    }

    static func start(_ topology: Topology, seed: UInt64 = 1) async throws -> World {
        try await World.start(WorldPlan(topology: topology, seed: seed), executable: try OwnProcess.executable())
    }

    /// Runs this program in another role on a host, and gives what it printed.
    static func run(_ words: [String], on host: String, of world: World) async throws -> String {
        let program = try await start(words, on: host, of: world)
        return try await text(of: program)
    }

    static func start(_ words: [String], on host: String, of world: World) async throws -> RunningProgram {
        var plan = ProgramPlan(["benchmark"] + words, environment: environment)
        plan.executable = try OwnProcess.executable()
        return try await world.spawn(plan, on: host)
    }

    static func text(of program: RunningProgram) async throws -> String {
        try await Threads.perform(name: "output") {
            var text: [UInt8] = []
            while let part = try program.output?.read(upTo: 65_536), !part.isEmpty { text += part }
            return String(decoding: text, as: UTF8.self)
        }
    }

    /// Round trips in nanoseconds by sequence number.
    static func probe(_ world: World, count: Int, interval: Int64) async throws -> [Int: Int64] {
        let text = try await run(["probe", server, "\(count)", "\(interval)"], on: "laptop", of: world)
        var times: [Int: Int64] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let sequence = Int(words[0]), let time = Int64(words[1]) { times[sequence] = time }
        }
        return times
    }
}
