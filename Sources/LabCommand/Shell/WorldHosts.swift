import LabModel
import LabRunner
import SupportDiagnostics

/// The hosts of a world on which programs run, and what to say where somebody names none of them.
struct WorldHosts {
    private let world: WorldDefinition
    private let lab: String
    private let preferred: String

    /// - Parameter preferred: the host of steps that name none; empty where there is none.
    init(_ world: WorldDefinition, lab: String, preferred: String) {
        self.world = world
        self.lab = lab
        self.preferred = preferred
    }

    var names: [String] { world.hosts.filter { !$0.isVirtual }.map(\.name) }

    /// The host that was named, or the only one.
    ///
    /// - Throws: the exit status, after saying what is wrong.
    func choose(_ name: String?) throws -> String {
        do throws(Problem) {
            return try find(name)
        } catch {
            Standard.error(error.text)
            throw LabModel.ExitStatus.usage.exit
        }
    }

    struct Problem: Error {
        let text: String
    }

    func find(_ name: String?) throws(Problem) -> String {
        guard let name else {
            if names.count == 1, let only = names.first { return only }
            guard !names.isEmpty else {
                throw Problem(text: "lab: no host of the lab's world runs programs: all of them are virtual\n")
            }
            let example = names.contains(preferred) ? preferred : names[0]
            throw Problem(
                text: "lab: the lab's world has several hosts: \(listed)\n"
                    + "  what to do: name the one to be on, as in `lab shell \(shown(lab)) \(shown(example))`\n")
        }
        if names.contains(name) { return name }
        throw Problem(text: "lab: \(reason(name))\n  what to do: name one that runs programs: \(listed)\n")
    }

    private func reason(_ name: String) -> String {
        if world.hosts.contains(where: { $0.name == name }) {
            return "`\(shown(name))` is virtual: it answers pings, but runs no programs"
        }
        if world.routers.contains(where: { $0.name == name }) || world.switches.contains(name) {
            return "`\(shown(name))` is no host: the emulation passes packets on in its place"
        }
        let nearest = Suggestion.nearest(to: name, among: names).map { "; did you mean `\(shown($0))`?" } ?? ""
        return "the lab's world has no host `\(shown(name))`\(nearest)"
    }

    private var listed: String { names.map { "`\(shown($0))`" }.joined(separator: ", ") }
    private func shown(_ name: String) -> String { Visible.text(name) }
}
