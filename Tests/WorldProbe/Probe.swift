import Glibc
import LabWorld
import SupportLinux

/// A runner that tests may kill, with its world's first process and agents in the same executable, as in `lab`.
@main
enum Probe {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            switch words.first {
            case WorldProcess.argument: WorldProcess.run()
            case HostAgent.argument: try await EchoAgent.serve()
            case "hold": try await Holding.run()
            case "strike":
                var strike = try Strike(words.dropFirst())
                try strike.run()
            case "first-ping":
                try await FirstPing.measure(
                    rounds: words.dropFirst().first.flatMap { Int($0) } ?? 20,
                    address: words.dropFirst(2).first ?? TwoHosts.server)
            case "mode": say("\(WorldMode.probe())")
            case "show": try await Showing.run(path: words[1], words.dropFirst(2))
            default: throw ProbeError("world-probe hold | strike … | first-ping ROUNDS")
            }
        } catch {
            print("world-probe: \(error)")
            exit(1)
        }
        exit(0)
    }

    /// Tells whoever reads our output at once.
    static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

struct ProbeError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
