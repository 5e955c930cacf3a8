import ArgumentParser
import EngineCapture
import Glibc
import LabModel
import SupportLinux

struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Captures packets into a pcapng file until it is interrupted.")

    @Option(name: .customShort("i"), help: "An interface, or `any`; repeatable.")
    var interfaces: [String]

    @Option(name: .customShort("w"), help: "The file to write.")
    var file: String

    @Option(name: .customShort("c"), help: "Stops after this many packets.")
    var count: UInt64?

    @Argument(help: "A capture filter (BPF), as tcpdump takes it.")
    var filter: [String] = []

    func run() async throws {
        do {
            let text = filter.joined(separator: " ")
            let capture = try Capture.start(
                CaptureConfiguration(interfaces: interfaces, file: file, filter: text.isEmpty ? nil : text))
            Standard.error("capturing on \(interfaces.joined(separator: ", ")); Ctrl-C ends it\n")
            try await Interruption.wait { [count] in
                guard let count else { return false }
                return ((try? capture.drain().written) ?? count) >= count
            }
            let statistics = try capture.stop()
            Standard.error("\(statistics.written) packets written, \(statistics.dropped) dropped by the kernel\n")
        } catch let failure as CaptureFailure {
            Standard.error("lab: \(failure.message)\n")
            throw LabModel.ExitStatus.preflight.exit
        }
    }
}
