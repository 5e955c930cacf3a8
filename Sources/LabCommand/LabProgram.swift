import ArgumentParser
import Glibc
import LabModel
import LabSteps
import LabWorld
import SupportLinux

/// What this executable is, by its first word: a world's first process, a host's agent, or the `lab` command.
package enum LabProgram {
    /// The version of everything that judges; part of every run's record.
    package static let version = "0.2.0"

    /// Becomes the first process of a world when it was started as one, and then does not return. To be called on the
    /// one thread there is: another would take signals away from it.
    package static func serveWorld(_ arguments: [String]) {
        if arguments.dropFirst().first == WorldProcess.argument { WorldProcess.run() }
    }

    /// Ping and traceroute, unless their words are unusual, on the one thread there is: a trace takes less time than setting up
    /// the parser and the threads that other commands run on. Does not return when it was one.
    package static func probe(_ count: Int32, _ words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) {
        guard count > 2, let first = words[1], strcmp(first, "ping") == 0 || strcmp(first, "traceroute") == 0 else {
            return
        }
        OwnProcess.ignoreBrokenPipes()
        let texts = (1..<Int(count)).compactMap { words[$0].map { String(cString: $0) } }
        if let status = ProbeWords.perform(texts) { _exit(status) }
    }

    /// A command that never waits stays on the first thread, whose memory grows in large steps, that of others page by page.
    @MainActor
    package static func main(_ arguments: [String]) async {
        if arguments.dropFirst().first == HostAgent.argument { return await serveHost() }
        OwnProcess.ignoreBrokenPipes()
        do {
            if let ping = ProbeWords.pingWithNames(arguments.dropFirst()) {
                return try await ping.performAfterLookUp().end()
            }
            var command = try LabCommand.parseAsRoot(Array(arguments.dropFirst()))
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            LabCommand.exit(withError: error)
        }
    }

    private static func serveHost() async {
        do {
            try await AgentServer.serve(try HostAgent.channel())
        } catch {
            Standard.error("lab: the agent of a host failed: \(error)\n")
        }
    }
}

/// The `lab` command with its subcommands.
package struct LabCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "lab", abstract: "Runs networking and security labs, and judges them from evidence.",
        version: LabProgram.version,
        subcommands: [
            RunCommand.self, ShellCommand.self, CheckCommand.self, ReportCommand.self, LintCommand.self,
            ListCommand.self,
            ExplainCommand.self, SchemaCommand.self, NewCommand.self, ShowCommand.self, PublishCommand.self,
            ProveCommand.self, DoctorCommand.self,
            PingCommand.self,
            TracerouteCommand.self,
            CaptureCommand.self,
            DecryptCommand.self, TranslateCommand.self, RecordCommand.self, ProxyCommand.self, AuthorityCommand.self,
            TrustCommand.self,
        ])

    package init() {}
}
