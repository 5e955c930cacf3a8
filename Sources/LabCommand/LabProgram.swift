import ArgumentParser
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

    /// A command that never waits stays on the first thread, whose memory grows in large steps, that of others page by page.
    @MainActor
    package static func main(_ arguments: [String]) async {
        if arguments.dropFirst().first == HostAgent.argument { return await serveHost() }
        OwnProcess.ignoreBrokenPipes()
        do {
            var command = try parse(Array(arguments.dropFirst()))
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            LabCommand.exit(withError: error)
        }
    }

    private static func parse(_ words: [String]) throws -> any ParsableCommand {
        if let probe = ProbeWords.command(words) { return probe }
        return try LabCommand.parseAsRoot(words)
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
