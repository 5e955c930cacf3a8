import ArgumentParser
import EngineProxy
import LabModel
import SupportLinux

extension ProxyConfiguration.HTTP2: ExpressibleByArgument {}

struct ProxyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proxy", abstract: "The intercepting proxy: shows every request that goes through it.",
        discussion: "On its terminal, `q` then `y` quits. SSLKEYLOGFILE names a file for the secrets of both sides.")

    @Option(help: "The port to listen on.") var listenPort = 9000
    @Option(help: "The address to listen on.") var listenHost = "127.0.0.1"
    @Option(help: "The folder of its authority, with mitmproxy's file names.") var confdir: String?
    @Option(help: "A file of roots, PEM, added to those that sites are verified with.") var upstreamCa: String?
    @Option(help: "The key log; without it, the file that SSLKEYLOGFILE names.") var keylog: String?
    @Option(
        help: ArgumentHelp(
            "Where HTTP/2 is spoken.",
            discussion:
                "follow: with clients and sites that both speak it; client, origin: on that side only; both; off."))
    var http2 = ProxyConfiguration.HTTP2.follow
    @Option(help: "Writes every event, a JSON object a line, to this file or descriptor number.") var events: String?
    @Flag(help: "Logs lines instead of showing a terminal view.") var headless = false

    func validate() throws {
        guard (0...65_535).contains(listenPort) else {
            throw ValidationError("--listen-port takes a port from 1 to 65535, found \(listenPort)")
        }
    }

    func run() async throws {
        var configuration = ProxyConfiguration(environment: OwnProcess.environment())
        configuration.listenPort = listenPort
        configuration.listenHost = listenHost
        if let confdir { configuration.confdir = confdir }
        configuration.http2 = http2
        configuration.upstreamCAFile = upstreamCa
        if let keylog { configuration.keylogPath = keylog }
        configuration.events = events.map(ProxyConfiguration.eventOutput)
        var console = ProxyConsole()
        console.isHeadless = headless
        console.usesColour = (OwnProcess.environment()["NO_COLOR"] ?? "").isEmpty
        do {
            throw ExitCode(try await console.run(configuration))
        } catch let error as ProxyError {
            Standard.error("lab: \(error)\n")
            throw ExitCode(1)
        }
    }
}
