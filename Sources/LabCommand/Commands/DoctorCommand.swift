import ArgumentParser
import LabModel
import LabSteps
import LabWorld
import SupportLinux

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Says what this machine can do, and how to get the rest.")

    func run() async throws {
        var isWell = true
        switch WorldMode.probe() {
        case .success: Standard.output("ok    worlds: this machine gives network namespaces\n")
        case .failure(let refusal):
            isWell = false
            Standard.output("no    worlds: \(refusal)\n      what to do: \(refusal.remedy)\n")
        }
        for tool in ["curl", "ping", "traceroute"] {
            if let path = ProgramSearch.find(tool) {
                Standard.output("ok    \(tool): \(path)\n")
            } else {
                Standard.output("none  \(tool): optional; steps that use it are not offered\n")
            }
        }
        if !isWell { throw LabModel.ExitStatus.preflight.exit }
    }
}
