import ArgumentParser
import EngineTrust
import LabModel
import SupportCrypto
import SupportLinux

struct TrustCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trust", abstract: "The roots that this system's clients trust (Debian's store).",
        subcommands: [InstallTrust.self, RemoveTrust.self, ShowTrust.self])
}

struct InstallTrust: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "install", abstract: "Installs a root certificate.")
    @Argument(help: "The certificate, PEM.") var file: String
    @Option(help: "The name to install it under.") var name = "lab-interception"

    func run() throws {
        try TrustWork.perform {
            let certificate = try Certificate(pem: try Files.read(file), source: file)
            _ = try TrustStore().install(certificate, as: name, now: Int64(clamping: Clocks.realtime()))
            Standard.output("trusted now, as \(name): \(certificate.subject)\n")
        }
    }
}

struct RemoveTrust: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Removes what was installed.")
    @Option(help: "The name it was installed under.") var name = "lab-interception"

    func run() throws {
        try TrustWork.perform {
            _ = try TrustStore().remove(name)
            Standard.output("no longer trusted: \(name)\n")
        }
    }
}

struct ShowTrust: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Shows what was installed.")

    func run() throws {
        try TrustWork.perform {
            for entry in try TrustStore().status() {
                Standard.output(
                    "\(entry.name)  \(entry.sha256)  \(entry.isEffective ? "effective" : "not effective")\n")
            }
        }
    }
}

private enum TrustWork {
    static func perform(_ body: () throws -> Void) throws {
        do { try body() } catch {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}
