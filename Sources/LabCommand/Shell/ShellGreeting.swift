import LabModel
import LabRunner
import SupportDiagnostics

/// What somebody should know who has come to a host: its addresses, who else is there, which names resolve.
struct ShellGreeting {
    var world: WorldDefinition
    /// As it was named on the command line.
    var lab: String
    var host: String
    var exposures: [ExposedPorts.Exposure] = []
    var captures: [(place: String, file: String)] = []
    var company = Company.alone

    /// Who else may be in the world, and when it ends.
    enum Company {
        case alone
        /// Other shells join it unasked.
        case shared
        /// The world was opened by somebody else: a shell that shares it, or one or a run that does not.
        case guest(of: RunningWorld.Opener, isShared: Bool)
    }

    /// As many hosts or names as are told; a list of hundreds tells nothing.
    private static let most = 8

    var text: String {
        var rows: [(String, String)] = []
        if let own = world.host(host) {
            rows.append(("address", addresses(own)))
            if let network = world.network(own.network) {
                let gateways = [network.gateway, network.gateway6].compactMap { $0 }.joined(separator: ", ")
                rows.append(("gateway", "\(gateways) (\(network.router))"))
            }
        }
        let others = world.hosts.filter { $0.name != host }
        rows += several("hosts", others.map { "\($0.name) \(addresses($0))" + ($0.isDown ? " (down)" : "") })
        rows += several("names", world.names.map { "\($0.name) → \($0.alias ?? $0.failure?.rawValue ?? $0.host)" })
        if !world.resolver.isEmpty { rows.append(("resolver", world.resolver)) }
        rows += exposures.map { ("exposed", Self.line($0)) }
        rows += captures.map { ("capture", "\($0.place) → \($0.file)") }
        rows.append(("leave", "exit, or Ctrl-D; \(end)"))
        let lines = rows.enumerated().map { index, row in
            let isRepeated = index > 0 && rows[index - 1].0 == row.0
            let key = isRepeated ? "" : row.0
            return "  \(key)\(String(repeating: " ", count: 10 - key.count))\(Visible.text(row.1))"
        }
        let isUp = if case .guest = company { " that is up already" } else { "" }
        let title = "You are on `\(Visible.text(host))`, in the world of `\(Visible.text(lab))`\(isUp)."
        return ([title, ""] + lines).joined(separator: "\n") + "\n\n"
    }

    private var end: String {
        switch company {
        case .alone: "the world, programs and this home end with it"
        case .shared, .guest(_, isShared: true): "the world, programs and this home end with the last shell in it"
        case .guest(of: .shell, isShared: false): "the world ends with the shell that opened it"
        case .guest(of: .run, isShared: false): "the world ends with the run that opened it"
        }
    }

    /// Where the ports lead, for those who get no greeting.
    static func lines(of exposures: [ExposedPorts.Exposure]) -> String {
        exposures.map { "lab: \(Visible.text(line($0)))\n" }.joined()
    }

    private static func line(_ exposure: ExposedPorts.Exposure) -> String {
        "127.0.0.1:\(exposure.port) of your machine leads to port \(exposure.hostPort) of \(exposure.host)"
    }

    private func addresses(_ host: WorldDefinition.Host) -> String {
        ([host.address] + [host.address6].compactMap { $0 }).joined(separator: ", ")
    }

    private func several(_ key: String, _ entries: [String]) -> [(String, String)] {
        let shown = entries.prefix(Self.most).map { (key, $0) }
        let more = entries.count - shown.count
        return shown + (more > 0 ? [(key, "and \(more) more, which `lab show \(lab)` tells")] : [])
    }
}
