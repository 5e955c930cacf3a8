import ArgumentParser
import Glibc
import LabModel
import LabRunner
import SupportDiagnostics
import SupportLinux

/// Loopback ports of this machine that lead into the world.
struct ExposeOption: ParsableArguments {
    @Option(
        name: .customLong("expose"),
        help: ArgumentHelp(
            "Lets this port of your own machine's loopback lead to a port in the world, so that your own browser can use "
                + "what listens there; repeatable.", valueName: "port[=host[:port]]"))
    var wanted: [String] = []

    /// Binds the ports; nil where none is wanted.
    ///
    /// - Parameter at: the host of those that name none.
    /// - Throws: the exit status, after saying what is wrong.
    func open(in world: WorldDefinition?, lab: String, at host: String) throws -> ExposedPorts? {
        guard !wanted.isEmpty else { return nil }
        guard let world else {
            Standard.error(
                "lab: the lab has no world that --expose could lead to\n  what to do: leave the option out\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let hosts = WorldHosts(world, lab: lab, preferred: host)
        return try open(
            try wanted.map {
                let exposure = try Self.parse($0, at: host)
                return ExposedPorts.Exposure(
                    port: exposure.port, host: try hosts.choose(exposure.host), hostPort: exposure.hostPort)
            })
    }

    /// The same for a world that is up already, of which perhaps only its hosts are known.
    func open(
        at host: String, among names: [String], _ world: WorldDefinition?, lab: String
    ) throws -> ExposedPorts? {
        if let world { return try open(in: world, lab: lab, at: host) }
        guard !wanted.isEmpty else { return nil }
        return try open(
            try wanted.map {
                let exposure = try Self.parse($0, at: host)
                guard names.contains(exposure.host) else { throw RunningWorlds.unknown(exposure.host, among: names) }
                return exposure
            })
    }

    private func open(_ exposures: [ExposedPorts.Exposure]) throws -> ExposedPorts {
        do {
            return try ExposedPorts(exposures)
        } catch let refusal as ExposedPorts.Refusal {
            Standard.error("lab: port \(refusal.port) of this machine's loopback \(Self.reason(refusal))\n")
            throw LabModel.ExitStatus.usage.exit
        }
    }

    /// - Throws: `ValidationError` for what is no exposure.
    static func parse(_ text: String, at host: String) throws -> ExposedPorts.Exposure {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let port = try number(parts[0], in: text, least: parts.count == 2 ? 0 : 1)
        guard parts.count == 2 else { return ExposedPorts.Exposure(port: port, host: host, hostPort: port) }
        guard let colon = parts[1].lastIndex(of: ":") else {
            guard port > 0 else { throw mistake(text) }
            return ExposedPorts.Exposure(port: port, host: parts[1], hostPort: port)
        }
        let hostPort = try number(String(parts[1][parts[1].index(after: colon)...]), in: text, least: 1)
        let name = String(parts[1][..<colon])
        return ExposedPorts.Exposure(port: port, host: name.isEmpty ? host : name, hostPort: hostPort)
    }

    private static func number(_ text: String, in whole: String, least: Int) throws -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            (least...65_535).contains(number)
        else { throw mistake(whole) }
        return number
    }

    private static func mistake(_ text: String) -> ValidationError {
        ValidationError(
            "--expose takes PORT, PORT=HOST or PORT=HOST:PORT with ports from 1 to 65535, as in 9000=laptop:9000 (0 before "
                + "the `=` takes a free one); found '\(Visible.text(text))'")
    }

    private static func reason(_ refusal: ExposedPorts.Refusal) -> String {
        switch refusal.code {
        case EADDRINUSE:
            "is taken: another program listens there\n  what to do: end it, or expose another port, as in "
                + "--expose \(refusal.port < 60_000 ? refusal.port + 1 : 8080)=HOST:\(refusal.port)"
        case EACCES, EPERM:
            "may not be used by you: ports below 1024 are the administrator's\n  what to do: expose a higher one, as in "
                + "--expose 8080=HOST:\(refusal.port)"
        default: "cannot be had: \(SystemError.text(of: refusal.code))"
        }
    }
}
