import ArgumentParser
import Glibc
import LabModel
import LabRunner
import SupportDiagnostics
import SupportLinux

/// The worlds that are up, as the command line speaks of them.
struct RunningWorlds {
    private let registry = WorldRegistry()
    private let sharing: SharingOptions

    init(_ sharing: SharingOptions) { self.sharing = sharing }

    // MARK: Choosing

    /// - Throws: the exit status, after saying that there is none.
    func named(_ id: String) throws -> RunningWorld {
        let worlds = try all()
        guard let world = worlds.first(where: { $0.id == id }) else {
            throw Self.refuse("no world \(Visible.text(id)) is up", hint(worlds))
        }
        return try understood(world)
    }

    /// The one world that is up of what a lab draws.
    ///
    /// - Throws: the exit status, after saying that there is none, or several.
    func joinable(_ key: RunningWorld.Key, lab: String) throws -> RunningWorld {
        let worlds = try all()
        let same = worlds.filter { $0.key == key }
        if let world = same.first(where: \.isShared) ?? (same.count == 1 ? same.first : nil) {
            return try understood(world)
        }
        guard same.isEmpty else {
            throw Self.refuse(
                "several worlds of `\(Visible.text(lab))` are up",
                "name one, as in `lab shell --world \(Visible.text(same[0].id))`; `lab shell --list` shows them")
        }
        let others = worlds.filter { $0.key.file == key.file }
        throw Self.refuse(
            others.isEmpty
                ? "no world of `\(Visible.text(lab))` is up"
                : "the world of `\(Visible.text(lab))` that is up is not the one that this command draws: the lab's files, "
                    + "the student or other values differ",
            others.isEmpty
                ? "leave --join out to open one"
                : "join it all the same: `lab shell --world \(Visible.text(others[0].id))`")
    }

    private func understood(_ world: RunningWorld) throws -> RunningWorld {
        if world.isUnderstood { return world }
        throw Self.refuse(
            "the world \(Visible.text(world.id)) was opened by another version of lab",
            "join it with that version, or open one of your own with --new")
    }

    /// Enters a world that is about to be opened; nil where nobody can be told of it, which is no reason not to open it.
    ///
    /// - Parameter unless: whether one that is shared would do.
    func open(
        _ world: RunningWorld, unless: Bool, greeting: @escaping @Sendable (String) -> String
    ) throws -> WorldDoor.Entrance? {
        do {
            return try WorldDoor.open(
                world, in: registry, unless: { unless && $0.isShared && $0.isUnderstood && $0.key == world.key },
                greeting: greeting)
        } catch let error as SystemError {
            if world.isShared {
                Standard.error("lab: no other shell can join this world: \(Visible.text("\(error)"))\n")
            }
            return nil
        }
    }

    /// What was meant by the words before the options where a world was named: a host, or the lab and a host.
    func place(_ first: String?, _ second: String?, in world: RunningWorld) throws -> (lab: String, host: String) {
        let isLab = first != nil && (second != nil || first == world.lab && !world.hosts.contains(world.lab))
        if isLab, first != world.lab {
            throw Self.refuse(
                "the world \(Visible.text(world.id)) is one of `\(Visible.text(world.lab))`, not of "
                    + "`\(Visible.text(first ?? ""))`", "leave the lab out")
        }
        guard let host = isLab ? second : first else {
            if world.hosts.count == 1 { return (world.lab, world.hosts[0]) }
            throw Self.refuse("the world has several hosts: \(Self.listed(world.hosts))", "name the one to be on")
        }
        guard world.hosts.contains(host) else { throw Self.unknown(host, among: world.hosts) }
        return (world.lab, host)
    }

    private func all() throws -> [RunningWorld] {
        do {
            return try registry.worlds()
        } catch let error as SystemError {
            throw Self.refuse("the worlds that are up cannot be seen: \(error)", "make that folder yours alone")
        }
    }

    // MARK: Telling

    func list(_ format: OutputFormat) throws {
        let worlds = try all()
        let now = Int64(clamping: Clocks.realtime())
        switch format {
        case .text:
            Standard.output(worlds.isEmpty ? "no world is up\n" : WorldListing.text(worlds, now: now))
        case .json: Standard.output(try WorldListing.json(worlds))
        }
    }

    /// Who opened a world: the shell or the run, and its process.
    static func opener(_ world: RunningWorld) -> String {
        (world.opener == .run ? "the run" : "the shell") + " that opened it (process \(world.pid))"
    }

    static func told(_ failure: GuestFailure) -> ExitCode {
        switch failure {
        case .unknownHost(let name): return refuse("the world has no host `\(Visible.text(name))`", nil)
        case .program(let program, let stage, let code):
            let error = LaunchError(program: program, stage: LaunchError.Stage(rawValue: stage) ?? .clone, code: code)
            Standard.error("lab: \(Visible.text("\(error)"))\n")
            return ExitCode(code == ENOENT ? 127 : 126)
        case .other(let reason):
            Standard.error("lab: nothing could be started in the world: \(Visible.text(reason))\n")
            return LabModel.ExitStatus.inconclusive.exit
        }
    }

    static func unknown(_ host: String, among names: [String]) -> ExitCode {
        let nearest = Suggestion.nearest(to: host, among: names).map { "; did you mean `\(Visible.text($0))`?" } ?? ""
        return refuse(
            "the world has no host `\(Visible.text(host))`\(nearest)", "name one that runs programs: \(listed(names))")
    }

    private static func listed(_ names: [String]) -> String {
        names.map { "`\(Visible.text($0))`" }.joined(separator: ", ")
    }

    private func hint(_ worlds: [RunningWorld]) -> String {
        worlds.isEmpty
            ? "open one with `lab shell LAB`"
            : "name one that is: " + worlds.map { "\($0.id) (\(Visible.text($0.lab)))" }.joined(separator: ", ")
    }

    private static func refuse(_ reason: String, _ help: String?) -> ExitCode {
        Standard.error("lab: \(reason)\n" + (help.map { "  what to do: \($0)\n" } ?? ""))
        return LabModel.ExitStatus.usage.exit
    }
}
