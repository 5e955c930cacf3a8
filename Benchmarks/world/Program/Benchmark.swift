import EngineNetwork
import Glibc
import LabWorld
import SupportLinux

/// Issue 4, "What it must show" 1 to 3, measured on this machine: prints a line for each figure with what it must be.
@main
enum Benchmark {
    static func main() async {
        let words = Array(CommandLine.arguments.dropFirst())
        switch words.first {
        case WorldProcess.argument: WorldProcess.run(gateway: CopyLoop.opening)
        case "probe" where words.count == 4:
            EchoProbe.run(address: words[1], count: Int(words[2]) ?? 0, interval: Int64(words[3]) ?? 0)
        case "flood" where words.count == 3: Flood.send(to: words[1], seconds: Int64(words[2]) ?? 1)
        case "drain": Flood.drain()
        default:
            do {
                let parts: [(String, () async throws -> Void)] = [
                    ("start", Starts.measure), ("truth", Truth.measure), ("seeds", Seeds.measure),
                    ("throughput", Throughput.measure),
                ]
                for (name, measure) in parts where words.isEmpty || words.contains(name) { try await measure() }
            } catch {
                print("the benchmark could not run: \(error)")
                exit(70)
            }
            exit(Figures.failed ? 1 : 0)
        }
        exit(0)
    }
}

/// Lines of the result.
enum Figures {
    nonisolated(unsafe) private(set) static var failed = false

    /// `holds` is nil for a figure without a bound.
    static func tell(_ text: String, _ holds: Bool? = nil) {
        print((holds.map { $0 ? "ok    " : "MISSED " } ?? "      ") + text)
        fflush(nil)
        if holds == false { failed = true }
    }

    static func percentile(_ values: [Double], _ share: Double) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
    }

    static func text(_ value: Double, digits: Int = 1) -> String {
        let factor = digits == 0 ? 1.0 : digits == 1 ? 10.0 : 100.0
        let rounded = (value * factor).rounded() / factor
        return digits == 0 ? "\(Int(rounded))" : "\(rounded)"
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
}
