import EngineNetwork
import Glibc
import LabWorld
import SupportLinux
import Wire

/// The executable of tests that is runner, first process and agent at once.
enum ProbeProgram {
    /// Beside the test program, as the package builds it.
    static let path: String = {
        let own = (try? OwnProcess.executable()) ?? ""
        return own.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/world-probe"
    }()

    static let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"]

    /// Runs it, or a command around it, to its end: exit status and what it wrote.
    static func run(_ command: [String], environment: [String: String] = [:]) async throws -> ProgramResult {
        let machine = try RealMachine(executable: path)
        var program = ProgramPlan(command, environment: self.environment.merging(environment) { $1 })
        program.environment["SWIFT_BACKTRACE"] = "enable=no"
        let result = try await machine.run(program, on: "here")
        await machine.stop()
        return result
    }

    /// Why no world can be had here; nil when one can.
    static let refusal: WorldRefusal? = {
        if case .failure(let refusal) = WorldMode.probe() { return refusal }
        return nil
    }()
    static let hasWorlds = refusal == nil
    static let isRoot = geteuid() == 0 && WorldMode.probe() == .success(.root)
}

extension ProgramResult {
    var text: String { String(decoding: output, as: UTF8.self) }
    var errorText: String { String(decoding: errors, as: UTF8.self) }
}

/// Two hosts on either side of a router, without delay.
func twoHosts(_ plans: [HostPlan] = []) throws -> WorldPlan {
    func address(_ text: String) throws -> InterfaceAddress {
        guard let address = InterfaceAddress(text) else { throw WorldError.unknownHost(text) }
        return address
    }
    func end(_ router: String, _ texts: String...) throws -> Link.End {
        Link.End(router, addresses: try texts.map(address))
    }
    return WorldPlan(
        topology: Topology(
            hosts: [
                Host(name: "laptop", addresses: try ["192.0.2.2/24", "2001:db8:1::2/64"].map(address)),
                Host(name: "server", addresses: try ["198.51.100.2/24", "2001:db8:2::2/64"].map(address)),
            ],
            routers: [Router(name: "r1")],
            links: [
                Link(Link.End("laptop"), try end("r1", "192.0.2.1/24", "2001:db8:1::1/64")),
                Link(Link.End("server"), try end("r1", "198.51.100.1/24", "2001:db8:2::1/64")),
            ]), hosts: plans)
}
